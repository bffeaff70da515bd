"""The signs of support, and how they are weighed."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.alignment import LONGEST, READ, Text, chosen, pieces, signs
from assistant.supports import signs_of, support, weights
from tests.fakes import WordEmbedder

RULE = "The work coach must not sanction a claimant. The claimant can ask the landlord for 24 months."


def of(claim: str, passage: str = RULE) -> dict[str, float]:
    return signs_of(claim, [passage], WordEmbedder())  # type: ignore[arg-type]


def test_words_names_figures_and_marks_that_stand_nowhere_are_counted() -> None:
    found = of("The coach may sanction Ms Davies for 36 months.")
    assert found["names found nowhere"] == 2 and found["names found"] == 0
    assert found["figures found nowhere"] == 1 == found["numbers found nowhere"]
    assert found["other modality"] == 1 and found["denies otherwise"] == 1
    assert of("The claimant can ask the landlord.")["words found nowhere"] == 0


def test_words_turned_round_are_seen_in_their_order() -> None:
    right, turned = of("The claimant can ask the landlord"), of("The landlord can ask the claimant")
    assert right["shared"] == turned["shared"] == 1
    for sign in ("in the order of a sentence", "three words in a row", "neighbours"):
        assert right[sign] > turned[sign]


def test_what_is_read_is_bounded_and_holds_what_is_asked() -> None:
    passage = "\n\n".join(f"Rule {n} is about travel." for n in range(50)) + "\n\nA landlord is paid."
    read = chosen(Text("Rule of travel for a landlord"), pieces(passage))
    assert len(read) == READ and any("landlord" in piece.text for piece in read)
    assert [len(p.stems) for p in pieces("word " * (LONGEST + 1))] == [LONGEST, 1]


@pytest.mark.parametrize("claim", ["", "...", "Dogs bark."])
def test_nothing_shared_is_no_support(claim: str) -> None:
    assert support(claim, [RULE], WordEmbedder()) == 0.0  # type: ignore[arg-type]


def test_to_the_letter_is_support_in_any_passage() -> None:
    said = "The claimant can ask  the landlord for 24 months."
    assert support(said, ["Another.", RULE], WordEmbedder()) == 1.0  # type: ignore[arg-type]
    assert support(said.replace("24", "36"), [RULE], WordEmbedder()) < 1.0  # type: ignore[arg-type]


def test_the_weights_name_every_sign_and_a_sign_counts_within_bounds() -> None:
    one = Text("a b")
    named = set(signs(one, ["a b"], [one], np.array([1.0])))
    assert set(weights().signs) == named
    usual = {name: usual for name, (_, usual, _) in weights().signs.items()}
    assert 0 < weights().probability(usual | {"length": 1e9}) < 1
    assert weights().probability(usual | {"length": 1e9}) == weights().probability(usual | {"length": 1e6})
