"""Why: "the benefit cap in London" is answered by the sentence about London and misled by the one that begins "Outside
Greater London", though both hold every word that was asked. Where a sentence stands outside, it does not speak of inside.

Only "outside" is read so: "without a bank account" and "except pensioners" may well be the answer about bank accounts and
pensioners.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.words import FUNCTION_WORDS, stem, words

_OUTSIDE = re.compile(r"\boutside\s+", re.IGNORECASE)
_ENDS = re.compile(r"[,;.:]")
REACH = 2
"""Content words after "outside" that say of what: "outside Greater London"."""


def stands_outside(question: str, text: str) -> bool:
    """Whether a text speaks of what lies outside a place that the question, which says no such thing, asks about."""
    outside = _outside(text)
    return (
        bool(outside) and not _OUTSIDE.search(question) and any(stem(w) in outside for w in words(question))
    )


@lru_cache(maxsize=20_000)
def _outside(text: str) -> frozenset[str]:
    found: set[str] = set()
    for match in _OUTSIDE.finditer(text):
        after = words(_ENDS.split(text[match.end() :], maxsplit=1)[0])
        found.update(stem(word) for word in [w for w in after if w not in FUNCTION_WORDS][:REACH])
    return frozenset(found)
