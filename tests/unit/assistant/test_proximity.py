"""Words that stand together in question and passage lift the passage; chance pairs of a long question hardly do."""

from __future__ import annotations

import pytest

from assistant.proximity import pairs, proximity
from assistant.retrieve import second_look

RULES = {
    "cancel": "You must cancel your registration if you are no longer eligible.",
    "apart": "Registration takes a week. Post can be late. Fees vary. Some people cancel.",
    "other": "Fees are paid each month.",
}


def test_words_side_by_side_count_and_words_apart_do_not() -> None:
    found = proximity("Do I have to cancel my registration?", RULES)
    assert found["cancel"] > 0
    assert found["apart"] == found["other"] == 0.0


def test_pairs_are_of_stems_in_either_order_with_one_word_between_at_most() -> None:
    assert pairs("cancelled registrations") == pairs("registration cancel")
    assert ("cancel", "registr") in pairs("cancel the old registration")
    assert ("cancel", "registr") not in pairs("cancel old paper tax registration")
    assert pairs("cancel cancel") == {}


def test_one_chance_pair_of_a_long_question_weighs_less_than_the_same_of_a_short_one() -> None:
    short = proximity("cancel registration", RULES)["cancel"]
    question = "claimant moved house lost letters asked neighbour about council tax then cancel registration"
    assert proximity(question, RULES)["cancel"] < short / 3


@pytest.mark.parametrize("query", ["", "tax", "do I have to"])
def test_a_question_without_pairs_says_nothing(query: str) -> None:
    assert set(proximity(query, RULES).values()) == {0.0}


def test_nothing_to_read_is_nothing() -> None:
    assert proximity("cancel registration", {}) == {}


def test_the_second_look_keeps_every_passage_and_breaks_ties_by_id() -> None:
    assert list(second_look({"b": 1.0, "a": 1.0, "c": 0.5}, {"c": 0.4}, weight=2.0)) == ["c", "a", "b"]
