"""A stream never shows part of an identifier, and shows the same however it was chopped."""

from __future__ import annotations

import random

import pytest

from governance.redaction import Redactor, StreamingRedactor, Tokens
from governance.redaction.stream import LIMIT

TEXTS = [
    "His nino is QQ 12 34 56 C. Her sort code is 12-34-56 and the account 12345678. Call 07700 900123.",
    "Write to Mr Khan. He lives at 12 Acacia Avenue,\nLeeds\nLS1 4AB.\n\nHis card: 4111 1111 1111 1111.",
    'Dr. No. Mr. Khan! (dob 3/4/1985) "Is it?" Ask jo@example.org. The rate is £412.50. It ends.',
]


def stream(redactor: Redactor, chunks: list[str]) -> str:
    streaming = StreamingRedactor(redactor)
    return "".join([*map(streaming.feed, chunks), streaming.finish()])


@pytest.mark.parametrize("text", TEXTS)
def test_every_split_point(patterns: Redactor, text: str) -> None:
    whole = patterns.redact(text).text
    assert "<" in whole
    for at in range(len(text) + 1):
        assert stream(patterns, [text[:at], text[at:]]) == whole


@pytest.mark.parametrize("text", TEXTS)
def test_one_character_at_a_time(patterns: Redactor, text: str) -> None:
    assert stream(patterns, list(text)) == patterns.redact(text).text


def test_nothing_is_held_longer_than_a_sentence(patterns: Redactor) -> None:
    streaming = StreamingRedactor(patterns)
    shown = streaming.feed("The rate is £5. His nino is QQ123456C. And then he ")
    assert shown == "The rate is £5. His nino is <UK_NINO_1>. "
    assert streaming.finish() == "And then he "
    assert streaming.finish() == ""


def test_words_of_the_sentence_before_still_count(patterns: Redactor) -> None:
    assert stream(patterns, ["This is the sort code. ", "It says 123456 here."]).endswith(
        "It says <UK_SORT_CODE_1> here."
    )


def test_a_text_without_sentences_is_released_in_parts_that_split_nothing(patterns: Redactor) -> None:
    draw = random.Random(3)
    words = [draw.choice(["rent", "claim", "QQ 12 34 56 C", "sort code 12-34-56", "uc"]) for _ in range(900)]
    text = " ".join(words)
    assert len(text) > 3 * LIMIT
    in_one, in_bits = (
        stream(patterns, [text]),
        stream(patterns, [text[i : i + 7] for i in range(0, len(text), 7)]),
    )
    assert in_one == in_bits
    assert not any(char.isdigit() for char in in_one.replace("_1>", ""))
    assert stream(patterns, ["x" * (3 * LIMIT)]) == "x" * (3 * LIMIT)


def test_tokens_are_those_of_the_conversation(patterns: Redactor) -> None:
    tokens = Tokens()
    patterns.redact("AB123456A", tokens=tokens)
    streaming = StreamingRedactor(patterns, tokens=tokens)
    assert streaming.feed("QQ123456C or AB123456A") + streaming.finish() == "<UK_NINO_2> or <UK_NINO_1>"


@pytest.mark.models
def test_names_too(redactor: Redactor) -> None:
    text = "I spoke to Kwame Asante. Siobhan O'Neill was there, at 4 high street, barnsley."
    whole = redactor.redact(text).text
    assert whole.count("<PERSON_") == 2
    for at in range(0, len(text), 9):
        assert stream(redactor, [text[:at], text[at:]]) == whole
