"""Distances are compared as numbers: the row of somebody's own distance answers, and its neighbours mislead."""

from __future__ import annotations

import pytest

from assistant.circumstances import Circumstances
from assistant.distances import asked_distance, reaches
from assistant.parts import parts

ROWS = {
    0: "Stand and move more than 200 metres",
    4: "Stand and move more than 50 metres but no more than 200 metres",
    8: "Stand and move without an aid, more than 20 metres but no more than 50 metres",
    12: "A claimant who can stand and move more than one metre but no more than 20 metres scores 12 points.",
    13: "Cannot stand, or cannot move more than 1 metre",
}


@pytest.mark.parametrize(
    ("asked", "points"), [(201, {0}), (200, {4}), (51, {4}), (50, {8}), (15, {12}), (20, {12}), (1, {13})]
)
def test_one_row_is_of_each_distance(asked: int, points: set[int]) -> None:
    assert {score for score, row in ROWS.items() if reaches(asked, row)} == points


@pytest.mark.parametrize(
    ("question", "metres"),
    [
        ("PIP walk 150 metres points", 150),
        ("walks 20m with a stick", 20),
        ("between 20 metres and 50 metres", None),
        ("within 5 months", None),
        ("how far", None),
    ],
)
def test_the_distance_a_question_speaks_of(question: str, metres: int | None) -> None:
    assert asked_distance(question) == metres


@pytest.mark.parametrize(
    ("text", "holds"),
    [("no further than 20 metres", True), ("less than 20 metres", False), ("at least 20 metres", True)],
)
def test_whether_a_line_holds_at_its_own_distance(text: str, holds: bool) -> None:
    assert reaches(20, text) is holds


@pytest.mark.parametrize("text", ["More than two weeks", "She walks 5 metres a day", "at least once"])
def test_a_text_without_a_line_by_distance_draws_none(text: str) -> None:
    assert reaches(10, text) is None


def test_what_was_told_beside_a_question_is_of_it_too_and_its_own_words_come_first() -> None:
    (part,) = parts("He is 22 and walks 30 metres. How many points does he get?")
    assert Circumstances.of(part) == Circumstances(22, 30)
    assert Circumstances(22, 30).suit("aged 25 or over") == -1
    assert Circumstances(22, 30).suit("under 25, more than 20 metres") == 1
    assert Circumstances(22, 30).suit("aged 25 or over, more than 20 metres") == -1
    assert Circumstances().suit("aged 25 or over") == 0
