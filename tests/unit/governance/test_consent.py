"""Nothing agreed means no; a yes is decided at use, from the notice that is in force, and recorded."""

from __future__ import annotations

import datetime as dt
import hashlib
from importlib.resources import files

import pytest
import yaml
from sqlalchemy import select

from governance import tables as t
from governance.consent import ACKNOWLEDGED_FOR, COLLEAGUE_USE, Consents, Purpose, State
from governance.errors import NoticeUnknown, PolicyInvalid
from governance.ledger import Ledger
from governance.notice import Notice, checked, read_notice
from governance.store import Store
from tests.unit.governance.conftest import Clock


def test_nothing_agreed_means_no(consents: Consents) -> None:
    for purpose in Purpose:
        decision = consents.decide(purpose, "p1")
        assert (decision.allowed, decision.record_id) == (False, None)
        assert "has not been acknowledged" in decision.reason


def test_purposes_are_a_closed_list() -> None:
    assert [p.value for p in Purpose] == [
        "answer",
        "audit",
        "evaluation_reuse",
        "service_improvement",
        "handover",
    ]


def test_an_acknowledgement_covers_what_its_notice_says_and_no_more(consents: Consents) -> None:
    record_id = consents.acknowledge("p1", actor="p1", channel="page")
    for purpose in Purpose:
        decision = consents.decide(purpose, "p1")
        assert decision.allowed == (purpose in ACKNOWLEDGED_FOR)
        assert decision.record_id == record_id
        assert decision.notice_version == "v1"
        assert decision.reason
    assert not consents.decide(Purpose.ANSWER, "p2").allowed, "another person agreed to nothing"


def test_withdrawing_is_as_easy_and_agreeing_again_is_possible(consents: Consents) -> None:
    consents.acknowledge("p1", actor="p1", channel="page")
    withdrawn = consents.withdraw("p1", actor="p1", channel="page")
    decision = consents.decide(Purpose.ANSWER, "p1")
    assert (decision.allowed, decision.record_id) == (False, withdrawn)
    assert decision.reason == "The agreement was withdrawn."
    consents.acknowledge("p1", actor="p1", channel="page")
    assert consents.decide(Purpose.ANSWER, "p1").allowed


def test_expiry_is_judged_at_use(consents: Consents, clock: Clock) -> None:
    consents.acknowledge("p1", actor="p1", channel="page", valid_for=dt.timedelta(days=1))
    assert consents.decide(Purpose.ANSWER, "p1").allowed
    clock.now += dt.timedelta(days=1)
    decision = consents.decide(Purpose.ANSWER, "p1")
    assert not decision.allowed
    assert decision.reason == "The agreement ran out on 2026-11-24."


def test_a_new_version_of_the_notice_needs_a_new_acknowledgement(
    store: Store, ledger: Ledger, clock: Clock
) -> None:
    versions = [Notice(COLLEAGUE_USE, "v1", "en", "one", hashlib.sha256(b"one").hexdigest())]
    consents = Consents(store, ledger, clock=clock, notices=lambda _id: versions[-1])
    consents.acknowledge("p1", actor="p1", channel="page")
    assert consents.decide(Purpose.ANSWER, "p1").allowed
    versions.append(Notice(COLLEAGUE_USE, "v2", "en", "two", hashlib.sha256(b"two").hexdigest()))
    decision = consents.decide(Purpose.ANSWER, "p1")
    assert not decision.allowed
    assert decision.reason == "The notice has changed since: v1 was acknowledged, v2 is in force."
    consents.acknowledge("p1", actor="p1", channel="page")
    assert consents.decide(Purpose.ANSWER, "p1").notice_version == "v2"


def test_every_event_is_in_the_ledger_and_in_the_table(
    consents: Consents, ledger: Ledger, store: Store
) -> None:
    ids = [
        consents.acknowledge("p1", actor="p1", channel="page"),
        consents.withdraw("p1", actor="officer", channel="command line"),
    ]
    entries = ledger.about("p1")
    assert [entry.type for entry in entries] == ["agreement.given", "agreement.withdrawn"]
    assert [entry.actor for entry in entries] == ["p1", "officer"]
    assert [entry.body["channel"] for entry in entries] == ["page", "command line"]
    assert [entry.body["record_id"] for entry in entries] == ids
    assert entries[0].body["notice_sha256"] == consents.current_notice().sha256
    with store.read() as connection:
        kept = connection.execute(select(t.consents).order_by(t.consents.c.entry_index)).all()
    assert [(row.record_id, row.state, row.entry_index) for row in kept] == [
        (ids[0], State.GIVEN, 0), (ids[1], State.WITHDRAWN, 1),
    ]  # fmt: skip
    assert ledger.verify().ok


def test_a_decision_sees_what_its_own_transaction_did(consents: Consents, store: Store) -> None:
    consents.acknowledge("p1", actor="p1", channel="page")
    with store.write() as connection:
        assert consents.decide(Purpose.ANSWER, "p1", connection=connection).allowed


def test_a_notice_nobody_wrote_is_unknown(consents: Consents) -> None:
    with pytest.raises(NoticeUnknown) as unknown:
        consents.current_notice("nothing")
    assert unknown.value.do == "Known: citizen-participation, colleague-evaluation, colleague-use."
    with pytest.raises(NoticeUnknown):
        consents.acknowledge("p1", "nothing", actor="p1", channel="page")


def test_every_notice_has_the_hash_it_was_approved_with() -> None:
    folder = files("governance.notices")
    manifest = yaml.safe_load(folder.joinpath("manifest.yaml").read_text(encoding="utf-8"))
    for notice_id, versions in manifest.items():
        for version in versions:
            notice = read_notice(notice_id, version["version"])
            assert notice.sha256 == hashlib.sha256(notice.text.encode()).hexdigest() == version["sha256"]
    with pytest.raises(NoticeUnknown, match="v9"):
        read_notice(COLLEAGUE_USE, "v9")


def test_the_notice_says_what_it_must(consents: Consents) -> None:
    text = consents.current_notice().text
    for said in ("kept", "Information governance", "claimant", "claim is affected", "stop"):
        assert said in text


def test_a_notice_that_was_changed_is_refused() -> None:
    folder = files("governance.notices")
    text = folder.joinpath(COLLEAGUE_USE, "v1.md").read_bytes()
    versions = yaml.safe_load(folder.joinpath("manifest.yaml").read_text(encoding="utf-8"))[COLLEAGUE_USE]
    assert checked(COLLEAGUE_USE, versions[0], text).version == "v1"
    with pytest.raises(PolicyInvalid, match="not the text that was approved"):
        checked(COLLEAGUE_USE, versions[0], text + b" ")
