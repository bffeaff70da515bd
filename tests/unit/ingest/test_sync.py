"""Sync: what is searched is what the source says, whatever happened on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from governance.errors import (
    DataFromNewerVersion,
    EmbedderMismatch,
    FolderNotFound,
    IndexDamaged,
    IndexEmpty,
    IngestRunning,
    SourceEmpty,
)
from ingest.alone import alone
from ingest.catalogue import Catalogue
from ingest.documents import Filter, Nation
from ingest.rebuild import TOLD
from ingest.report import Report
from ingest.snapshot import SnapshotReader
from ingest.sources import Folder
from ingest.vectors import VectorStore
from tests.fakes import CountingEmbedder
from tests.world import DAY, World


def test_a_first_run_takes_everything_in_and_a_second_does_nothing(world: World) -> None:
    first = world.ingest()
    assert (first.added, first.skipped, first.failed, first.embedded, first.passages) == (2, 0, (), 2, 2)
    assert world.found("repaid advance") == ["An advance is repaid over up to 24 months."]
    second = world.ingest()
    assert (second.added, second.changed, second.removed, second.skipped, second.embedded) == (0, 0, 0, 2, 0)
    assert second.snapshot_id == first.snapshot_id and len(world.embedder.embedded) == 2
    assert world.differences() == []


def test_a_changed_document_answers_anew_today_and_as_it_did_yesterday(world: World) -> None:
    world.ingest()
    world.day = DAY + dt.timedelta(days=1)
    world.write("advance.md", "An advance is repaid over up to 12 months.")
    report = world.ingest()
    assert (report.changed, report.embedded) == (1, 1)
    assert world.found("repaid advance") == ["An advance is repaid over up to 12 months."]
    assert world.found("repaid advance", DAY) == ["An advance is repaid over up to 24 months."]
    assert world.differences() == []


def test_a_document_that_is_gone_stops_answering_and_what_it_said_before_stays(world: World) -> None:
    world.ingest()
    world.day = DAY + dt.timedelta(days=1)
    (world.folder / "advance.md").unlink()
    assert world.ingest().removed == 1
    assert world.found("repaid advance") == []
    assert world.found("repaid advance", DAY) == ["An advance is repaid over up to 24 months."]


def test_a_text_that_comes_back_is_not_embedded_again(world: World) -> None:
    world.ingest()
    text = (world.folder / "advance.md").read_text()
    (world.folder / "advance.md").unlink()
    world.ingest()
    (world.folder / "advance.md").write_text(text)
    report = world.ingest()
    assert (report.added, report.embedded) == (1, 0)
    assert world.found("repaid advance") == ["An advance is repaid over up to 24 months."]


def test_a_file_moved_with_its_uri_still_answers(world: World) -> None:
    world.ingest()
    (world.folder / "sub").mkdir()
    (world.folder / "advance.md").rename(world.folder / "sub" / "moved.md")
    report = world.ingest()
    assert (report.removed, report.embedded) == (1, 0)
    assert len(world.found("repaid advance")) == 1


def test_nation_and_date_are_filters_inside_the_search(world: World) -> None:
    world.write("scots.md", "The payment is doubled in June.", nations="[scotland]")
    world.write(
        "old.md", "The rate is £10 a week.", uri="test:rates", valid_from="2025-04-07", valid_to="2026-04-05"
    )
    world.write("new.md", "The rate is £11 a week.", uri="test:rates", valid_from="2026-04-06")
    report = world.ingest()
    assert report.failed == ()
    assert world.found("payment doubled", nation=Nation.WALES) == []
    assert len(world.found("payment doubled", nation=Nation.SCOTLAND)) == 1
    assert world.found("rate week") == ["The rate is £11 a week."]
    assert world.found("rate week", dt.date(2026, 4, 5)) == ["The rate is £10 a week."]
    assert world.found("rate week", dt.date(2024, 1, 1)) == []


def test_dense_search_is_exact_under_a_narrow_filter(world: World) -> None:
    for n in range(30):
        world.write(f"e{n}.md", f"Common words about payment number {n}.", nations="[england]")
    world.write("w.md", "Something else entirely.", nations="[wales]")
    world.ingest()
    snapshot = world.snapshot()
    vector = world.embedder.embed_query("Common words about payment number")
    hits = snapshot.dense(vector, 40, Filter(Nation.WALES, DAY))
    versions = [snapshot.passages_by_id([i])[i][1] for i, _ in hits]
    assert len(hits) == 3 and all(v.covers(Nation.WALES) for v in versions)
    everywhere = snapshot.dense(vector, 5, Filter(None, DAY))
    assert [score for _, score in everywhere] == sorted((s for _, s in everywhere), reverse=True)
    assert snapshot.dense(vector, 5, Filter(None, DAY)) == everywhere


def test_two_files_with_one_uri_for_the_same_days_are_reported(world: World) -> None:
    world.write("twin.md", "Another text.", uri="test:advance.md")
    report = world.ingest()
    assert [(p.path, p.code) for p in report.failed] == [("twin.md", "document.conflict")]
    assert world.ingest().failed == report.failed  # still reported, though it did not change


def test_a_file_that_can_no_longer_be_read_stops_answering_and_one_bad_file_stops_nothing(
    world: World,
) -> None:
    world.ingest()
    (world.folder / "advance.md").write_text("---\ntitle: [broken\n---\n# x\n\ntext\n")
    (world.folder / "empty.md").write_text("")
    world.write("good.md", "Good words stand here.")
    report = world.ingest()
    assert {p.path: p.code for p in report.failed} == {
        "advance.md": "document.metadata_invalid",
        "empty.md": "document.empty",
    }
    assert world.found("repaid advance") == [] and len(world.found("good words")) == 1


def test_odd_files_are_reported_by_name(world: World) -> None:
    (world.folder / "loop").symlink_to(world.folder / "loop")
    (world.folder / "round").symlink_to(world.folder, target_is_directory=True)
    with open(os.fsencode(world.folder) + b"/bad\xffname.md", "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"# A name\n\nWith words that are no text.\n")
    report = world.ingest()
    assert [p.path for p in report.failed if p.path == "loop"] == ["loop"]
    assert report.added >= 2


def test_an_empty_source_removes_nothing_unless_told_to(world: World) -> None:
    world.ingest()
    for file in world.folder.iterdir():
        file.unlink()
    with pytest.raises(SourceEmpty, match="2 files"):
        world.ingest()
    assert len(world.found("repaid advance")) == 1
    assert world.ingest(allow_empty=True).removed == 2
    assert world.found("repaid advance") == []


def test_two_sources_live_side_by_side(world: World, tmp_path: Path) -> None:
    world.ingest()
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("Childcare costs are paid in arrears.")
    world.ingestor().run(Folder(other))
    assert len(world.found("childcare arrears")) == 1 and len(world.found("repaid advance")) == 1


def test_a_second_ingest_is_refused_while_one_runs(world: World) -> None:
    world.ingest()
    with FileLock(world.data / "ingest.lock"), pytest.raises(IngestRunning) as caught:
        world.ingest()
    assert caught.value.code == "ingest.running"


def test_another_embedder_is_refused(world: World) -> None:
    world.ingest()
    world.embedder = CountingEmbedder(name="other")
    with pytest.raises(EmbedderMismatch, match="other"):
        world.ingest()
    with pytest.raises(EmbedderMismatch):
        SnapshotReader.open(world.data, world.embedder.identity)


def test_data_from_a_newer_version_is_refused_and_left_alone(world: World) -> None:
    world.ingest()
    catalogue = Catalogue.open(world.data)
    with catalogue.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_ingest SET version_num = '9999'")
    catalogue.close()
    with pytest.raises(DataFromNewerVersion, match="9999"):
        world.ingest()


def test_nothing_ingested_and_a_damaged_snapshot_are_told_apart(world: World) -> None:
    with pytest.raises(IndexEmpty):
        world.snapshot()
    report = world.ingest()
    (world.data / "snapshots" / report.snapshot_id / "versions.json").write_text("{")
    with pytest.raises(IndexDamaged, match=report.snapshot_id):
        world.snapshot()


def test_a_catalogue_that_is_no_database_is_said_to_be_damaged(world: World) -> None:
    world.data.mkdir()
    (world.data / "catalogue.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(IndexDamaged, match=r"catalogue\.db"):
        world.ingest()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderNotFound, match="does not exist"):
        Folder(tmp_path / "absent")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderNotFound, match="is not a folder"):
        Folder(tmp_path / "file")


class Stop(Exception):
    """Stands for a kill: nothing below may catch it."""


def stopping_after(n: int) -> Callable[..., None]:
    left = [n]

    def tick(*_args: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stop

    return tick


@pytest.mark.parametrize("point", range(7))
def test_a_run_stopped_anywhere_is_completed_by_the_next_and_nothing_is_embedded_twice(
    world: World, point: int
) -> None:
    before = world.ingest()
    for n in range(3):
        world.write(f"more{n}.md", f"Words of document number {n}, which is new.")
    world.write("advance.md", "An advance is repaid over up to 12 months.")
    with pytest.raises(Stop):
        world.ingestor(record=stopping_after(point)).run(Folder(world.folder, name="folder"))
    stopped_at = world.snapshot().id
    world.ingest()
    assert world.found("repaid advance") == ["An advance is repaid over up to 12 months."]
    assert len(world.embedder.embedded) == len(set(world.embedder.embedded)) == 6
    assert world.differences() == []
    if point < 6:  # the pointer moves only when every document is in
        assert stopped_at == before.snapshot_id


def test_a_reader_sees_the_old_snapshot_or_the_new_one(world: World) -> None:
    world.ingest()
    reader = SnapshotReader.open(world.data, world.embedder.identity)
    seen: set[tuple[str, int]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            snapshot = reader.current()
            rows = snapshot.lexical("repaid advance number", 50, Filter(None, DAY))
            texts = snapshot.passages_by_id([i for i, _ in rows])
            assert len(texts) == len(rows)
            seen.add((snapshot.id, len(rows)))

    thread = threading.Thread(target=read)
    thread.start()
    for n in range(6):
        world.write(f"extra{n}.md", f"Another advance that is repaid, number {n}.")
    report = world.ingest()
    reader.current()
    stop.set()
    thread.join()
    assert seen <= {(s, n) for s, n in seen if n in (1, 7)}
    assert reader.current().id == report.snapshot_id
    assert reader.current().document_count == 8


def test_neighbours_documents_and_versions_can_be_walked(world: World) -> None:
    world.write(
        "long.md",
        "\n\n".join(f"## Part {n}\n\n" + f"Sentence about topic {n} goes on. " * 12 for n in range(3)),
    )
    world.ingest()
    snapshot = world.snapshot()
    version = next(v for v in snapshot.documents() if v.metadata.uri == "test:long.md")
    first, second, third = snapshot.passages_of(version.id)
    assert [p.id for p in snapshot.neighbours(second.id)] == [first.id, third.id]
    assert snapshot.neighbours("p" + "0" * 24) == []
    assert snapshot.document(version.document_id) == [version] and snapshot.version(version.id) == version
    assert snapshot.version("v0") is None


def test_reconcile_names_what_differs(world: World) -> None:
    world.ingest()
    world.write("new.md", "Not taken in yet.")
    (world.folder / "appeal.md").unlink()
    world.write("advance.md", "Changed.")
    said = " ".join(d.what for d in world.differences())
    assert "new.md: not taken in" in said and "appeal.md: gone" in said and "advance.md: changed" in said
    vectors = VectorStore.open(world.data, world.embedder.identity)
    keys = list(vectors.keys())
    assert vectors.count() == len(keys) == 2
    vectors.delete(keys[:1])
    assert any(d.where == "catalogue and vectors" for d in world.differences())


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE passages SET text = replace(text, '24 months', '42 months')", "catalogue"),
        (
            "UPDATE passages SET heading_path = '[\"Overpayments\"]' WHERE text LIKE '%24 months%'",
            "catalogue",
        ),
        ("UPDATE versions SET removed_on = '2030-01-01'", "catalogue and snapshot"),
    ],
)
def test_reconcile_hashes_what_the_catalogue_says(world: World, statement: str, where: str) -> None:
    world.ingest()
    assert world.differences() == []
    with contextlib.closing(sqlite3.connect(world.data / "catalogue.db")) as database, database:
        assert database.execute(statement).rowcount
    assert where in {difference.where for difference in world.differences()}


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("vectors.npy", "vectors and snapshot"),
        ("lexical/data.csc.index.npy", "catalogue and lexical index"),
        ("lexical/vocab.index.json", "catalogue and lexical index"),
        ("versions.json", "catalogue and snapshot"),
        ("keys.npy", "catalogue and snapshot"),
    ],
)
def test_reconcile_compares_the_snapshot_byte_for_byte(world: World, name: str, where: str) -> None:
    world.ingest()
    (folder,) = (p for p in (world.data / "snapshots").iterdir() if p.is_dir())
    held = bytearray((folder / name).read_bytes())
    held[-2] ^= 1
    (folder / name).write_bytes(held)
    assert [(d.where, d.what) for d in world.differences()] == [(where, f"{name} is not what they make")]
    (folder / name).unlink()
    assert [d.where for d in world.differences()] == [where]


def test_nothing_is_compared_while_something_is_taken_in(world: World) -> None:
    world.ingest()
    with alone(world.data), pytest.raises(IngestRunning):
        world.differences()
    assert world.differences() == []


def test_every_change_is_recorded(world: World) -> None:
    world.ingest()
    types = [type_ for type_, _ in world.events]
    assert types == [
        "ingestion.started",
        "document.added",
        "document.added",
        "snapshot.published",
        "ingestion.finished",
    ]
    world.events.clear()
    (world.folder / "appeal.md").unlink()
    world.ingest()
    types = [type_ for type_, _ in world.events]
    assert types == ["ingestion.started", "document.removed", "snapshot.published", "ingestion.finished"]
    assert world.events[-1][1]["removed"] == 1


# --- several sources, and texts that come back ------------------------------------------------------------


def two_sources(
    world: World, tmp_path: Path, first: str, second: str, **fields: object
) -> tuple[Path, Report]:
    """Two folders that each hold a guide.md; the second's report."""
    other = tmp_path / "other"
    other.mkdir()
    front = "".join(f"{name}: {value}\n" for name, value in {"title": "guide", **fields}.items())
    for folder, body in ((world.folder, first), (other, second)):
        (folder / "guide.md").write_text(f"---\n{front}---\n# guide\n\n{body}\n")
    world.ingest()
    return other, world.ingestor().run(Folder(other, name="other"))


def test_two_sources_may_each_hold_a_file_of_one_name(world: World, tmp_path: Path) -> None:
    two_sources(world, tmp_path, "Apples are counted weekly.", "Bananas are counted monthly.")
    assert world.found("apples") and world.found("bananas")


def test_one_uri_in_two_sources_is_a_conflict_and_the_first_stands(world: World, tmp_path: Path) -> None:
    _, report = two_sources(world, tmp_path, "Apples are weekly.", "Bananas are monthly.", uri="test:guide")
    assert [f.code for f in report.failed] == ["document.conflict"]
    assert world.found("apples") and not world.found("bananas")


def test_a_file_removed_from_one_source_still_answers_from_the_other(world: World, tmp_path: Path) -> None:
    other, _ = two_sources(world, tmp_path, "Apples are counted weekly.", "Apples are counted weekly.")
    (other / "guide.md").unlink()
    world.ingestor().run(Folder(other, name="other"), allow_empty=True)
    world.ingest()
    assert world.found("apples")


def test_a_conflict_is_settled_when_the_other_file_is_gone(world: World) -> None:
    world.write("b.md", "A second text.", uri="test:advance.md")
    assert [f.path for f in world.ingest().failed] == ["b.md"]
    (world.folder / "advance.md").unlink()
    assert world.ingest().failed == ()
    assert world.found("second text") == ["A second text."]


def test_a_text_that_is_put_back_answers_for_its_first_days_and_its_last(world: World) -> None:
    world.ingest()
    for day, months in ((5, 12), (9, 24)):
        world.day = dt.date(2026, 11, day)
        world.write("advance.md", f"An advance is repaid over up to {months} months.")
        world.ingest()
    said = {n: world.found("repaid advance", dt.date(2026, 11, n)) for n in (3, 6, 9)}
    assert said[3] == said[9] == ["An advance is repaid over up to 24 months."]
    assert said[6] == ["An advance is repaid over up to 12 months."]
    assert len(world.embedder.embedded) == len(set(world.embedder.embedded))


def test_a_document_that_was_away_stays_silent_for_the_days_it_was(world: World) -> None:
    world.ingest()
    text = (world.folder / "appeal.md").read_text()
    world.day = dt.date(2026, 11, 5)
    (world.folder / "appeal.md").unlink()
    world.ingest()
    world.day = dt.date(2026, 11, 9)
    (world.folder / "appeal.md").write_text(text)
    world.ingest()
    said = {n: bool(world.found("appeal notice", dt.date(2026, 11, n))) for n in (3, 6, 9)}
    assert said == {3: True, 6: False, 9: True}
    assert world.differences() == []


def test_a_removal_is_in_the_record_even_after_a_stop(world: World) -> None:
    world.ingest()
    world.events.clear()
    (world.folder / "appeal.md").unlink()

    def record(type_: str, body: Mapping[str, Any]) -> None:
        if type_ == "document.removed":
            raise Stop
        world.events.append((type_, body))

    with pytest.raises(Stop):
        world.ingestor(record=record).run(Folder(world.folder, name="folder"))
    world.ingest()
    assert "document.removed" in [type_ for type_, _ in world.events]


def test_an_earlier_state_is_built_from_vectors_wherever_they_are_kept(world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    identity = world.embedder.identity
    world.write("a.md", "The rate is 90 pounds.")
    ingestor = world.ingestor(vectors=lambda: VectorStore.open(elsewhere, identity))
    first = ingestor.run(Folder(world.folder, name="folder"))
    history = [event for event in world.events if event[0] in TOLD]
    world.write("a.md", "The rate is 95 pounds.")
    ingestor.run(Folder(world.folder, name="folder"))
    shutil.rmtree(world.data / "snapshots" / first.snapshot_id)
    reader = SnapshotReader.open(world.data, identity, lambda: VectorStore.open(elsewhere, identity))
    with reader.as_it_was(first.snapshot_id, first.root_hash, lambda: history) as (snapshot, built):
        assert built and snapshot is not None and snapshot.root_hash == first.root_hash
        ((found, _),) = snapshot.lexical("rate", 5, Filter(on=world.day))
        assert "90 pounds" in snapshot.passages_by_id([found])[found][0].text
    reader.close()
    assert not (world.data / "chroma").exists()
