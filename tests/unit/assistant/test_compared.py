"""Whose choice is taken, and what is said of a chat model's, part by part."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.abstain import Calibration
from assistant.chat.compared import Compared

HALF = Calibration(version="t", intercept=-0.5, coefficients={"dense": 1.0}, threshold=0.5, evidence={})


def part(said: str) -> dict[str, Any]:
    """A part by one letter: answered, not answered, or with nothing chosen for it."""
    signals = {"dense": 0.9 if said == "a" else 0.1, "kind": 1.0, "subject": 1.0}
    chosen = [] if said == "0" else [{"passage_id": "p", "start": 0}]
    return {
        "statements": chosen,
        "signals": signals,
        "missing": [],
        "unnamed": [],
        "wanted": "",
        "required": False,
    }


CASES = [
    ("a", "n", False, False),
    ("a", "a", False, False),
    ("n", "a", False, True),
    ("n", "n", False, False),
    ("0", "a", False, False),
    ("0", "a", True, True),
    ("an", "aa", False, True),
    ("an", "na", False, False),
    ("a0", "aa", False, False),
    ("a0", "aa", True, True),
]  # fmt: skip


@pytest.mark.parametrize(("model", "rules", "made_up", "better"), CASES)
def test_rules_choose_where_they_answer_all_that_the_model_answers_and_more_that_it_tried(
    model: str, rules: str, made_up: bool, better: bool
) -> None:
    found = Compared.of([*map(part, model)], [*map(part, rules)], HALF, made_up=made_up)
    assert found.rules_do_better is better
    assert found.model_answers_some is ("a" in model)


def test_a_reason_is_given_of_what_was_tried_and_missed_and_of_nothing_else() -> None:
    found = Compared.of([*map(part, "ann0")], [*map(part, "ana0")], HALF, made_up=False)
    answered, missed, missed_by_the_model_alone, not_tried = found.reasons
    assert answered is None and not_tried is None and missed_by_the_model_alone == ""
    assert missed and "nothing in it answers" in missed
