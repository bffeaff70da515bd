"""A subject is no question: questions are offered, and each of them finds something."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers import Outcome
from assistant.app import Assistant, build
from assistant.settings import Settings
from governance.completeness import missing_fields
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot, guidance


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    snapshot = DictSnapshot(embedder=CountingEmbedder()).add(
        guidance(
            "uc:advance",
            {
                "Repaying an advance": "Repayment of an advance is spread over up to 24 months.",
                "Who can get an advance": "A claimant in need can ask for an advance of the first payment.",
                "Refusing an advance": "There is no right of appeal against the refusal of an advance.",
            },
            title="Universal Credit advances",
        )
    )
    return build(
        Settings.load(data_dir=tmp_path, models_dir=tmp_path / "m"),
        embedder=CountingEmbedder(), redactor=DictRedactor(), snapshots=OneSnapshot(snapshot),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["advance", "ADVANCE", "advances please"])
def test_a_subject_is_met_with_questions_that_find_something(assistant: Assistant, text: str) -> None:
    answer = assistant.ask(text)
    assert answer.outcome is Outcome.NEEDS_CLARIFICATION and answer.sentences == ()
    assert 2 <= len(answer.suggestions) <= 3 and answer.explanation
    for offered in answer.suggestions:
        section = assistant.search(offered, k=1)[0].section.rsplit(" > ")[-1]
        assert section.lower() in offered.lower()
    assert missing_fields(assistant.explanation(answer.id)) == []
    assistant.close()


def test_a_name_keeps_its_capital_in_what_is_offered(tmp_path: Path) -> None:
    snapshot = DictSnapshot(embedder=CountingEmbedder()).add(
        guidance(
            "payments",
            {
                "PIP in Scotland": "A new award of PIP is not made in Scotland.",
                "Crisis Payments": "A council decides who can get a Crisis Payment, an award for a bad month.",
                "Length of an award": "The length of an award is in the letter.",
            },
            title="Payments and awards",
        )
    )
    assistant = build(
        Settings.load(data_dir=tmp_path, models_dir=tmp_path / "m"),
        embedder=CountingEmbedder(), redactor=DictRedactor(), snapshots=OneSnapshot(snapshot),
    )  # fmt: skip
    offered = {s.partition(" say about ")[2] for s in assistant.ask("award").suggestions}
    assert offered == {"PIP in Scotland?", "Crisis Payments?", "length of an award?"}
    assistant.close()


@pytest.mark.parametrize(
    "text", ["what is an advance", "advance?", "repaying an advance over months", "pizza"]
)
def test_a_question_is_worked_through(assistant: Assistant, text: str) -> None:
    assert assistant.ask(text).outcome is not Outcome.NEEDS_CLARIFICATION
    assistant.close()
