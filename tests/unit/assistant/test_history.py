"""One's own past answers: found by their words, paged, and compared with the same question asked again."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from assistant.answers import Outcome, Person
from assistant.history import PAGE, History
from governance import tables as t
from tests.fakes import FakeAssistant
from tests.web.stock import RATES, stock

ROBIN, SAM = Person("person-robin"), Person("person-sam")
QUESTION = "How long is there to ask for a mandatory reconsideration?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[FakeAssistant]:
    made = FakeAssistant(tmp_path, stock())
    yield made
    made.close()


def test_only_one_s_own_answers_are_found_newest_first(assistant: FakeAssistant) -> None:
    history = History(assistant.store)
    mine = [assistant.ask(f"What is rate {n}?", person=ROBIN).id for n in range(3)]
    assistant.ask("What is theirs?", person=SAM)
    assert [one.id for one in history.of(ROBIN.id).answers] == mine[::-1]
    assert history.of("person-nobody").answers == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("MANDATORY reconsideration", True),
        ("within one month", True),
        ("configuration_hash", False),
        ("100%", False),
        ("_", False),
        ('"quoted"', True),
        ("zoë", True),
        ("ZOË", True),
    ],
)
def test_words_are_looked_for_in_question_and_sentences_only(
    assistant: FakeAssistant, words: str, found: bool
) -> None:
    assistant.ask(f'{QUESTION} Zoë said "quoted"', person=ROBIN)
    assert bool(History(assistant.store).of(ROBIN.id, holding=words).answers) is found


def test_pages_follow_one_another_without_gap_or_double(assistant: FakeAssistant) -> None:
    history = History(assistant.store)
    ids = [assistant.ask(f"What is paid {n}?", person=ROBIN).id for n in range(2 * PAGE + 3)]
    seen: list[str] = []
    before = None
    for _ in range(3):
        past = history.of(ROBIN.id, before=before)
        seen += [one.id for one in past.answers]
        before = past.older
    assert seen == ids[::-1] and before is None


def test_ten_thousand_past_answers_are_paged_and_searched_quickly(assistant: FakeAssistant) -> None:
    history = History(assistant.store)
    made = assistant.ask("What is the needle paid?", person=ROBIN)
    with assistant.store.write() as connection:
        row = connection.execute(t.entries.select().order_by(t.entries.c.index.desc())).mappings().first()
        assert row is not None
        rows = []
        for n in range(1, 10_001):
            data = row["data"].replace(b"needle", b"straw").replace(made.id.encode(), f"a{n:016x}".encode())
            rows.append({**row, "index": row["index"] + n, "data": data, "subject": f"a{n:016x}"})
        connection.execute(insert(t.entries), rows)
    began = time.perf_counter()
    assert len(history.of(ROBIN.id).answers) == PAGE
    assert [one.id for one in history.of(ROBIN.id, holding="needle").answers] == [made.id]
    assert time.perf_counter() - began < 30  # a hang, not a speed


def test_what_changed_since_the_same_was_asked(assistant: FakeAssistant) -> None:
    history = History(assistant.store)
    first = assistant.ask(QUESTION, person=ROBIN)
    assert history.changes(first, ROBIN.id) is None
    again = assistant.ask(QUESTION, person=ROBIN)
    same = history.changes(again, ROBIN.id)
    assert same is not None and same.same and same.same_versions and same.before.id == first.id
    assert history.changes(assistant.ask(QUESTION, person=SAM), SAM.id) is None
    assert history.changes(assistant.ask(QUESTION, person=ROBIN, nation="wales"), ROBIN.id) is None
    assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
    gone = history.changes(assistant.ask(QUESTION, person=ROBIN), ROBIN.id)
    assert gone is not None and gone.outcome_was is Outcome.ANSWERED and len(gone.gone) == 2


def test_newer_versions_are_told(assistant: FakeAssistant) -> None:
    history = History(assistant.store)
    assistant.ask("What does the standard allowance depend on?", person=ROBIN)
    version, passages = RATES
    snapshot = assistant.snapshots.snapshot
    newer = dataclasses.replace(version, id="vnewer")
    for one in passages:
        del snapshot.kept[one.id], snapshot.vectors[one.id]
    snapshot.add((newer, [dataclasses.replace(p, id=f"{p.id}n", version_id="vnewer") for p in passages]))
    changed = history.changes(
        assistant.ask("What does the standard allowance depend on?", person=ROBIN), ROBIN.id
    )
    assert changed is not None and changed.same and not changed.same_versions
