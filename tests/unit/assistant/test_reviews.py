"""From a doubt to a ruling to the next colleague, on a real ledger."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from assistant.answers import Answer, Outcome, Person, Role
from assistant.review import Decision, Kind, Reviews
from assistant.review.notes import note, write_notes
from governance.errors import (
    AnswerChanged,
    AnswerUnknown,
    NotPermitted,
    OwnAnswer,
    ReasonMissing,
    RedactionFailed,
    ReviewClosed,
    ReviewUnknown,
    RulingInvalid,
    SentenceUnknown,
)
from governance.store import Store
from ingest.documents import Nation
from ingest.parse.metadata import front_matter, metadata
from tests.fakes import DictRedactor, DictSnapshot, FakeAssistant, guidance

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
ASKER, OTHER, EXPERT = Person("p-1"), Person("p-2"), Person("e-1", Role.EXPERT)
UNTIL = dt.date(2027, 3, 31)


@pytest.fixture
def assistant(tmp_path: Path) -> FakeAssistant:
    snapshot = DictSnapshot().add(
        guidance(
            "uc:advance",
            {
                "Repayment": "A new claim advance is paid back over 24 months.",
                "Refusal": "There is no right of appeal against the refusal of an advance.",
            },
        )
    )
    return FakeAssistant(tmp_path, snapshot)


@pytest.fixture
def reviews(assistant: FakeAssistant) -> Reviews:
    redactor = DictRedactor({"Jo Bloggs": "PERSON"}, refuse="4929")
    return Reviews(assistant.store, assistant.ledger, lambda: redactor, lambda: NOW)


@pytest.fixture
def answer(assistant: FakeAssistant) -> Answer:
    return assistant.ask("How is a new claim advance paid back?", nation="wales", person=ASKER)


def ruled(reviews: Reviews, review: str, decision: Decision = Decision.AMEND, **given: Any) -> Any:
    filled = {
        "by": EXPERT, "reason": "The period changed.", "answer_sha256": reviews.one(review).answer_sha256,
        "wording": "It is paid back over 24 months.", "valid_to": UNTIL, **given,
    }  # fmt: skip
    return reviews.rule(review, decision, **filled)


def test_a_doubt_is_kept_without_the_person_in_it(reviews: Reviews, answer: Answer) -> None:
    opened = reviews.contest(answer.id, " Jo Bloggs was told 12 months ", by=OTHER, sentences=[0])
    assert opened.why == "<PERSON_1> was told 12 months"
    assert opened.passages == (answer.sentences[0].citations[0].passage_id,)
    assert reviews.queue() == [opened] == reviews.of(answer.id)
    assert reviews.one(opened.id) == opened
    assert opened.kind is Kind.CONTESTED


def test_views_stand_beside_the_doubt_in_order(reviews: Reviews, answer: Answer) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    reviews.view(opened.id, "I was told so too.", agrees=True, by=Person("p-3"))
    seen = reviews.view(opened.id, "The page says 24.", agrees=False, by=Person("p-4"))
    assert [(v.by, v.agrees) for v in seen.views] == [("p-3", True), ("p-4", False)]
    assert seen.open


def test_a_ruling_reaches_whoever_relied_on_the_words_once(
    reviews: Reviews, assistant: FakeAssistant, answer: Answer
) -> None:
    also = Person("p-5")
    assistant.ask("Over how many months is an advance paid back?", person=also)
    assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
    assistant.ask("What else?", person=Person("p-6"))
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    closed = ruled(reviews, opened.id)
    assert closed.ruling.relied_on_by == ("p-1", "p-2", "p-5")
    assert reviews.queue() == []
    for person in (ASKER, OTHER, also):
        assert [review.id for review in reviews.news_for(person)] == [opened.id]
    assert reviews.news_for(Person("p-6")) == []
    reviews.seen(opened.id, by=ASKER)
    assert reviews.news_for(ASKER) == []
    assert reviews.news_for(also)


def test_what_is_news_is_found_without_reading_every_ruling(
    reviews: Reviews, assistant: FakeAssistant, answer: Answer
) -> None:
    for _ in range(12):
        ruled(reviews, reviews.contest(answer.id, "It is 12 months.", by=OTHER).id)
    for news in reviews.news_for(ASKER)[1:]:
        reviews.seen(news.id, by=ASKER)
    stranger, one_left = (queries(assistant, reviews, who) for who in (Person("p-9"), ASKER))
    assert [sum("tidings" in query for query in made) for made in (stranger, one_left)] == [1, 1]
    assert not any("entries" in query for query in stranger)
    assert len(one_left) < 12


def queries(assistant: FakeAssistant, reviews: Reviews, person: Person) -> list[str]:
    """What the database is asked, to find what is news to somebody."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(assistant.store._engine, "before_cursor_execute", hear)
    reviews.news_for(person)
    event.remove(assistant.store._engine, "before_cursor_execute", hear)
    return [query for query in said if query.startswith("SELECT")]


def test_news_from_before_there_was_a_table_is_kept(
    reviews: Reviews, assistant: FakeAssistant, answer: Answer
) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    ruled(reviews, opened.id)
    reviews.seen(opened.id, by=OTHER)
    assistant.ledger.append("review.seen", {"review": "r0"}, actor="p-8", subject="r0")
    with assistant.store.write() as connection:
        connection.execute(text("DROP TABLE tidings"))
        connection.execute(text("DROP TABLE cards"))
        connection.execute(text("DROP INDEX entries_by_actor"))
        connection.execute(text("UPDATE alembic_version_governance SET version_num = '0007'"))
    again = Store.open(assistant.settings.governance_url)
    with again.read() as connection:
        rows = connection.execute(text("SELECT person, review FROM tidings")).all()
    again.close()
    assert [tuple(row) for row in rows] == [("p-1", opened.id)]


@pytest.mark.parametrize("by", [ASKER, OTHER])
def test_nobody_rules_on_their_own(reviews: Reviews, answer: Answer, by: Person) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    with pytest.raises(OwnAnswer):
        ruled(reviews, opened.id, by=Person(by.id, Role.EXPERT))
    assert reviews.one(opened.id).open


@pytest.mark.parametrize("role", [Role.COLLEAGUE, Role.OFFICER, Role.ADMINISTRATOR, Role.OPERATOR])
def test_only_an_expert_rules(reviews: Reviews, answer: Answer, role: Role) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    with pytest.raises(NotPermitted):
        ruled(reviews, opened.id, by=Person("x", role))


def test_the_first_ruling_stands(reviews: Reviews, answer: Answer) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    ruled(reviews, opened.id)
    with pytest.raises(ReviewClosed):
        ruled(reviews, opened.id, by=Person("e-2", Role.EXPERT))
    with pytest.raises(ReviewClosed):
        reviews.view(opened.id, "Too late.", agrees=True, by=OTHER)


def test_a_ruling_is_on_the_text_the_expert_saw(reviews: Reviews, answer: Answer) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    with pytest.raises(AnswerChanged):
        ruled(reviews, opened.id, answer_sha256="0" * 64)


@pytest.mark.parametrize(
    "given",
    [{"wording": ""}, {"valid_to": None}, {"valid_to": dt.date(2026, 11, 24)}],
)
def test_a_ruling_says_what_it_must(reviews: Reviews, answer: Answer, given: dict[str, Any]) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    with pytest.raises(RulingInvalid):
        ruled(reviews, opened.id, **given)


def test_approval_needs_no_wording(reviews: Reviews, answer: Answer) -> None:
    opened = reviews.contest(answer.id, "It is 12 months.", by=OTHER, kind=Kind.ASKED)
    closed = ruled(reviews, opened.id, Decision.APPROVE, wording="", valid_to=None)
    assert closed.ruling.decision is Decision.APPROVE
    assert reviews.rulings() == [(closed, closed.ruling)]


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_a_doubt_says_something_and_not_too_much(reviews: Reviews, answer: Answer, words: str) -> None:
    with pytest.raises(ReasonMissing):
        reviews.contest(answer.id, words, by=OTHER)


def test_what_cannot_be_redacted_is_not_kept(
    reviews: Reviews, answer: Answer, assistant: FakeAssistant
) -> None:
    before = assistant.ledger.size()
    with pytest.raises(RedactionFailed):
        reviews.contest(answer.id, "card 4929 1111", by=OTHER)
    assert assistant.ledger.size() == before


def test_what_is_not_there_is_said(reviews: Reviews, answer: Answer) -> None:
    with pytest.raises(AnswerUnknown):
        reviews.contest("a0", "Wrong.", by=OTHER)
    with pytest.raises(SentenceUnknown):
        reviews.contest(answer.id, "Wrong.", by=OTHER, sentences=[len(answer.sentences)])
    for reference in ("r0", "r99", "x", "", "r"):
        with pytest.raises(ReviewUnknown):
            reviews.one(reference)


def test_held_answers_come_first_in_the_queue(
    reviews: Reviews, assistant: FakeAssistant, answer: Answer
) -> None:
    contested = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    assistant.planned.append(Outcome.NEEDS_EXPERT)
    held = assistant.ask("A risky matter", person=ASKER)
    with assistant.store.write() as connection:
        entry = assistant.ledger.about(held.id)[0]
        waiting = reviews.hold(entry, "The topic needs an expert.", by=ASKER, connection=connection)
    assert [review.id for review in reviews.queue()] == [waiting.id, contested.id]
    assert ruled(reviews, waiting.id).ruling.relied_on_by == ("p-1",)


def test_notes_are_what_the_rulings_say(
    reviews: Reviews, assistant: FakeAssistant, answer: Answer, tmp_path: Path
) -> None:
    first = reviews.contest(answer.id, "It is 12 months.", by=OTHER)
    second = reviews.contest(answer.id, "Something else.", by=OTHER)
    ruled(reviews, first.id, wording='Paid back over "24" months: see the page.')
    ruled(reviews, second.id, Decision.APPROVE, wording="", valid_to=None)
    folder = write_notes(reviews, assistant.ledger, tmp_path)
    (folder / "r999.md").write_text("left behind")
    write_notes(reviews, assistant.ledger, tmp_path)
    assert [file.name for file in folder.iterdir()] == [f"{first.id}.md"]
    fields, text = front_matter((folder / f"{first.id}.md").read_text())
    made = metadata(fields, path=f"{first.id}.md", title="")
    assert made.kind == "note"
    assert made.uri == f"note:{first.id}"
    assert made.nations == (Nation.WALES,)
    assert made.valid_to == UNTIL
    assert "It is not policy" in made.notice
    assert text.strip().endswith('Paid back over "24" months: see the page.')


def test_a_note_for_every_nation_names_none(reviews: Reviews, assistant: FakeAssistant) -> None:
    everywhere = assistant.ask("How is a new claim advance paid back?", person=ASKER)
    closed = ruled(reviews, reviews.contest(everywhere.id, "No.", by=OTHER).id)
    assert "nations" not in note(closed, closed.ruling, everywhere)
