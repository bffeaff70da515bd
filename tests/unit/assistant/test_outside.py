"""A sentence about what lies outside a place is no answer about the place."""

from __future__ import annotations

import pytest

from assistant.outside import stands_outside

OUTSIDE = "Outside Greater London the benefit cap for a couple is £22,020 a year."
INSIDE = "In Greater London the benefit cap for a couple is £25,323 a year."


def test_what_lies_outside_the_place_asked_about_is_told_from_what_lies_in_it() -> None:
    assert stands_outside("benefit cap for a couple in London", OUTSIDE)
    assert not stands_outside("benefit cap for a couple in London", INSIDE)


@pytest.mark.parametrize(
    "question",
    ["benefit cap for a couple outside London", "benefit cap for a couple in Leeds", "benefit cap"],
)
def test_a_question_about_the_outside_or_about_no_such_place_is_left_alone(question: str) -> None:
    assert not stands_outside(question, OUTSIDE)


def test_outside_reaches_no_further_than_its_own_phrase() -> None:
    assert not stands_outside("which couple", OUTSIDE)
    assert not stands_outside("who pays rent", "Outside London, rent is paid to the landlord.")
