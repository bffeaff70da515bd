"""Words that stand together in question and passage lift the passage; chance pairs of a long question hardly do."""

from __future__ import annotations

import pytest

from assistant.proximity import pairs, proximity, runs, second_reading, what_is_asked
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


STORY = "She moved house in May and lost every letter about council tax and child benefit. "
RULES_AND_STORIES = {
    "rule": "You must cancel your registration if you are no longer eligible.",
    "story": "Moved house, council tax and child benefit: tell us if letters were lost, and in May, moved house again.",
}


def test_what_asks_outweighs_the_story_before_it() -> None:
    said = f"{STORY}Do I have to cancel my registration?"
    asked = what_is_asked(said)
    assert asked == "Do I have to cancel my registration?"
    whole = proximity(said, RULES_AND_STORIES)
    assert whole["story"] > whole["rule"], "as if all that is told were asked"
    found = second_reading(said, asked, RULES_AND_STORIES)
    assert found["rule"] > found["story"]


def test_what_asks_nothing_is_taken_whole() -> None:
    assert what_is_asked("change of address, late") == "change of address, late"
    assert what_is_asked(f"{STORY}Can she get an MR?") == "Can she get an MR?"


def test_of_two_rules_with_the_same_pairs_the_one_in_the_questions_own_run_of_words_stands_higher() -> None:
    texts = {"run": "You can be classed as an employer.", "pair": "Employer, then: classed or not?"}
    question = "Can I be classed as an employer?"
    assert proximity(question, texts)["pair"] > 0
    found = second_reading(question, question, texts)
    assert found["run"] > found["pair"]
    assert runs("classed as an employer") == {("classed", "as", "an"): 1, ("as", "an", "employer"): 1}
    assert runs("two words") == {}


def test_a_question_without_a_story_weighs_as_much_as_its_pairs_and_its_runs() -> None:
    question = "registration cancel"
    assert second_reading(question, question, RULES)["cancel"] == pytest.approx(
        proximity(question, RULES)["cancel"]
    )
