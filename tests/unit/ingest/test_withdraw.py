"""A person's withdrawal takes effect at the next question; who may read what is held on the way in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from governance.errors import DocumentNotWithdrawn, DocumentUnknown, DocumentWithdrawn, ReasonMissing
from ingest.catalogue import Catalogue
from ingest.documents import Clearance
from ingest.snapshot import SnapshotReader
from ingest.withdraw import restore, withdraw
from tests.world import DAY, World

ADVANCE = "An advance is repaid over up to 24 months."


def decide(world: World, act: Any, document: str | None = None, reason: str = "It is wrong.") -> None:
    catalogue = Catalogue.open(world.data)
    ids = {v.metadata.uri: v.document_id for v in catalogue.versions()}

    def record(type_: str, body: Mapping[str, Any]) -> None:
        world.events.append((type_, body))

    meant = document or ids["test:advance.md"]
    act(catalogue, meant, reason=reason, by="expert", on=world.day, record=record)
    catalogue.close()


def test_a_withdrawn_document_stops_answering_at_the_next_question(world: World) -> None:
    world.ingest()
    reader = SnapshotReader.open(world.data, world.embedder.identity)
    before = reader.current()
    world.day = DAY + dt.timedelta(days=1)
    decide(world, withdraw)
    assert reader.current().id == before.id and reader.current().root_hash != before.root_hash
    assert world.found("repaid advance") == [] and world.found("appeal notice")
    assert world.found("repaid advance", DAY) == [ADVANCE]  # as it was answered then
    assert world.events[-1][0] == "guidance.withdrawn" and world.events[-1][1]["reason"] == "It is wrong."


def test_it_stays_withdrawn_through_ingests_and_new_versions(world: World) -> None:
    world.ingest()
    decide(world, withdraw)
    world.write("advance.md", "An advance is repaid over up to 12 months.")
    assert world.ingest().changed == 1
    assert world.found("repaid advance") == []
    assert world.differences() == []


def test_a_restored_document_answers_again_and_the_days_between_stay_silent(world: World) -> None:
    report = world.ingest()
    world.day = DAY + dt.timedelta(days=1)
    decide(world, withdraw)
    world.day = DAY + dt.timedelta(days=3)
    decide(world, restore, reason="It was right.")
    said = {n: bool(world.found("repaid advance", DAY + dt.timedelta(days=n))) for n in range(4)}
    assert said == {0: True, 1: False, 2: False, 3: True}
    assert world.snapshot().root_hash != report.root_hash  # what was decided is part of what is searched
    assert world.events[-1][0] == "guidance.restored"


def test_a_withdrawal_of_one_moment_leaves_no_trace_in_the_answers(world: World) -> None:
    world.ingest()
    decide(world, withdraw)
    decide(world, restore)
    assert world.found("repaid advance") == [ADVANCE]


def test_what_cannot_be_decided_is_refused_and_not_recorded(world: World) -> None:
    world.ingest()
    world.events.clear()
    with pytest.raises(DocumentNotWithdrawn):
        decide(world, restore)
    with pytest.raises(ReasonMissing):
        decide(world, withdraw, reason=" ")
    with pytest.raises(DocumentUnknown):
        decide(world, withdraw, document="d0")
    assert world.events == []
    decide(world, withdraw)
    with pytest.raises(DocumentWithdrawn, match="It is wrong"):
        decide(world, withdraw)


def test_a_version_says_which_one_took_its_place(world: World) -> None:
    world.ingest()
    world.day = DAY + dt.timedelta(days=1)
    world.write("advance.md", "An advance is repaid over up to 12 months.")
    world.ingest()
    catalogue = Catalogue.open(world.data)
    old, new = (v for v in catalogue.versions() if v.metadata.uri == "test:advance.md")
    assert (old.superseded_by, new.superseded_by) == (new.id, None)


def test_who_is_not_cleared_finds_nothing_of_a_document(world: World) -> None:
    world.write("fraud.md", "Fraud indicators are listed here.", clearance="official-sensitive")
    assert world.ingest().failed == ()
    assert world.found("fraud indicators") == []
    assert world.found("fraud indicators", clearance=Clearance.OFFICIAL_SENSITIVE)
    assert world.found("fraud indicators", clearance=Clearance.TOP_SECRET)
    assert world.found("repaid advance", clearance=Clearance.SECRET) == [ADVANCE]


def test_a_clearance_that_is_none_keeps_the_document_out(world: World) -> None:
    world.write("odd.md", "Words that are secret.", clearance="hush")
    assert [p.code for p in world.ingest().failed] == ["document.metadata_invalid"]
