"""Why: a question that stands in the development set in nearly the same words is no longer held out.

Two measures, since either alone is easily escaped: shared words catch another order, shared runs of four
letters catch misspellings and endings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evals.cases import Case

WORDS = 0.8
LETTERS = 0.7
"""Least Jaccard similarity at which two questions are taken for one."""


def near_duplicates(
    cases: Iterable[Case], *, words: float = WORDS, letters: float = LETTERS
) -> list[tuple[str, str]]:
    """Pairs of cases in different splits whose questions are nearly the same: a leak into the holdout.

    Cases that differ in nation, date or what was asked before are different questions.
    """
    read = [(case, _words(case.question), _letters(case.question)) for case in cases]
    dev = [row for row in read if row[0].split == "dev"]
    held = [row for row in read if row[0].split == "holdout"]
    return [
        (a.id, b.id)
        for a, a_words, a_letters in dev
        for b, b_words, b_letters in held
        if (a.nation, a.as_of, a.before) == (b.nation, b.as_of, b.before)
        and (_alike(a_words, b_words) >= words or _alike(a_letters, b_letters) >= letters)
    ]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.lower()))


def _letters(text: str) -> frozenset[str]:
    plain = " ".join(re.findall(r"[^\W_]+", text.lower()))
    return frozenset(plain[i : i + 4] for i in range(max(1, len(plain) - 3)))
