"""What is taken in: normalised text without anything invisible, or an error that says why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.steps.receive import clean
from governance.errors import FrontlineError, QuestionEmpty, QuestionNotText, QuestionTooLong

CLEANED = [
    ("  What   is PIP?  ", "What is PIP?"),
    ("What\u200b is\u200d P\u2060IP\ufeff?", "What is PIP?"),
    ("What is PIP?\U000e0041\U000e0042", "What is PIP?"),
    ("What is PIP\ufe0f?", "What is PIP?"),
    ("What is \u202ePIP\u202c?", "What is PIP?"),
    ("Ｗｈａｔ is ＰＩＰ?", "What is PIP?"),
    ("one\r\n\r\ntwo", "one\ntwo"),
    ("Beth yw Credyd Cynhwysol?", "Beth yw Credyd Cynhwysol?"),
]


@pytest.mark.parametrize(("given_", "kept"), CLEANED)
def test_what_looks_the_same_is_the_same(given_: str, kept: str) -> None:
    assert clean(given_, 2000) == kept


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!...", "\u200b\u200d", "\U000e0041"])
def test_nothing_asked(text: str) -> None:
    with pytest.raises(QuestionEmpty):
        clean(text, 2000)


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31mred", "a\x7f", "\ud800 lone", b"bytes"])
def test_not_text(text: str) -> None:
    with pytest.raises(QuestionNotText):
        clean(text, 2000)


@pytest.mark.parametrize("text", ["a" * 2001, "\ufdfa" * 200, "a" * 1_000_000])
def test_too_long_also_after_folding(text: str) -> None:
    with pytest.raises(QuestionTooLong, match="2000"):
        clean(text, 2000)


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once_and_fails_only_by_name(text: str) -> None:
    try:
        once = clean(text, 400)
    except FrontlineError:
        return
    assert clean(once, 4000) == once
