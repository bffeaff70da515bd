"""Each outcome has words, a colour and a next step, and a file that lacks one is refused."""

from __future__ import annotations

import pytest

from assistant.answers import Outcome
from assistant.outcomes import outcomes, parse_outcomes
from governance.errors import PolicyInvalid


def test_every_outcome_is_worded() -> None:
    assert set(outcomes()) == set(Outcome)


def test_labels_tell_outcomes_apart() -> None:
    labels = [w.label for w in outcomes().values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    "text",
    [
        "answered: {label: Answered here, colour: green, explanation: long enough words, next: long enough words}",
        "answered: {label: A, colour: beige, explanation: x, next: y}",
        "nonsense: {}",
        "[",
    ],
)
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(PolicyInvalid):
        parse_outcomes(text)
