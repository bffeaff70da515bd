"""Why: what can be searched is what the sources say now, proven by hash, whatever happened on the way.

Files are taken in one transaction each, and none of it shows until one pointer moves to a finished
snapshot: a question sees the old state or the new one. A run killed anywhere goes on where it stopped; the
vectors it made are found again by key.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path

from ingest.alone import alone
from ingest.catalogue import Catalogue, catalogue_errors
from ingest.engines import Embeds, Engine, Local
from ingest.report import Report
from ingest.run import Parts, Progress, Record, Run
from ingest.snapshot import check_embedder
from ingest.sources import Source
from ingest.vectors import VectorStore


class Ingestor:
    """Takes sources into a data directory."""

    def __init__(
        self,
        data_dir: Path,
        embedder: Embeds,
        *,
        tokens: Callable[[str], int],
        record: Record = lambda _type, _body: None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        engine: Callable[[], Engine] | None = None,
        readers: int = 1,
        vectors: Callable[[], VectorStore] | None = None,
    ) -> None:
        """``engine`` starts what reads and embeds (by default here, with ``readers`` processes that read files);
        ``vectors`` opens where vectors are kept (by default in the data directory). Each is called at most once a
        run, and only if it is needed."""
        identity = embedder.identity
        self._parts = Parts(
            data_dir, identity, engine or (lambda: Local(embedder, tokens, readers=readers)),
            vectors or (lambda: VectorStore.open(data_dir, identity)), record, now,
        )  # fmt: skip

    def run(
        self,
        source: Source,
        *,
        progress: Progress = lambda _stage, _done, _all: None,
        allow_empty: bool = False,
    ) -> Report:
        """Bring the data directory to what the source holds now.

        Raises ``IngestRunning`` (another run holds the data directory), ``EmbedderMismatch``,
        ``DataFromNewerVersion``, ``SourceEmpty`` (nothing found where there was something, unless
        ``allow_empty``), ``StorageFull`` or ``StorageUnwritable``. After each the previous snapshot stands.
        """
        with catalogue_errors(self._parts.data_dir):
            self._parts.data_dir.mkdir(parents=True, exist_ok=True)
            with alone(self._parts.data_dir):
                return self._run(source, progress, allow_empty)

    def _run(self, source: Source, progress: Progress, allow_empty: bool) -> Report:
        catalogue = Catalogue.open(self._parts.data_dir)
        try:
            check_embedder(catalogue.state("embedder"), self._parts.identity, self._parts.data_dir)
            with contextlib.closing(Run(self._parts, catalogue, source, progress)) as run:
                return run.go(allow_empty)
        finally:
            catalogue.close()
