"""Which figures, or words that stand for one, answer which kind of question."""

from __future__ import annotations

import pytest

from assistant.kinds import answers_kind
from assistant.parts import Wanted, parts


@pytest.mark.parametrize(
    ("wanted", "text", "answers"),
    [
        (Wanted.TIME, "It applies if it fits on more than 50% of the days.", True),
        (Wanted.COUNT, "It fits on most of the days in the period.", True),
        (Wanted.TIME, "It is 15% of the standard allowance.", False),
        (Wanted.MONEY, "It is 15% of the standard allowance.", True),
        (Wanted.TIME, "Ask within one month.", True),
        (Wanted.MONEY, "Ask within one month.", False),
        (Wanted.AGE, "Until State Pension age.", True),
        (Wanted.COUNT, "It is paid once.", True),
        (Wanted.PHONE, "Call 0800 328 5644 to claim.", True),
        (Wanted.PHONE, "A claimant may claim by phone.", False),
        (Wanted.NOTHING, "Anything at all.", True),
    ],
)
def test_what_answers_a_question_for_a_figure(wanted: Wanted, text: str, answers: bool) -> None:
    assert answers_kind(wanted, text) is answers


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What phone number do claimants ring for PIP new claims?", Wanted.PHONE),
        ("what's the helpline number", Wanted.PHONE),
        ("can they claim over the phone", Wanted.NOTHING),
        ("how many phone calls do they get", Wanted.COUNT),
    ],
)
def test_a_phone_number_is_asked_for_as_such(question: str, wanted: Wanted) -> None:
    assert parts(question)[0].wanted is wanted
