"""A small world to ingest in: a folder of guidance, a data directory, and a clock that can be moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.catalogue import Catalogue
from ingest.documents import Clearance, Filter, Nation
from ingest.reconcile import reconcile
from ingest.report import Report
from ingest.snapshot import Snapshot, SnapshotReader
from ingest.sources import Folder
from ingest.sync import Ingestor
from ingest.vectors import VectorStore
from tests.fakes import CountingEmbedder

DAY = dt.date(2026, 11, 2)


class World:
    """A folder of guidance, a data directory, and a clock that can be moved."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "guidance"
        self.folder.mkdir()
        self.data = tmp_path / "data"
        self.embedder = CountingEmbedder()
        self.day = DAY
        self.events: list[tuple[str, Mapping[str, Any]]] = []

    def write(self, path: str, body: str, **fields: object) -> None:
        front = "".join(
            f"{name}: {value}\n" for name, value in {"title": path, "uri": f"test:{path}", **fields}.items()
        )
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}---\n# {path}\n\n{body}\n", encoding="utf-8")

    def ingest(self, **options: Any) -> Report:
        return self.ingestor().run(Folder(self.folder, name="folder"), **options)

    def ingestor(self, **parts: Any) -> Ingestor:
        given: dict[str, Any] = {
            "tokens": lambda text: len(text.split()),
            "record": lambda type_, body: self.events.append((type_, body)),
            "now": lambda: dt.datetime.combine(self.day, dt.time(9), tzinfo=dt.UTC),
        }
        return Ingestor(self.data, self.embedder, **{**given, **parts})

    def snapshot(self) -> Snapshot:
        return SnapshotReader.open(self.data, self.embedder.identity).current()

    def found(
        self,
        question: str,
        on: dt.date | None = None,
        nation: Nation | None = None,
        clearance: Clearance = Clearance.OFFICIAL,
    ) -> list[str]:
        """Texts found by words, best first."""
        snapshot = self.snapshot()
        hits = snapshot.lexical(question, 10, Filter(nation, on or self.day, clearance))
        texts = snapshot.passages_by_id([i for i, _ in hits])
        return [texts[i][0].text for i, _ in hits]

    def differences(self) -> list[Any]:
        catalogue = Catalogue.open(self.data)
        vectors = VectorStore.open(self.data, self.embedder.identity)
        return reconcile(self.data, catalogue, vectors, [Folder(self.folder, name="folder")])
