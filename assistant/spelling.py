"""Why: a colleague types with a claimant waiting. A word that no guidance holds, and that is one slip away from
one it does, is read as that word; the reading is recorded and shown with the other expansions.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from assistant.vocabulary import Vocabulary
from assistant.words import stem, words

LEAST_LETTERS = 6
"""Shorter words lie one slip away from too many others."""
CLOSE = 0.85
"""Ratcliff/Obershelp similarity: about one wrong letter in seven."""


def misspelt(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Words of a text that guidance does not hold → the word of guidance that each is read as."""
    found = {}
    for word in dict.fromkeys(words(text)):
        if len(word) < LEAST_LETTERS or not word.isalpha() or vocabulary.knows(stem(word)):
            continue
        near = [w for w in vocabulary.spelt(word[0]) if abs(len(w) - len(word)) <= 2]
        if close := get_close_matches(word, near, n=1, cutoff=CLOSE):
            found[word] = close[0]
    return found


def read_as(text: str, slips: dict[str, str]) -> str:
    """The text with each slip put right."""
    for wrong, right in slips.items():
        text = re.sub(rf"\b{re.escape(wrong)}\b", right, text, flags=re.IGNORECASE)
    return text
