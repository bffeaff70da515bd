"""An answer as a job: told as it comes about, told again from any point, stopped, lost and forgotten."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.abstain import Calibration
from assistant.answers import Outcome, Person, Role
from assistant.app import Assistant, build
from assistant.jobs import Event, EventKind, JobState, Kept
from assistant.settings import Settings
from governance.errors import JobUnknown, QuestionEmpty
from governance.store import Store
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot, guidance

ASK = "How long can repayment of a new claim advance be spread over?"
LENIENT = Calibration(version="t", intercept=-2.0, coefficients={"focus": 4.0}, threshold=0.5, evidence={})


class Gate(DictSnapshot):
    """A snapshot whose search waits until it is let go."""

    def __init__(self) -> None:
        super().__init__(embedder=CountingEmbedder())
        self.reached, self.open = threading.Event(), threading.Event()
        self.error: Exception | None = None
        self.open.set()

    def dense(self, *given: Any) -> Any:
        self.reached.set()
        assert self.open.wait(20)
        if self.error:
            raise self.error
        return super().dense(*given)


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def gate() -> Gate:
    made = Gate()
    made.add(
        guidance(
            "uc:advance",
            {"Repayment": "Repayment of a new claim advance can be spread over up to 24 months."},
        )
    )
    made.add(guidance("home", {"Visits": "Dogs must be kept away during a home visit."}))
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(tmp_path: Path, gate: Gate, clock: Clock) -> Iterator[Callable[[], Assistant]]:
    made: list[Assistant] = []
    ids = iter(range(1, 1000))

    def assistant() -> Assistant:
        made.append(
            build(
                Settings.load(data_dir=tmp_path, models_dir=tmp_path / "models"),
                embedder=CountingEmbedder(),
                redactor=DictRedactor({"Ann Example": "PERSON"}),
                snapshots=OneSnapshot(gate),
                calibration=LENIENT,
                clock=clock,
                ids=lambda: f"a{next(ids)}",
            )
        )
        return made[-1]

    yield assistant
    gate.open.set()
    for one in made:
        one.close()


def to_the_end(assistant: Assistant, job_id: str) -> list[Event]:
    told: list[Event] = []
    while not (told and told[-1].kind.last):
        more = assistant.events(job_id, after=len(told), wait=20)
        assert more, told
        told += more
    return told


def test_stages_then_verified_sentences_then_the_answer(make: Callable[[], Assistant]) -> None:
    assistant = make()
    job = assistant.start(f"Ann Example: {ASK}")
    told = to_the_end(assistant, job.id)
    kinds = [e.kind for e in told]
    assert [e.number for e in told] == list(range(1, len(told) + 1))
    assert kinds == sorted(kinds, key=["stage", "sentence", "answer"].index)
    names = [e.data["name"] for e in told if e.kind is EventKind.STAGE]
    assert names[0] == "receive" and names[-1] == "record"
    answer = assistant.answer(job.id)
    assert answer.outcome is Outcome.ANSWERED and told[-1].data["id"] == job.id
    assert [e.data["text"] for e in told if e.kind is EventKind.SENTENCE] == [
        s.text for s in answer.sentences
    ]
    assert assistant.jobs.job(job.id).state is JobState.DONE
    assert "Ann Example" not in str(told)


def test_events_are_told_again_from_any_point_and_by_any_process(make: Callable[[], Assistant]) -> None:
    one, other = make(), make()
    job = one.start(ASK)
    told = to_the_end(one, job.id)
    assert other.events(job.id) == told
    assert other.events(job.id, after=3) == told[3:]
    assert other.events(job.id, after=len(told), wait=5) == []


def test_another_process_sees_an_answer_come_about(make: Callable[[], Assistant], gate: Gate) -> None:
    one, other = make(), make()
    gate.open.clear()
    job = one.start(ASK)
    assert gate.reached.wait(20)
    early = other.events(job.id)
    assert [e.kind for e in early] == [EventKind.STAGE] * len(early) and early
    gate.open.set()
    assert to_the_end(other, job.id)[-1].kind is EventKind.ANSWER


def test_a_cancelled_answer_is_not_given_and_the_wish_is_in_the_ledger(
    make: Callable[[], Assistant], gate: Gate
) -> None:
    assistant, other = make(), make()
    gate.open.clear()
    job = assistant.start(ASK, person=Person("operator", Role.OPERATOR))
    assert gate.reached.wait(20)
    other.cancel(job.id)
    gate.open.set()
    assert to_the_end(assistant, job.id)[-1].kind is EventKind.CANCELLED
    assert assistant.jobs.job(job.id).state is JobState.CANCELLED
    assert [e.type for e in assistant.ledger.about(job.id)] == ["answer.cancelled"]
    again = assistant.cancel(job.id)
    assert again.state is JobState.CANCELLED and len(assistant.ledger.about(job.id)) == 1


def test_cancelling_what_has_ended_changes_nothing(make: Callable[[], Assistant]) -> None:
    assistant = make()
    job = assistant.start(ASK)
    told = to_the_end(assistant, job.id)
    assert assistant.cancel(job.id).state is JobState.DONE
    assert assistant.events(job.id) == told


def test_a_job_is_seen_by_whoever_asked(make: Callable[[], Assistant]) -> None:
    assistant = make()
    assistant.consents.acknowledge("p-1", "colleague-use", actor="p-1", channel="page")
    job = assistant.start(ASK, person=Person("p-1"))
    assert to_the_end(assistant, job.id)
    assert assistant.events(job.id, person=Person("p-1"))
    for act in (assistant.events, assistant.cancel):
        with pytest.raises(JobUnknown):
            act(job.id, person=Person("p-2"))
    with pytest.raises(JobUnknown):
        assistant.events("a999")


def test_bad_input_is_raised_at_once(make: Callable[[], Assistant]) -> None:
    with pytest.raises(QuestionEmpty):
        make().start(" ?")


def test_what_nobody_foresaw_ends_the_job_in_words(
    make: Callable[[], Assistant], gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = make()
    gate.error = ZeroDivisionError("secret")
    job = assistant.start(ASK)
    last = to_the_end(assistant, job.id)[-1]
    assert last.kind is EventKind.ERROR and last.data["code"] == "answer.lost" and "secret" not in str(last)
    assert assistant.answer(job.id).outcome is Outcome.FAILED


def test_a_job_whose_process_died_is_told_as_lost_and_expired_ones_are_forgotten(
    tmp_path: Path, clock: Clock
) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    kept = Kept(store, clock, keep=dt.timedelta(hours=1), longest=dt.timedelta(seconds=60))
    kept.begin("a1", "p")
    kept.add("a1", [(EventKind.STAGE, {"name": "receive"})])
    clock.now += dt.timedelta(seconds=61)
    assert kept.job("a1").state is JobState.FAILED
    assert kept.events("a1")[-1].data["code"] == "answer.lost"
    assert not kept.add("a1", [(EventKind.ANSWER, {})], ends=JobState.DONE)
    clock.now += dt.timedelta(hours=2)
    kept.begin("a2", "p")
    with pytest.raises(JobUnknown):
        kept.job("a1")
    assert kept.events("a1") == []
    clock.now += dt.timedelta(hours=2)
    assert kept.forget_expired() == 1
    store.close()


def test_no_question_is_kept_with_a_job(make: Callable[[], Assistant], tmp_path: Path) -> None:
    assistant = make()
    job = assistant.start(f"Ann Example: {ASK}")
    to_the_end(assistant, job.id)
    assistant.close()
    assert b"Ann Example" not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
