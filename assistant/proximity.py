"""Why: "cancel my registration" and "you must cancel your registration" share more than two words: they share them
side by side. Searches by meaning and by single words miss that, and so mix up rules that use the same vocabulary.

A second look at the few passages that both searches brought: pairs of content words that stand close together in
the question and in the passage, weighed by how few of those passages have them. After the sequential dependence
model of Metzler and Croft (2005) and the proximity measures of Tao and Zhai (2007), with BM25's damping of repeats.
What asks is looked for once more, and in runs of three words as written: whoever tells a story first has asked least of
it in most words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from assistant.parts import parts
from assistant.words import FUNCTION_WORDS, stem, words

WINDOW = 2
"""Two content words are a pair when at most one other stands between them; 1 and 3 found less (docs/retrieval.md)."""
RUN = 3
"""Words of a run, whatever they are; runs of two and four found as much or less (docs/retrieval.md)."""
ALL_SAID, ASKED, ASKED_IN_RUNS = 0.6, 0.4, 0.4
"""What pairs of all that was said weigh beside pairs, and runs, of the sentences that ask. See docs/retrieval.md."""
K1, B = 1.2, 0.75
"""As for single words (ingest.lexical)."""

Together = tuple[str, ...]
"""Words that stand together."""


def second_reading(said: str, asked: str, texts: Mapping[str, str]) -> dict[str, float]:
    """How much of the words that stand together in what was said, and in what of it asks, do so in each text, by key.

    0 for none; about 1 for all pairs of a question that tells no story, 1.4 with all its runs of words.
    """
    told = proximity(said, texts)
    question = told if asked == said else proximity(asked, texts)
    run = proximity(asked, texts, read=runs)
    return {key: ALL_SAID * told[key] + ASKED * question[key] + ASKED_IN_RUNS * run[key] for key in told}


def what_is_asked(said: str) -> str:
    """The sentences of what was said that ask, without those that tell; all of it where none does."""
    return " ".join(part.text for part in parts(said))


def proximity(
    query: str, texts: Mapping[str, str], *, read: Callable[[str], Counter[Together]] | None = None
) -> dict[str, float]:
    """How much of the query's pairs (or of what ``read`` finds) each text holds, by the texts' keys.

    0 for none, about 1 for all of them once; repeats count up to 2.2 times. A share, so that one chance pair of a
    long question weighs little. Rarity is judged among the texts given.
    """
    found = read or pairs
    asked = set(found(query))
    held_by = {key: found(text) for key, text in texts.items()}
    held = Counter(each for counted in held_by.values() for each in asked & counted.keys())
    weight = {each: math.log(1 + (len(texts) - held[each] + 0.5) / (held[each] + 0.5)) for each in asked}
    total = sum(weight[each] for each in sorted(asked)) or 1.0
    usual = sum(counted.total() for counted in held_by.values()) / max(1, len(texts)) or 1.0
    return {
        key: sum(
            weight[each] * _damped(counted[each], counted.total() / usual)
            for each in sorted(asked & counted.keys())
        )
        / total
        for key, counted in held_by.items()
    }


def _damped(times: int, length: float) -> float:
    """BM25's damping of a count in a text of so many times the usual length."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length))


@lru_cache(maxsize=4096)
def pairs(text: str) -> Counter[Together]:
    """Pairs of stems of a text's content words within ``WINDOW`` of each other, in either order, counted."""
    return _counted([stem(word) for word in words(text) if word not in FUNCTION_WORDS])


@lru_cache(maxsize=4096)
def runs(text: str) -> Counter[Together]:
    """Runs of ``RUN`` words of a text as they follow each other, words of grammar too, counted."""
    found = words(text)
    return Counter(tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1))


def _counted(found: Sequence[str]) -> Counter[Together]:
    counted: Counter[Together] = Counter()
    for at, one in enumerate(found):
        for other in found[at + 1 : at + 1 + WINDOW]:
            if one != other:
                counted[(one, other) if one < other else (other, one)] += 1
    return counted
