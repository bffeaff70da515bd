"""A run of letters is parted into the fewest words that carry all of it, and of those the least rare."""

from __future__ import annotations

import itertools
import random

import pytest

from governance.parting import LONGEST_WORD, parted

RARITY = {"no": 1.0, "where": 1.0, "now": 5.0, "here": 5.0, "nowhere": 9.0, "on": 1.0, "a": 0.5, "w": 0.1}


def rarity(piece: str) -> float:
    return RARITY[piece]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("nowhere", ("nowhere",)),  # one rare word before two common ones
        ("onnowhere", ("on", "nowhere")),
        ("nowhereon", ("nowhere", "on")),
        ("nox", ()),
        ("xno", ()),
        ("", ()),
    ],
)
def test_the_fewest_words(run: str, words: tuple[str, ...]) -> None:
    assert parted(run, RARITY.__contains__, rarity) == words


def test_of_as_few_the_least_rare_and_then_the_first_by_letters() -> None:
    words = RARITY.keys() - {"nowhere"}
    assert parted("nowhere", words.__contains__, rarity) == ("no", "where")
    assert parted("nowhere", words.__contains__, lambda piece: -RARITY[piece]) == ("now", "here")
    assert parted("nowhere", words.__contains__) == ("no", "where")


def test_a_longer_word_is_not_looked_for() -> None:
    word = "a" * LONGEST_WORD
    assert parted(word, {word}.__contains__) == (word,)
    assert parted(word + "a", {word + "a"}.__contains__) == ()


def test_no_other_parting_is_better() -> None:
    chance = random.Random(7)
    words = {
        "".join(chance.choices("ab", k=chance.randint(1, 4))): chance.randint(0, 9) / 2 for _ in range(12)
    }
    for _ in range(200):
        run = "".join(chance.choices("ab", k=chance.randint(1, 9)))
        every = [made for made in _every(run) if words.keys() >= set(made)]
        best = min(every, key=lambda made: (len(made), sum(words[w] for w in made), made), default=())
        assert parted(run, words.__contains__, words.__getitem__) == best


def _every(run: str) -> list[tuple[str, ...]]:
    """Every way to cut."""
    ways = []
    for cuts in itertools.product((False, True), repeat=len(run) - 1):
        at = [0, *(i for i, cut in enumerate(cuts, start=1) if cut), len(run)]
        ways.append(tuple(run[a:b] for a, b in itertools.pairwise(at)))
    return ways
