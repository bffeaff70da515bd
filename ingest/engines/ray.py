"""Why: a collection that takes a night on one machine takes an hour on ten, and must not differ by a passage for it.

Actors read files and embed batches; the run itself (what is taken in, in which order, what is recorded) stays where it
is. Batches are made by the run, so that a vector does not depend on how many actors there are. Files must be readable
under the same path on every machine of the cluster. Needs the extra ``ray``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import cycle
from typing import Any

from governance.errors import EngineMissing
from ingest.engines.engine import Embeds, Vectors
from ingest.reading import Job, Measure, Place, Reader, Reading

Tools = Callable[[], tuple[Embeds, Callable[[str], int]]]
"""Makes the embedder and the token counter where they are needed; must be picklable."""
AHEAD = 4


class _Reads:
    def __init__(self, place: Place, tools: Tools) -> None:
        embedder, tokens = tools()
        self._reader = Reader(place, Measure(embedder.token_count, embedder.identity.max_tokens, tokens))

    def read(self, job: Job) -> Reading:
        return self._reader.read(job)

    def close(self) -> None:
        self._reader.close()


class _Embeds:
    def __init__(self, tools: Tools) -> None:
        self._embedder = tools()[0]

    def embed(self, texts: list[str]) -> tuple[Vectors, int]:
        before = self._embedder.truncated
        vectors = self._embedder.embed_array(texts)
        return vectors, self._embedder.truncated - before


class Ray:
    """Actors on Ray: on the cluster that this machine is a node of (``join``), or on one that is started here and
    ended with the run.

    Raises ``EngineMissing`` where Ray is not installed or cannot start.
    """

    def __init__(self, tools: Tools, *, workers: int, join: bool = False) -> None:
        try:
            import ray
        except ImportError as error:
            raise EngineMissing(
                "Ray is not installed.", do="Install the extra: pip install 'frontline-assistant[ray]'."
            ) from error
        self._ray: Any = ray
        self._tools = tools
        self._workers = workers
        self.truncated = 0
        self._started = not ray.is_initialized()
        if self._started:
            self._start(join)
        embed = ray.remote(num_cpus=1)(_Embeds)
        self._embedders = [embed.remote(tools) for _ in range(workers)]
        self._turns = cycle(self._embedders)

    def _start(self, join: bool) -> None:
        here = {"num_cpus": 2 * self._workers, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        try:
            self._ray.init(
                log_to_driver=False, logging_level="ERROR", **({"address": "auto"} if join else here)
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise EngineMissing(
                f"Ray cannot be {'joined' if join else 'started'} on this machine: {error}.",
                do="Mend it, or use --engine local.",
            ) from error

    def read(self, place: Place, jobs: Iterable[Job]) -> Iterator[Reading]:
        """Readings in order."""
        make = self._ray.remote(num_cpus=1)(_Reads)
        readers = [make.remote(place, self._tools) for _ in range(self._workers)]
        try:
            waiting: deque[Any] = deque()
            for job, reader in zip(jobs, cycle(readers), strict=False):
                waiting.append(reader.read.remote(job))
                if len(waiting) > AHEAD * self._workers:
                    yield self._ray.get(waiting.popleft())
            while waiting:
                yield self._ray.get(waiting.popleft())
        finally:
            self._ray.wait(
                [reader.close.remote() for reader in readers], num_returns=len(readers), timeout=10
            )
            for reader in readers:
                self._ray.kill(reader)

    def embed(self, texts: list[str]) -> Future[Vectors]:
        """Begin to embed a batch on the next actor."""
        answer: Future[tuple[Vectors, int]] = next(self._turns).embed.remote(texts).future()
        kept: Future[Vectors] = Future()

        def done(found: Future[tuple[Vectors, int]]) -> None:
            if error := found.exception():
                kept.set_exception(error)
                return
            vectors, truncated = found.result()
            self.truncated += truncated
            kept.set_result(vectors)

        answer.add_done_callback(done)
        return kept

    def close(self) -> None:
        """End the actors, and the cluster if it was started for this run."""
        for embedder in self._embedders:
            self._ray.kill(embedder)
        if self._started:
            self._ray.shutdown()
