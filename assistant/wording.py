"""Why: a chat model may tidy a quotation and may not restate it. No checker can be trusted to see that "from the
claimant to the landlord" was turned round, so what counts as tidied is decided by the words themselves.

A wording is close to its source when both come to the same sequence of words once articles are left out,
contractions written out, figures read by value and equal marks (``modality``) taken as one. Everything else, also a
good paraphrase, is a restatement: the source's own words are given instead.
"""

from __future__ import annotations

import re

from assistant.figures import located as figures_in
from assistant.modality import located as marks_in
from assistant.modality import opened

_LEFT_OUT = frozenset({"a", "an", "the", "that"})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[£%]")


def same_words(text: str, source: str) -> bool:
    """Whether a text says what its source says, in its words and in their order."""
    return _sequence(text) == _sequence(source)


def _sequence(text: str) -> list[str]:
    """The words of a text as they are compared. A figure, or a mark, is one word, whatever its way of being written."""
    plain = " ".join(opened(text).split())
    spans = [(a, b, str(figure)) for a, b, figure in figures_in(plain) if _stands_alone(plain, a, b)]
    taken = [(a, b) for a, b, _ in spans]
    spans += [
        (a, b, f"={name}") for a, b, name in marks_in(plain) if not any(a < d and c < b for c, d in taken)
    ]
    taken = [(a, b) for a, b, _ in spans]
    spans += [
        (m.start(), m.end(), m[0].lower().replace("’", "'"))
        for m in _WORD.finditer(plain)
        if m[0].lower() not in _LEFT_OUT and not any(m.start() < d and c < m.end() for c, d in taken)
    ]
    return [word for _, _, word in sorted(spans)]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a span is not a part of a longer word or number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
