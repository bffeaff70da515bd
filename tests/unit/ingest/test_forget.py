"""A document that must be forgotten is in no file afterwards, and everything else is found as before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from governance.errors import DocumentUnknown
from governance.scan import scan, ways
from ingest import catalogue_tables as t
from ingest.catalogue import Catalogue
from ingest.forget import Nothing, destroy_old_snapshots, forget, rebuild_vectors, vacuum
from ingest.sources import Folder
from ingest.sync import Ingestor
from ingest.vectors import VectorStore
from tests.fakes import CountingEmbedder

SECRET = "Zebedee Quillfeather of Little Snoring may have a home visit on Tuesdays, and on no other day."
PLAIN = "Dogs must be kept away during a home visit, whoever asks for the visit and whenever it takes place."


def write(folder: Path, name: str, uri: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(
        f"---\ntitle: {name}\nuri: {uri}\n---\n\n# Visits\n\n{text}\n", encoding="utf-8"
    )


def test_it_is_in_no_file_and_the_rest_is_found(tmp_path: Path) -> None:
    folder, data = tmp_path / "guidance", tmp_path / "data"
    write(folder, "secret.md", "g:secret", SECRET)
    write(folder, "plain.md", "g:plain", PLAIN)
    embedder = CountingEmbedder()
    ingestor = Ingestor(data, embedder, tokens=lambda text: len(text.split()))
    ingestor.run(Folder(folder, name="g"))
    wanted_bytes = {"secret": ways(SECRET[:60])}
    assert {trace.where.split("/")[0] for trace in scan(data, wanted_bytes)[0]} >= {"sources", "catalogue.db"}
    (folder / "secret.md").unlink()
    with contextlib.closing(Catalogue.open(data)) as catalogue:
        with pytest.raises(DocumentUnknown):
            forget(catalogue, data, "g:nothing")
        gone = forget(catalogue, data, "g:secret")
        assert (len(gone.versions), gone.passages, len(gone.files)) == (1, 1, 1)
        before = len(embedder.embedded)
        report = ingestor.run(Nothing(), allow_empty=True)
        assert len(embedder.embedded) == before, "nothing is embedded again"
        assert destroy_old_snapshots(data, report.snapshot_id) == 1

        def wanted() -> Iterator[str]:
            with catalogue.read() as connection:
                yield from connection.execute(select(t.passages.c.vector_key)).scalars()

        assert rebuild_vectors(data, embedder.identity, wanted) == 1
        vacuum(catalogue)
        assert scan(data, wanted_bytes)[0] == []
        with contextlib.closing(VectorStore.open(data, embedder.identity)) as vectors:
            assert list(vectors.keys()) == list(wanted())
    assert not (data / ".rebuilding").exists() and not (data / ".forgetting").exists()
    assert ingestor.run(Folder(folder, name="g")).embedded == 0


def test_a_rebuild_cut_off_between_its_renames_is_completed(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with contextlib.closing(VectorStore.open(tmp_path, embedder.identity)) as vectors:
        vectors.add(["a" * 64, "b" * 64], embedder.embed_array(["one", "two"]))
    (tmp_path / "chroma").rename(tmp_path / ".forgetting")
    assert rebuild_vectors(tmp_path, embedder.identity, lambda: iter(["a" * 64])) == 1
    with contextlib.closing(VectorStore.open(tmp_path, embedder.identity)) as vectors:
        assert list(vectors.keys()) == ["a" * 64]
