"""Colleagues' words and guidance's words meet in the glossary."""

from __future__ import annotations

import pytest

from assistant.glossary import glossary
from assistant.words import bare, content_words, stem, words

EXPANDED = [
    ("how long for an MR on UC", "how long for an MR on UC (mandatory reconsideration, Universal Credit)"),
    ("Mr Smith has a sick note", "Mr Smith has a sick note (fit note)"),
    ("is pip taxed", "is pip taxed (Personal Independence Payment)"),
    ("what is an assessment period", "what is an assessment period"),
    ("pipe repairs", "pipe repairs"),
]


@pytest.mark.parametrize(("asked", "searched"), EXPANDED)
def test_a_question_is_searched_with_what_it_means(asked: str, searched: str) -> None:
    g = glossary()
    assert g.query(asked, g.expand(asked)) == searched


def test_a_longer_saying_hides_those_inside_it() -> None:
    found = glossary().expand("mandatory reconsideration notice")
    assert [e.meant for e in found] == ["mandatory reconsideration notice"]


def test_every_meaning_expands_itself_and_no_saying_has_two_meanings() -> None:
    sayings: dict[str, str] = {}
    for entry in glossary().entries:
        for said in {*entry.say, *entry.exact}:
            assert sayings.setdefault(said, entry.mean) == entry.mean, said
        assert glossary().mentions(entry, entry.mean)


def test_kin_go_both_ways() -> None:
    assert stem("repaid") in glossary().kin(stem("recovered"))
    assert stem("recovered") in glossary().kin(stem("repaid"))
    assert glossary().kin("zzz") == frozenset()


def test_tokens_and_filler_carry_nothing_to_look_for() -> None:
    assert bare("Can <PERSON_1> appeal?") == "Can appeal?"
    assert content_words("Please tell me how <PERSON_1> can get an advance") == ["advance"]
    assert words("The claimant’s rate") == ["the", "claimant", "rate"]
