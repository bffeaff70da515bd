"""A time that a question names is taken as its day, or told beside the answer; today's rate is never given for it in silence."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.answers import OPERATOR, Question
from assistant.named_time import as_named, named_time, taken_then, tax_year_of, without

TODAY = dt.date(2026, 11, 26)


def question(text: str, on: dt.date = TODAY) -> Question:
    asked = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
    return Question(id="q", text=text, person=OPERATOR, on=on, asked_at=asked)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("standard allowance single 24 in 2025-26", "2025-10-05"),
        ("PIP rates 2025 to 2026 enhanced daily living", "2025-10-05"),
        ("carer element last year", "2025-10-05"),
        ("What was the carer element in January 2026?", "2026-01-16"),
        ("What was the deductions limit on 1 April 2025?", "2025-04-01"),
        ("benefit cap as at 2026-01-01", "2026-01-01"),
        ("carers allowance rate and earnings limit back in 2025", "2025-07-02"),
        ("uc single over 25 rate in november 2025", "2025-11-15"),
    ],
)
def test_what_held_then_is_answered_of_then_and_that_is_said(text: str, day: str) -> None:
    noticed = as_named(question(text))
    assert noticed.question.on.isoformat() == day
    assert noticed.taken and day in noticed.caution and "Set the date" in noticed.caution
    assert taken_then(noticed.question) == noticed.taken, "a replay reads it the same way"


@pytest.mark.parametrize(
    "text",
    [
        "she moved in January 2026, how long to report it",
        "He was sanctioned in January 2026, how much is a hardship payment?",
        "what is the carer element before April 2026",
        "what was the rate before April 2026",
        "what is PIP standard daily living in 2027-28",
        "what was the rate in 2024",
    ],
)
def test_of_any_other_time_the_colleague_is_told_which_day_is_answered_of(text: str) -> None:
    noticed = as_named(question(text))
    if text.endswith("2024"):
        assert noticed.question.on == dt.date(2024, 7, 1)
        return
    assert noticed.question.on == TODAY and noticed.taken == ""
    assert "held on 2026-11-26" in noticed.caution


@pytest.mark.parametrize(
    "text",
    [
        "how long to ask for an MR",
        "first gets LCWRA in June 2026",
        "rates for 2026-27",
        "what changed on 6 April",
        "born in 2019, what is the rate in 2026-27",
        "born on 31 February 2025",
        "a run of 2025/30",
    ],
)
def test_no_time_its_own_year_or_several_change_nothing(text: str) -> None:
    asked = question(text)
    assert as_named(asked).question is asked
    assert as_named(asked).caution == ""


def test_a_day_that_was_chosen_is_kept_and_the_difference_told() -> None:
    chosen = dt.date(2026, 5, 1)
    noticed = as_named(question("what was the carer element in January 2026", chosen))
    assert noticed.question.on == chosen
    assert "held on 2026-05-01" in noticed.caution
    assert taken_then(question("how long to ask for an MR", chosen)) == ""


def test_a_tax_year_begins_on_the_sixth_of_april() -> None:
    assert tax_year_of(dt.date(2026, 4, 5)).said == "2025-26"
    assert tax_year_of(dt.date(2026, 4, 6)).said == "2026-27"
    found = named_time("until April 2026", dt.date(2026, 11, 2))
    assert found is not None and found.last == dt.date(2026, 3, 31)


def test_the_words_taken_as_the_day_are_not_searched_for() -> None:
    assert without("standard allowance single 24 in 2025-26", "2025-26") == "standard allowance single 24"
    assert without("In January 2026, what was it?", "January 2026") == ", what was it?"
    assert without("2025-26", "2025-26") == "2025-26", "a question of nothing else keeps it"
    assert without("how long", "") == "how long"


def test_several_times_are_told_together_and_none_is_taken() -> None:
    noticed = as_named(question("third born 2019, child element for all? what was it in january 2026"))
    assert noticed.question.on == TODAY and noticed.taken == ""
    assert "2019 and january 2026" in noticed.caution
