"""Why: on one machine the embedder is what takes the time, so nothing may make it wait: files are read and cut ahead
of it, in processes of their own, and what it made is kept while it makes the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from ingest.engines.engine import Embeds, Vectors
from ingest.reading import Job, Measure, Place, Reader, Reading

AHEAD = 4
"""Files read ahead for each reader."""


class Local:
    """Readers in threads, each with a parser process, and one thread that embeds."""

    def __init__(self, embedder: Embeds, tokens: Callable[[str], int], *, readers: int = 1) -> None:
        self._embedder = embedder
        self._measure = Measure(embedder.token_count, embedder.identity.max_tokens, tokens)
        self._readers = readers
        self._embedding = ThreadPoolExecutor(1, "embed")

    @property
    def truncated(self) -> int:
        """Texts so far that were longer than the embedder reads."""
        return self._embedder.truncated

    def read(self, place: Place, jobs: Iterable[Job]) -> Iterator[Reading]:
        """Readings in order."""
        free: SimpleQueue[Reader] = SimpleQueue()
        readers = [Reader(place, self._measure) for _ in range(self._readers)]
        for reader in readers:
            free.put(reader)

        def one(job: Job) -> Reading:
            reader = free.get()
            try:
                return reader.read(job)
            finally:
                free.put(reader)

        pool = ThreadPoolExecutor(self._readers, "read")
        try:
            waiting: deque[Future[Reading]] = deque()
            for job in jobs:
                waiting.append(pool.submit(one, job))
                if len(waiting) > AHEAD * self._readers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
            for reader in readers:
                reader.close()

    def embed(self, texts: list[str]) -> Future[Vectors]:
        """Begin to embed a batch, after those that were begun before."""
        return self._embedding.submit(self._embedder.embed_array, texts)

    def close(self) -> None:
        """Stop embedding; a batch that has begun ends first."""
        self._embedding.shutdown(cancel_futures=True)
