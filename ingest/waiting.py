"""Why: a batch of passages of like length embeds twice as fast as one document's, so documents wait until they are
enough, and while one batch is embedded the one before it is kept.

Vectors are kept as soon as they are made, and before the documents that need them: what a kill costs is the batches
at the embedder, and no vector that was kept is ever made again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from ingest.embedder_files import EmbedderIdentity
from ingest.engines.engine import Engine, Vectors
from ingest.reading import Reading
from ingest.vectors import VectorStore, vector_key

BATCH = 128
"""Passages embedded at a time: enough of like length to fill the processor, few enough to lose to a kill."""
AHEAD = 2
"""Batches at the embedder while earlier ones are being kept."""


@dataclass(frozen=True)
class _Batch:
    readings: tuple[Reading, ...]
    keys: tuple[str, ...]
    """Of the vectors being made, in order."""
    vectors: Future[Vectors] | None


class Waiting:
    """Documents that wait for their vectors; ``keep`` is given each, in order, when they are there."""

    def __init__(
        self,
        identity: EmbedderIdentity,
        engine: Callable[[], Engine],
        vectors: Callable[[], VectorStore],
        keep: Callable[[Reading], None],
    ) -> None:
        self._identity = identity
        self._engine = engine
        self._vectors = vectors
        self._keep = keep
        self.embedded = 0
        self._gathered: list[Reading] = []
        self._wanted: dict[str, str] = {}
        """Vector key → text, of the documents gathered."""
        self._under_way: deque[_Batch] = deque()
        self._coming: set[str] = set()
        """Keys of vectors that are being made."""

    @property
    def coming(self) -> int:
        """Passages at the embedder now."""
        return len(self._coming)

    def add(self, reading: Reading) -> None:
        """Have a document wait; a batch that is full is sent."""
        self._gathered.append(reading)
        for passage in reading.passages:
            key = vector_key(self._identity, passage.indexed_text)
            if key not in self._coming:
                self._wanted[key] = passage.indexed_text
        if len(self._wanted) >= BATCH:
            self._send()
            while len(self._under_way) > AHEAD:
                self._finish(self._under_way.popleft())

    def holds(self, document_id: str) -> bool:
        """Whether a version of the document waits."""
        batches = (self._gathered, *(batch.readings for batch in self._under_way))
        return any(r.version and r.version.document_id == document_id for batch in batches for r in batch)

    def finish(self) -> None:
        """Wait for every vector, and keep every document."""
        self._send()
        while self._under_way:
            self._finish(self._under_way.popleft())

    def _send(self) -> None:
        if not self._gathered:
            return
        missing = self._vectors().missing(list(self._wanted))
        texts = [self._wanted[key] for key in missing]
        made = self._engine().embed(texts) if texts else None
        self._under_way.append(_Batch(tuple(self._gathered), tuple(missing), made))
        self._coming.update(missing)
        self._gathered, self._wanted = [], {}

    def _finish(self, batch: _Batch) -> None:
        if batch.vectors is not None:
            self._vectors().add(batch.keys, batch.vectors.result())
            self.embedded += len(batch.keys)
            self._coming.difference_update(batch.keys)
        for reading in batch.readings:
            self._keep(reading)
