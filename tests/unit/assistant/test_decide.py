"""When an answer is given, when part of one, when none; and what is said beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from assistant.abstain import Calibration, calibration, judge
from assistant.answers import (
    OPERATOR,
    Candidate,
    Citation,
    DocumentRef,
    Hit,
    Outcome,
    Question,
    Run,
    Sentence,
)
from assistant.cautions import cautions
from assistant.risks import risks
from assistant.steps.decide import Decide
from ingest.documents import Nation

ON = dt.date(2026, 11, 2)
ALL = ("england", "scotland", "wales")
HALF = Calibration(version="t", intercept=-0.5, coefficients={"dense": 1.0}, threshold=0.5, evidence={})
"""Answers from a cosine of 0.5 on."""
ASKED = Question("a1", "How is it repaid?", OPERATOR, ON, dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), None)


def document(**given: Any) -> DocumentRef:
    made = DocumentRef("d1", "Advances", "a:advance", "", ALL, None, None, "current", version_id="v1")
    return replace(made, **given)


def quoted(passage: str, start: int = 0, **given: Any) -> Sentence:
    return Sentence("A quote.", (Citation(passage, "A quote.", start, start + 8, document(**given)),))


def part(text: str, passage: str | None, **given: Any) -> dict[str, Any]:
    signals = {"dense": 0.9, "kind": 1.0, "subject": 1.0, "coverage": 0.8, **given.pop("signals", {})}
    statements = [{"passage_id": passage, "start": 0}] if passage else []
    return {
        "text": text, "wanted": "", "required": False, "statements": statements, "signals": signals,
        "missing": [], "unnamed": [], **given,
    }  # fmt: skip


def decided(parts: list[dict[str, Any]], *sentences: Sentence) -> Run:
    hit = Hit("p1", 1.0, "A quote.", "Advances > Repayment", document(), dense=0.6)
    run = Run(
        ASKED,
        candidates=(Candidate(hit, 1, True, "best"),),
        sentences=sentences,
        facts={"compose": {"parts": parts}},
    )
    return Decide(HALF, risks())(run)


def test_every_part_answered() -> None:
    run = decided([part("How?", "p1")], quoted("p1"))
    assert run.outcome is Outcome.ANSWERED and len(run.sentences) == 1 and run.uncovered == ()
    assert "1 sentence quoted word for word" in run.reason


def test_a_part_that_is_not_answered_is_named_and_its_sentences_put_aside() -> None:
    weak = part("and when?", "p2", signals={"dense": 0.1}, missing=["when"])
    run = decided([part("How?", "p1"), weak], quoted("p1"), quoted("p2"))
    assert run.outcome is Outcome.PARTLY_ANSWERED
    assert run.uncovered == ("and when?",)
    assert [s.citations[0].passage_id for s in run.sentences] == ["p1"]
    assert [d.check for d in run.dropped] == ["decide"]


def test_no_part_answered_says_why_and_where_to_look() -> None:
    run = decided([part("How?", "p1", signals={"dense": 0.1}, missing=["cup", "final"])], quoted("p1"))
    assert run.outcome is Outcome.NOT_IN_GUIDANCE and run.sentences == ()
    assert run.reason == 'The guidance found does not mention "cup" or "final".'
    assert run.suggestions == ("Advances: Repayment",)


def test_off_topic_gets_no_suggestions() -> None:
    run = decided([part("Who won?", "p1", signals={"dense": 0.1, "coverage": 0.0})], quoted("p1"))
    assert run.suggestions == ()


def test_a_part_whose_every_sentence_fell_is_not_answered() -> None:
    run = decided([part("How?", "p1")])
    assert run.outcome is Outcome.NOT_IN_GUIDANCE
    assert run.reason == "No sentence found for this passed its checks."


def test_a_second_benefit_that_nothing_names_is_uncovered() -> None:
    run = decided([part("Does it affect it?", "p1", unnamed=["Winter Fuel Payment"])], quoted("p1"))
    assert run.outcome is Outcome.PARTLY_ANSWERED and run.uncovered == ("Winter Fuel Payment",)


def test_of_what_a_model_chose_no_more_is_said_than_that_it_does_not_answer() -> None:
    chosen = {"wanted": "money", "required": True, "signals": {"kind": 0.0}, "by_model": True}
    run = decided([part("How much?", "p1", **chosen, by_rules="")], quoted("p1"))
    assert run.reason == "What the chat model chose does not answer this."
    run = decided([part("How much?", "p1", **chosen, by_rules="Nothing else does.")], quoted("p1"))
    assert run.reason == "What the chat model chose does not answer this. Nothing else does."
    run = decided([part("How?", "p1", by_model=True, by_rules=None)], quoted("p1"))
    assert run.outcome is Outcome.ANSWERED


JUDGED = [
    (part("x", None), "holds no sentence"),
    (part("x", "p", signals={"subject": 0.0}, unnamed=["Maternity Allowance"]), "does not say this of Maternity Allowance"),
    (part("x", "p", signals={"subject": 0.0}), "does not say this of the benefit that was named"),
    (part("x", "p", wanted="money", required=True, signals={"kind": 0.0}), "does not give an amount"),
    (part("x", "p", wanted="time", required=True, signals={"kind": 0.0}), "does not give a length of time"),
    (part("x", "p", signals={"dense": 0.0}), "nothing in it answers"),
    (part("x", "p", signals={"together": 0.0, "focus": 0.0}, missing=["weather"]), 'does not mention "weather"'),
]  # fmt: skip


@pytest.mark.parametrize(("given", "why"), JUDGED)
def test_a_reason_in_words(given: dict[str, Any], why: str) -> None:
    verdict = judge(given, HALF)
    assert not verdict.answers and why in verdict.reason


def test_the_calibration_carries_its_evidence_and_meets_its_aims() -> None:
    held = calibration()
    table: Any = held.evidence["out_of_fold"]
    assert table["off topic"]["answered"] <= 0.01
    assert table["sample, answerable"]["answered"] >= 0.90
    assert table["sample, not answerable"]["answered"] <= 0.10


def test_an_extreme_signal_does_not_overflow() -> None:
    assert HALF.probability({"dense": 1e9}) == pytest.approx(1.0)
    assert HALF.probability({"dense": -1e9}) == pytest.approx(0.0)


CAUTIONS = [
    ({}, None, []),
    ({"nations": ("england", "wales")}, None, ["applies in England and Wales only"]),
    ({"nations": ("northern_ireland",)}, None, ["applies in Northern Ireland only"]),
    ({"nations": ("england",)}, Nation.ENGLAND, []),
    ({"kind": "note"}, None, ["not policy"]),
    ({"review_due": dt.date(2026, 1, 1)}, None, ["was due for review on 2026-01-01"]),
]


@pytest.mark.parametrize(("given", "nation", "said"), CAUTIONS)
def test_what_a_colleague_must_know_beside_it(
    given: dict[str, Any], nation: Nation | None, said: list[str]
) -> None:
    found = cautions(replace(ASKED, nation=nation), (quoted("p1", **given), quoted("p1", **given)))
    assert len(found) == len(said)
    assert all(words in caution for words, caution in zip(said, found, strict=True))


def test_another_day_is_said() -> None:
    (only,) = cautions(replace(ASKED, on=dt.date(2025, 5, 1)), (quoted("p1"),))
    assert only == "Answered from what was in force on 2025-05-01."


def test_a_day_ahead_is_answered_from_what_began_when() -> None:
    (only,) = cautions(
        replace(ASKED, on=dt.date(2040, 1, 1)), (quoted("p1", valid_from=dt.date(2026, 4, 6)),)
    )
    assert only == (
        "2040-01-01 lies ahead: answered from what is known now to hold then (in force since 2026-04-06), which may change."
    )
