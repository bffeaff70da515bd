"""Real answers, used only by agreement: feedback that becomes cases, and the nightly sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import pytest

from assistant.answers import OPERATOR, Person
from assistant.records import Records
from evals.cases import load_cases
from evals.live import WITHHELD, metrics, sample
from evals.people.feedback import Feedback, Judgement
from governance.agreement import COLLEAGUE_EVALUATION
from governance.errors import AgreementMissing, AlreadyExists, EntryUnknown, NotPermitted, OptionInvalid
from tests.fakes import DictRedactor, DictSnapshot, FakeAssistant, guidance

ASKER = Person("colleague-7")
YES = Judgement(accept=True, answerable=True, uri="sample:a", contains="one month")


class Recorded(FakeAssistant):
    """A stand-in with the records of a real assistant beside it."""

    @cached_property
    def records(self) -> Records:
        return Records(self.store, self.ledger, self.settings)

    def supports(self, sentence: str, passages: Sequence[str]) -> float:
        return float(any(sentence in p for p in passages))


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Recorded]:
    snapshot = DictSnapshot().add(guidance("sample:a", {"Time": "An appeal must be made within one month."}))
    made = Recorded(tmp_path / "data", snapshot)
    made.redactor = DictRedactor({"Maude": "PERSON"})
    yield made
    made.close()


def agree(assistant: Recorded, person: Person = ASKER) -> None:
    assistant.records.consents.give(
        person.id, COLLEAGUE_EVALUATION, purposes=["evaluation_reuse"], actor=person.id, channel="test"
    )


def feedback(assistant: Recorded) -> Feedback:
    return Feedback(assistant.records, assistant.redactor)


def test_without_agreement_nothing_is_copied_and_the_refusal_is_recorded(assistant: Recorded) -> None:
    answer = assistant.ask("how long to appeal", person=ASKER)
    with pytest.raises(AgreementMissing):
        feedback(assistant).propose(answer.id, by="lead")
    assert feedback(assistant).all() == []
    [decided] = assistant.ledger.entries(type="use.decided")
    assert decided.body["allowed"] is False and decided.body["purpose"] == "evaluation_reuse"


def test_two_people_who_say_the_same_make_a_case(assistant: Recorded, tmp_path: Path) -> None:
    agree(assistant)
    answer = assistant.ask("how long has Maude to appeal", nation="wales", as_at="2026-11-02", person=ASKER)
    room = feedback(assistant)
    made = room.propose(answer.id, by="lead")
    assert "Maude" not in room.text(made)["question"]
    assert room.triage(made, YES, by="ash").state == "waiting" and room.cases() == []
    with pytest.raises(NotPermitted, match="ash has judged"):
        room.triage(made, YES, by="ash")
    with pytest.raises(NotPermitted, match="Whoever asked"):
        room.triage(made, YES, by=ASKER.id)
    assert room.triage(made, YES, by="birch").state == "accepted"
    with pytest.raises(NotPermitted, match="judged by two"):
        room.triage(made, YES, by="cedar")
    with pytest.raises(AlreadyExists):
        room.propose(answer.id, by="lead")
    path, number = room.export(tmp_path / "out", by="lead")
    [case] = load_cases(path)
    assert number == 1 and path.name == "feedback-v1.jsonl"
    assert (case.origin, case.split, case.nation, case.gold[0].contains) == (
        "feedback",
        "dev",
        "wales",
        "one month",
    )
    assert [label.rater for label in case.labels] == ["ash", "birch"]


def test_people_who_differ_make_none(assistant: Recorded) -> None:
    agree(assistant)
    room = feedback(assistant)
    made = room.propose(assistant.ask("how long to appeal", person=ASKER).id, by="lead")
    room.triage(made, YES, by="ash")
    assert room.triage(made, Judgement(accept=True), by="birch").state == "disputed"
    other = room.propose(assistant.ask("how long to appeal now", person=ASKER).id, by="lead")
    room.triage(other, Judgement(accept=False), by="ash")
    assert room.triage(other, Judgement(accept=False), by="birch").state == "rejected" and room.cases() == []
    with pytest.raises(EntryUnknown):
        room.one("fb999")
    third = room.propose(assistant.ask("how long to appeal again", person=ASKER).id, by="lead")
    with pytest.raises(OptionInvalid, match="passage"):
        room.triage(third, Judgement(accept=True, answerable=True), by="ash")


def test_who_withdraws_takes_it_back(assistant: Recorded, tmp_path: Path) -> None:
    agree(assistant)
    room = feedback(assistant)
    made = room.propose(assistant.ask("how long to appeal", person=ASKER).id, by="lead")
    for person in ("ash", "birch"):
        room.triage(made, YES, by=person)
    assert room.export(tmp_path, by="lead")[1] == 1
    assistant.records.consents.withdraw(ASKER.id, COLLEAGUE_EVALUATION, actor=ASKER.id, channel="test")
    path, number = room.export(tmp_path, by="lead")
    assert number == 0 and path.name == "feedback-v2.jsonl" and path.read_text() == ""


def test_a_sample_of_real_answers_keeps_no_question(assistant: Recorded) -> None:
    agree(assistant)
    assistant.ask("how long to appeal", person=ASKER)
    assistant.ask("how long to appeal", person=Person("colleague-8"))
    assistant.ask("how long to appeal", person=OPERATOR)
    now = dt.datetime.now(dt.UTC)
    day = {"since": now - dt.timedelta(hours=1), "until": now + dt.timedelta(hours=1), "actor": "nightly"}
    found = sample(assistant, most=10, seed=1, **day)  # type: ignore[arg-type]
    assert (found.drawn, found.refused, found.unscored, len(found.results)) == (3, 1, 0, 2)
    assert {r.case.question for r in found.results} == {WITHHELD}
    assert "appeal" not in " ".join(r.case.model_dump_json() for r in found.results)
    figures = {m.name: m.estimate for m in metrics(found.results)}
    assert figures["quotes verbatim"].mean == 1.0 and figures["no personal data kept"].mean == 1.0
    assert sample(assistant, most=1, seed=1, **day).drawn == 1  # type: ignore[arg-type]
    assert len(assistant.ledger.entries(type="use.decided")) == 4


def test_an_answer_of_guidance_since_gone_and_a_leak_are_seen(assistant: Recorded) -> None:
    assistant.ask("how long has Maude to appeal", person=OPERATOR)
    now = dt.datetime.now(dt.UTC)
    day = {"since": now - dt.timedelta(hours=1), "until": now + dt.timedelta(hours=1), "actor": "nightly"}
    found = sample(assistant, most=5, seed=1, **day)  # type: ignore[arg-type]
    assert {m.name: m.estimate.mean for m in metrics(found.results)}["no personal data kept"] == 0.0
    assistant.snapshots.snapshot.kept.clear()
    assert sample(assistant, most=5, seed=1, **day).unscored == 1  # type: ignore[arg-type]
