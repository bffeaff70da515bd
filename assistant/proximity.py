"""Why: "cancel my registration" and "you must cancel your registration" share more than two words: they share them
side by side. Searches by meaning and by single words miss that, and so mix up rules that use the same vocabulary.

A second look at the few passages that both searches brought: pairs of content words that stand close together in
the question and in the passage, weighed by how few of those passages have them. After the sequential dependence
model of Metzler and Croft (2005) and the proximity measures of Tao and Zhai (2007), with BM25's damping of repeats.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from assistant.words import FUNCTION_WORDS, stem, words

WINDOW = 2
"""Two content words are a pair when at most one other stands between them; 1 and 3 found less (docs/retrieval.md)."""
K1, B = 1.2, 0.75
"""As for single words (ingest.lexical)."""

Pair = tuple[str, str]


def proximity(query: str, texts: Mapping[str, str]) -> dict[str, float]:
    """How much of the question's pairs of words each text holds, by the texts' keys.

    0 for none, about 1 for all of them once; repeats count up to 2.2 times. A share, so that one chance pair of a
    long question weighs little. Rarity is judged among the texts given.
    """
    asked = set(pairs(query))
    read = {key: pairs(text) for key, text in texts.items()}
    held = Counter(pair for counted in read.values() for pair in asked & counted.keys())
    weight = {pair: math.log(1 + (len(read) - held[pair] + 0.5) / (held[pair] + 0.5)) for pair in asked}
    total = sum(weight[pair] for pair in sorted(asked)) or 1.0
    usual = sum(counted.total() for counted in read.values()) / max(1, len(read)) or 1.0
    return {
        key: sum(
            weight[pair] * _damped(counted[pair], counted.total() / usual)
            for pair in sorted(asked & counted.keys())
        )
        / total
        for key, counted in read.items()
    }


def _damped(times: int, length: float) -> float:
    """BM25's damping of a count in a text of so many times the usual length."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length))


@lru_cache(maxsize=4096)
def pairs(text: str) -> Counter[Pair]:
    """Pairs of stems of a text's content words within ``WINDOW`` of each other, in either order, counted."""
    return _counted([stem(word) for word in words(text) if word not in FUNCTION_WORDS])


def _counted(found: Sequence[str]) -> Counter[Pair]:
    counted: Counter[Pair] = Counter()
    for at, one in enumerate(found):
        for other in found[at + 1 : at + 1 + WINDOW]:
            if one != other:
                counted[(one, other) if one < other else (other, one)] += 1
    return counted
