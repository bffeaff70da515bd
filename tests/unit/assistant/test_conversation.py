"""A follow-up is made to stand on its own, from the same person's last answer, and shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.abstain import Calibration
from assistant.answers import Answer, Outcome, Person, Question
from assistant.app import Assistant, build
from assistant.conversation import EARLIER, followed_up, leans_on_the_last
from assistant.glossary import glossary
from assistant.settings import Settings
from ingest.documents import Nation
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot, guidance

ON = dt.date(2026, 11, 2)
NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
LENIENT = Calibration(version="t", intercept=-0.5, coefficients={"focus": 4.0}, threshold=0.5, evidence={})
FIRST = "How long can repayment of a new claim advance be spread over?"


def before(
    text: str = "how long does a claimant have to ask for an MR of a UC decision", **changed: object
) -> Answer:
    made = Answer("a1", Outcome.ANSWERED, text, Nation.ENGLAND, ON)
    return replace(made, **changed)  # type: ignore[arg-type]


def question(text: str, nation: Nation | None = Nation.ENGLAND, on: dt.date = ON) -> Question:
    return Question("a2", text, Person("p"), on, NOW, nation, "c")


FOLLOW_UPS = [
    "and if she missed that, what is the latest it can be?", "what about prison?", "and if they are under 25?",
    "what if it is for medical treatment?", "how is the amount worked out?", "can a full time student get it?",
    "But why?", "what is the latest a late one can be accepted?",
]  # fmt: skip
WHOLE = [
    "how long does new style JSA last", "what is the carer element of UC?", "When does PIP stop in hospital?",
    "what evidence must a self-employed claimant keep of business expenses paid in cash",
]  # fmt: skip


@pytest.mark.parametrize("text", FOLLOW_UPS)
def test_a_follow_up_is_seen_and_made_whole(text: str) -> None:
    found = followed_up(question(text), before(), glossary())
    assert found is not None
    assert (
        found.text
        == f"{EARLIER}how long does a claimant have to ask for an MR of a UC decision. {text[:1].upper()}{text[1:]}"
    )


@pytest.mark.parametrize("text", WHOLE)
def test_a_question_that_stands_on_its_own_is_left_alone(text: str) -> None:
    assert not leans_on_the_last(text, before().question, glossary())


@pytest.mark.parametrize("text", ["how long?", "and for a couple?", "PIP rates", "How  Long?!"])
def test_a_question_asked_again_is_no_follow_up_to_itself(text: str) -> None:
    assert followed_up(question(text), before(text.lower()), glossary()) is None
    assert followed_up(question("and for how long?"), before(text), glossary()) is not None


def test_a_second_follow_up_is_about_the_first_question_still() -> None:
    second = before(
        "and for a couple?", rewritten=f"{EARLIER}how much is the UC standard allowance. and for a couple?"
    )
    found = followed_up(question("and under 25?"), second, glossary())
    assert (
        found is not None and found.text == f"{EARLIER}how much is the UC standard allowance. And under 25?"
    )


@pytest.mark.parametrize(
    ("text", "nation", "on", "became", "noticed"),
    [
        ("and in Scotland?", Nation.ENGLAND, ON, Nation.SCOTLAND, "Scotland, which the question names"),
        ("and for a couple?", None, ON, Nation.ENGLAND, "as in the question before"),
        ("and for a couple?", Nation.WALES, ON, Nation.WALES, "was about England"),
        ("and for a couple?", Nation.ENGLAND, dt.date(2027, 1, 1), Nation.ENGLAND, "2026-11-02"),
    ],
)
def test_a_change_of_nation_or_date_is_noticed(
    text: str, nation: Nation | None, on: dt.date, became: Nation, noticed: str
) -> None:
    found = followed_up(question(text, nation, on), before(), glossary())
    assert found is not None and found.nation is became
    assert any(noticed in said for said in found.noticed)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[], Assistant]]:
    made: list[Assistant] = []
    snapshot = DictSnapshot(embedder=CountingEmbedder())
    for n in range(12):  # enough others that the passage before is not found by the follow-up alone
        snapshot.add(
            guidance(
                f"other:{n}", {"Error": f"An error of kind {n} in another claim is corrected in the system."}
            )
        )
    snapshot.add(
        guidance("uc:advance", {"Repayment": "Repayment of a new claim advance can be spread over up to 24 months. "
                                "Hardship can delay it for up to 3 months."})
    )  # fmt: skip

    def assistant() -> Assistant:
        made.append(
            build(
                Settings.load(data_dir=tmp_path, models_dir=tmp_path / "m"), embedder=CountingEmbedder(),
                redactor=DictRedactor({"Ann Example": "PERSON"}), snapshots=OneSnapshot(snapshot), calibration=LENIENT,
            )
        )  # fmt: skip
        return made[-1]

    yield assistant
    for one in made:
        one.close()


ASK_ON = "and how long can hardship delay it?"


def test_history_is_the_last_answer_of_the_conversation_even_in_another_process(
    make: Callable[[], Assistant],
) -> None:
    first = make().ask(f"Ann Example: {FIRST}", conversation="c")
    answer = make().ask(ASK_ON, conversation="c")
    assert answer.question == ASK_ON
    assert answer.rewritten.startswith(EARLIER) and answer.rewritten.endswith(ASK_ON[1:])
    assert "Ann Example" not in answer.rewritten
    assert answer.outcome is Outcome.ANSWERED
    assert any("3 months" in s.text for s in answer.sentences)
    again = make()
    assert again.answer(answer.id) == answer
    used = {c.passage_id for c in again.explanation(answer.id).retrieval.candidates if c.used}
    assert {c.passage_id for s in first.sentences for c in s.citations} <= used


def test_without_a_conversation_or_in_another_or_by_another_nothing_is_taken_over(
    make: Callable[[], Assistant],
) -> None:
    assistant = make()
    for person in ("p-1", "p-2"):
        assistant.consents.acknowledge(person, "colleague-use", actor=person, channel="page")
    assistant.ask(FIRST, conversation="c", person=Person("p-1"))
    assert assistant.ask(ASK_ON, person=Person("p-1")).rewritten == ""
    assert assistant.ask(ASK_ON, conversation="d", person=Person("p-1")).rewritten == ""
    assert assistant.ask(ASK_ON, conversation="c", person=Person("p-2")).rewritten == ""
    assert assistant.ask(ASK_ON, conversation="c", person=Person("p-1")).rewritten != ""


def test_a_rewritten_question_that_was_changed_is_asked_as_it_stands(make: Callable[[], Assistant]) -> None:
    assistant = make()
    assistant.ask(FIRST, conversation="c")
    changed = assistant.ask(ASK_ON, conversation="c").rewritten.replace(
        "hardship delay it", "repayment of it be spread over"
    )
    answer = assistant.ask(changed)
    assert answer.rewritten == "" and "24 months" in answer.sentences[0].text


def test_a_question_said_to_be_whole_leans_on_none_before_it(make: Callable[[], Assistant]) -> None:
    assistant = make()
    assistant.ask(FIRST, conversation="c")
    assert assistant.ask(ASK_ON, conversation="c", whole=True).rewritten == ""
    assistant.ask(FIRST, conversation="c")
    assert assistant.ask(ASK_ON, conversation="c").rewritten.endswith(ASK_ON[1:])


def test_a_decision_or_a_risk_is_met_as_such_in_a_conversation_too(make: Callable[[], Assistant]) -> None:
    assistant = make()
    assistant.ask(FIRST, conversation="c")
    assert (
        assistant.ask("so should i sanction him then", conversation="c").outcome
        is Outcome.DECISION_FOR_A_PERSON
    )
    assert assistant.ask("she says she will end her life", conversation="c").outcome is Outcome.SAFEGUARDING
