"""Rights, retention, erasure and passing on, over SQLite and PostgreSQL, killed at every statement."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Records
from assistant.settings import Settings
from governance import fsck
from governance.agreement import CITIZEN_PARTICIPATION, COLLEAGUE_EVALUATION, Purpose, State
from governance.erasure import own_texts
from governance.errors import (
    AgreementMissing,
    AgreementState,
    AnswerUnknown,
    ErasureHeld,
    FactUnknown,
    HoldUnknown,
    OptionInvalid,
    PersonUnknown,
    PurposeUnknown,
    SettingInvalid,
)
from governance.ledger import Ledger
from governance.retention import periods, policy
from governance.scan import scan, ways
from governance.sealed_text import committed, taken_out
from governance.store import Store
from governance.vault import Kind
from governance.vault import State as Sealing
from governance.verify_handover import DoesNotHold, verify
from tests.unit.governance.conftest import Clock
from tests.unit.governance.test_crash import at_every_statement
from tests.unit.governance.test_explanation import body as whole

Z = "z1"
ALL = [purpose.value for purpose in Purpose]


@pytest.fixture
def records(store: Store, ledger: Ledger, clock: Clock, tmp_path: Path) -> Records:
    return Records(store, ledger, Settings(data_dir=tmp_path), clock)


def agree(records: Records, person: str = Z, *purposes: str) -> str:
    return records.consents.give(
        person, CITIZEN_PARTICIPATION, purposes=purposes or ALL, actor="p1", channel="page"
    )


def withdraw(records: Records, *purposes: str) -> str:
    return records.consents.withdraw(
        Z, CITIZEN_PARTICIPATION, purposes=purposes or None, actor="p1", channel="page"
    )


def answered(records: Records, citizen: str = Z, number: int = 1) -> str:
    """The record of an answer about a person, as the pipeline leaves it."""
    body = whole()
    answer_id = f"a{number}"
    body["identity"]["answer_id"] = body["answer"]["id"] = answer_id
    body["people"] |= {"person": "p1", "role": "operator", "citizen": citizen}
    body["input"]["question"] = body["answer"]["question"] = "Ann lost her zebra sanctuary, what now?"
    body["answer"]["sentences"][0]["citations"][0] |= {
        "quote": "You can.", "section": "S1",
        "document": {"title": "T", "uri": "u", "version_id": "v1", "publisher": "DWP"},
    }  # fmt: skip
    bare, words = taken_out(body)
    with records.store.write() as connection:
        payload = records.vault.seal(
            words, kind=Kind.QUESTION, about=answer_id, subject=citizen, actor="p1", connection=connection
        )
        records.ledger.append(
            "answer",
            {**bare, "sealed": committed(payload)},
            actor="p1",
            subject=answer_id,
            connection=connection,
        )
        records.conversations.keep(
            connection, f"conv-{citizen}", citizen, {"<PERSON_1>": "Ann Example"}, actor="p1"
        )
    return answer_id


def sound(records: Records, folder: Path) -> None:
    """Nothing is wrong with the records, their guards and keys, or the record of any answer."""
    checked = fsck.check(records.store, records.ledger, keys=folder / "keys")
    assert checked.ok, checked.problems


# --- agreements -------------------------------------------------------------------------------------------------


def test_a_record_says_everything_by_itself(records: Records) -> None:
    record = records.consents.record(agree(records, Z, "handover"))
    assert record["purposes"] == ["answer", "audit", "handover"]
    for name in (
        "schema_version", "record_id", "receipt_id", "person", "subject_role", "notice_id", "notice_version",
        "notice_sha256", "language", "lawful_basis", "special_category_condition", "agreement_type", "data_categories",
        "controller", "recipients", "storage_location", "retention", "withdrawal_method", "rights", "time", "state",
        "captured_by", "channel", "expires",
    ):  # fmt: skip
        assert record[name], name
    assert record["subject_role"] == "citizen" and record["agreement_type"] == "participation"


def test_an_agreement_goes_only_where_it_can(records: Records) -> None:
    consents = records.consents

    def states() -> list[str]:
        return [record["state"] for record in consents.history(Z)]

    with pytest.raises(AgreementState):
        withdraw(records)
    with pytest.raises(PersonUnknown):
        consents.history(Z)
    consents.request(Z, CITIZEN_PARTICIPATION, actor="p1", channel="page")
    consents.refuse(Z, CITIZEN_PARTICIPATION, actor="p1", channel="page")
    assert not consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed
    agree(records, Z, "handover")
    with pytest.raises(AgreementState):
        consents.request(Z, CITIZEN_PARTICIPATION, actor="p1", channel="page")
    agree(records, Z, "evaluation_reuse")
    assert states() == ["requested", "refused", "given", "superseded", "given"]
    assert not consents.decide(Purpose.HANDOVER, Z, CITIZEN_PARTICIPATION).allowed
    consents.invalidate(Z, CITIZEN_PARTICIPATION, actor="officer", channel="command line", reason="pressed")
    assert states()[-1] == "invalidated"
    with pytest.raises(AgreementState):
        withdraw(records)
    assert records.ledger.verify().ok


def test_a_purpose_outside_the_list_is_refused(records: Records) -> None:
    for purposes in (["marketing"], ["answer", "profiling"]):
        with pytest.raises(PurposeUnknown):
            agree(records, Z, *purposes)
    with pytest.raises(PurposeUnknown):
        records.consents.give("p1", COLLEAGUE_EVALUATION, purposes=[], actor="p1", channel="page")
    with pytest.raises(PurposeUnknown):
        records.consents.acknowledge("p1", COLLEAGUE_EVALUATION, actor="p1", channel="page")


def test_a_part_can_be_withdrawn_and_the_rest_stands(records: Records) -> None:
    agree(records)
    expires = records.consents.history(Z)[-1]["expires"]
    withdraw(records, "handover")
    allowed = {p.value for p in Purpose if records.consents.decide(p, Z, CITIZEN_PARTICIPATION).allowed}
    assert allowed == set(ALL) - {"handover"}
    assert records.consents.history(Z)[-1]["expires"] == expires, (
        "nothing is lengthened by taking a part back"
    )
    with pytest.raises(AgreementState):
        withdraw(records, "handover")
    withdraw(records, "answer")
    assert not records.consents.decide(Purpose.EVALUATION_REUSE, Z, CITIZEN_PARTICIPATION).allowed, (
        "without what it cannot be had without, nothing of it stands"
    )


def test_what_was_recorded_may_be_audited_after_the_agreement_has_ended(records: Records) -> None:
    assert not records.consents.decide(Purpose.AUDIT, Z, CITIZEN_PARTICIPATION).allowed
    agree(records)
    withdraw(records)
    decision = records.consents.decide(Purpose.AUDIT, Z, CITIZEN_PARTICIPATION)
    assert decision.allowed and "public task" in decision.reason


def test_an_objection_outweighs_an_agreement_until_it_is_taken_back(records: Records) -> None:
    agree(records)
    rights = records.rights
    rights.object(Z, CITIZEN_PARTICIPATION, ["audit"], reason="old case", actor="officer", channel="letter")
    decision = records.consents.decide(Purpose.AUDIT, Z, CITIZEN_PARTICIPATION)
    assert not decision.allowed and "objects" in decision.reason
    assert records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed
    rights.object(Z, CITIZEN_PARTICIPATION, [], reason="taken back", actor="officer", channel="letter")
    assert records.consents.decide(Purpose.AUDIT, Z, CITIZEN_PARTICIPATION).allowed
    assert records.ledger.verify().ok


def test_what_runs_out_is_recorded_with_all_that_follows(records: Records, clock: Clock) -> None:
    agree(records)
    answered(records)
    clock.now += dt.timedelta(days=181)
    assert not records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed, "judged at use"
    assert len(records.consents.expire_due(actor="schedule")) == 1
    assert records.consents.expire_due(actor="schedule") == []
    assert records.consents.history(Z)[-1]["state"] == State.EXPIRED
    assert records.vault.held() == []


# --- uses, copies, hand-over --------------------------------------------------------------------------------------


def test_a_copy_for_evaluation_needs_agreement_each_time(records: Records) -> None:
    agree(records, Z, "handover")
    answer = answered(records)
    passing = records.passing_on
    with pytest.raises(AgreementMissing, match="evaluate"):
        passing.copy(answer, actor="evaluator")
    agree(records, Z, "evaluation_reuse")
    answer = answered(records, number=2)
    copy = passing.copy(answer, actor="evaluator")
    assert "zebra" in passing.read_copy(copy.payload_id, actor="evaluator")["question"]
    withdraw(records, "evaluation_reuse")
    assert records.vault.state(copy.payload_id) is Sealing.ERASED
    taken = [(e.body["use"], e.body["allowed"]) for e in records.ledger.entries(type="use.decided")]
    assert taken == [("evaluate", False), ("evaluate", True), ("evaluate", True)]


def test_a_hand_over_carries_what_was_chosen_and_a_withdrawal_revokes_it(
    records: Records, clock: Clock
) -> None:
    agree(records)
    answer, rights = answered(records), records.rights
    rights.keep_fact(Z, "interpreter", "needs one, Somali", actor="p1")
    rights.keep_fact(Z, "contact", "by letter only", actor="p1")

    def hand_over(**given: Any) -> dict[str, Any]:
        what: dict[str, Any] = {
            "recipient": "Housing",
            "facts": ["interpreter"],
            "answers": [answer],
            "days": 30,
        }
        return records.passing_on.hand_over(Z, **{**what, **given}, actor="p1", role="colleague")

    bundle = hand_over()
    key = records.handovers.verifier
    body = verify(bundle, key=key, status=records.handovers.status(), now=clock()).body
    assert body["facts"] == [{"name": "interpreter", "value": "needs one, Somali"}]
    assert body["guidance"][0]["answer"] == answer and "zebra" not in str(body)
    assert body["agreement"]["notice"] == CITIZEN_PARTICIPATION and body["agreement"]["record_id"]
    with pytest.raises(FactUnknown):
        hand_over(facts=["shoe size"])
    with pytest.raises(AnswerUnknown):
        hand_over(answers=["a99"])
    withdraw(records, "handover")
    with pytest.raises(DoesNotHold, match="withdrawn"):
        verify(bundle, key=key, status=records.handovers.status(), now=clock())
    with pytest.raises(AgreementMissing):
        hand_over()
    assert rights.facts(Z) == {}
    assert records.ledger.verify().ok


def test_an_answer_about_another_is_not_handed_over(records: Records) -> None:
    agree(records)
    agree(records, "z2")
    other = answered(records, "z2", 2)
    with pytest.raises(AnswerUnknown, match="about z1"):
        records.passing_on.hand_over(
            Z, recipient="Housing", facts=[], answers=[other], days=3, actor="p1", role="colleague"
        )


# --- rights -------------------------------------------------------------------------------------------------------


def test_access_shows_everything_opened_and_is_recorded(records: Records) -> None:
    with pytest.raises(PersonUnknown):
        records.rights.access(Z, reason="letter", actor="officer")
    agree(records)
    answered(records)
    agree(records, "z2")
    answered(records, "z2", 2)
    records.rights.keep_fact(Z, "interpreter", "needs one, Somali", actor="p1")
    records.rights.state(Z, "a1", "I did not lose it, I sold it.", actor="officer")
    export = records.rights.access(Z, reason="letter of 1 May", actor="officer")
    said = str(export)
    for text in ("zebra sanctuary", "Ann Example", "needs one, Somali", "I sold it", "given"):
        assert text in said
    assert "'z2'" not in said and "'a2'" not in said
    assert {s["kind"] for s in export["sealed"]} == {"tokens", "question", "fact", "statement"}
    (entry,) = records.ledger.entries(type="rights.access")
    assert entry.body["reason"] == "letter of 1 May" and entry.actor == "officer"


def test_a_fact_put_right_destroys_the_wrong_one_and_revokes_what_carried_it(records: Records) -> None:
    agree(records)
    rights = records.rights
    old = rights.keep_fact(Z, "address", "1 Wrong Road", actor="p1")
    records.passing_on.hand_over(
        Z, recipient="Housing", facts=["address"], answers=[], days=3, actor="p1", role="colleague"
    )
    rights.rectify(Z, "address", "2 Right Road", reason="moved", actor="officer")
    assert rights.facts(Z) == {"address": "2 Right Road"}
    assert records.vault.state(old.payload_id) is Sealing.ERASED
    assert all(handover.revoked for handover in records.handovers.all(Z))
    with pytest.raises(FactUnknown):
        rights.rectify(Z, "shoe size", "9", reason="asked", actor="officer")
    with pytest.raises(OptionInvalid):
        rights.rectify(Z, "address", " ", reason="asked", actor="officer")


# --- retention and holds --------------------------------------------------------------------------------------------


def test_what_is_older_than_its_class_allows_is_erased_and_a_dry_run_only_says_so(
    records: Records, clock: Clock
) -> None:
    agree(records)
    answered(records)
    assert all(outcome.erased == 0 for outcome in records.retention.run(actor="schedule"))
    clock.now += dt.timedelta(days=policy()[Kind.TOKENS].days + 1)
    size = records.ledger.size()
    due = {o.kind: o.erased for o in records.retention.run(actor="schedule", dry=True)}
    assert due["tokens"] == 1 and due["question"] == 0
    assert len(records.vault.held()) == 2 and records.ledger.size() == size
    assert {o.kind: o.erased for o in records.retention.run(actor="schedule")} == due
    assert [p.kind for p in records.vault.held()] == [Kind.QUESTION]
    assert records.ledger.entries(type="retention.run")[-1].body["classes"][0]["erased"] == 1
    assert records.ledger.verify().ok


def test_a_hold_stops_retention_and_when_it_is_over_what_was_due_goes(records: Records, clock: Clock) -> None:
    agree(records)
    answered(records)
    hold = records.holds.place(Z, authority="tribunal", reason="appeal", actor="officer", days=100)
    withdraw(records)
    clock.now += dt.timedelta(days=50)
    outcomes = {o.kind: o for o in records.retention.run(actor="schedule")}
    assert (outcomes["tokens"].held, outcomes["tokens"].erased) == (1, 0)
    clock.now += dt.timedelta(days=51)
    assert records.holds.active() == [], "it ran out"
    with pytest.raises(HoldUnknown):
        records.holds.lift(hold.hold_id, reason="over", actor="officer")
    records.retention.run(actor="schedule")
    assert records.vault.held() == []


def test_a_hold_needs_an_authority(records: Records) -> None:
    with pytest.raises(OptionInvalid):
        records.holds.place(Z, authority=" ", reason="", actor="officer")


def test_periods_of_the_settings_hold_and_strange_ones_are_refused() -> None:
    assert periods({"tokens": 1})[Kind.TOKENS].days == 1
    assert periods({})[Kind.TOKENS].days == policy()[Kind.TOKENS].days
    for bad in ({"token": 1}, {"tokens": -1}):
        with pytest.raises(SettingInvalid):
            periods(bad)


# --- erasure --------------------------------------------------------------------------------------------------------


def test_erased_is_gone_from_every_byte_and_certified(records: Records, tmp_path: Path) -> None:
    agree(records)
    agree(records, "z2")
    answered(records)
    kept = answered(records, "z2", 2)
    traces = records.vault.traces(Z)
    certificate = records.erasure.erase(Z, reason="letter", actor="officer", terms=["Ann Example", "zebra"])
    assert certificate["complete"], certificate
    assert certificate["found"] == [] and len(certificate["payloads_erased"]) == 2
    assert certificate["gone_from_backups_by"] == "2026-12-28"
    files = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert not any(trace in files for trace in traces) and b"zebra" not in files
    assert records.vault.held(subject="z2"), "another person's data stands"
    assert "zebra" in str(records.rights.access("z2", reason="r", actor="officer")) and kept
    assert not records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed
    proof = records.ledger.prove(certificate["entry"])
    assert proof["entry"]
    assert records.ledger.verify().ok
    again = records.erasure.erase(Z, reason="letter", actor="officer")
    assert again["complete"] and again["payloads_erased"] == []


def test_what_is_looked_for_is_the_persons_own_and_not_the_guidance() -> None:
    words = {
        "input.question": "Ann lost her zebra sanctuary, what now?",
        "decision.reason": "Each sentence passed every check.",
    }
    assert own_texts(Kind.QUESTION, words) == ["Ann lost her zebra sanctuary, what now?"]
    copy = {
        "question": "Ann lost her zebra sanctuary, what now?",
        "sentences": ["It can be spread over 24 months."],
    }
    assert own_texts(Kind.COPY, copy) == ["Ann lost her zebra sanctuary, what now?"]
    assert own_texts(Kind.FACT, {"name": "interpreter needed", "value": "yes"}) == []
    assert own_texts(Kind.HANDOVER, {"body": "a" * 99}) == []


def test_what_is_left_is_found_and_named_and_never_repeated(records: Records, tmp_path: Path) -> None:
    agree(records)
    answered(records)
    (tmp_path / "stray.log").write_bytes("… ann example …".encode("utf-16-le"))
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "leaflet.txt").write_text("Ask for ANN EXAMPLE at the desk.")
    certificate = records.erasure.erase(Z, reason="letter", actor="officer")
    assert not certificate["complete"]
    assert [where.split(": ")[1] for where in certificate["found"]] == ["stray.log"]
    assert [where.split(": ")[1] for where in certificate["also_in_guidance"]] == ["sources/leaflet.txt"]
    assert "Ann" not in str(certificate)


def test_under_a_hold_it_is_refused_and_the_refusal_recorded(records: Records) -> None:
    agree(records)
    answered(records)
    records.holds.place(Z, authority="tribunal", reason="appeal", actor="officer")
    with pytest.raises(ErasureHeld, match="tribunal"):
        records.erasure.erase(Z, reason="letter", actor="officer")
    assert len(records.vault.held(subject=Z)) == 2
    (entry,) = records.ledger.entries(type="erasure.refused")
    assert entry.body["reason"] == "letter"


def test_it_erases_without_the_master_key_too(records: Records, tmp_path: Path) -> None:
    agree(records)
    answered(records)
    (tmp_path / "keys" / "vault.key").unlink()
    certificate = records.erasure.erase(Z, reason="letter", actor="officer")
    assert certificate["complete"] and len(certificate["not_opened_before"]) == 2


def test_a_scan_sees_across_the_blocks_it_reads(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (4 * 1024 * 1024 - 5) + b"Ann Example" + b"x")
    found, files, size = scan(tmp_path, {"name": ways("ann example"), "none": ways("nobody")})
    assert [(t.what, t.where) for t in found] == [("name", "big")]
    assert (files, size) == (1, 4 * 1024 * 1024 + 7)


# --- killed anywhere --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_agreeing(records: Records, tmp_path: Path, after: bool) -> None:
    def check() -> None:
        sound(records, tmp_path)
        assert records.ledger.size() == 0
        assert not records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed

    assert at_every_statement(lambda: agree(records), check, after=after) > 3
    assert records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed
    sound(records, tmp_path)


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_withdrawing(records: Records, tmp_path: Path, after: bool) -> None:
    agree(records)
    answered(records)

    def check() -> None:
        sound(records, tmp_path)
        assert len(records.vault.held(subject=Z)) == 2
        assert records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed

    assert at_every_statement(lambda: withdraw(records), check, after=after) > 10
    assert records.vault.held(subject=Z) == []
    sound(records, tmp_path)


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_erasing(records: Records, tmp_path: Path, after: bool) -> None:
    agree(records)
    answered(records)
    seen = set()

    def check() -> None:
        sound(records, tmp_path)
        held = len(records.vault.held(subject=Z))
        allowed = records.consents.decide(Purpose.ANSWER, Z, CITIZEN_PARTICIPATION).allowed
        said = len(records.ledger.entries(type="erasure.done"))
        assert (held, allowed, said > 0) in ((2, True, False), (0, False, True)), "all of it or none"
        seen.add(held)

    at_every_statement(lambda: records.erasure.erase(Z, reason="letter", actor="officer"), check, after=after)
    assert seen == {0, 2}
    assert records.ledger.entries(type="erasure.certified")[-1].body["complete"]
    sound(records, tmp_path)
