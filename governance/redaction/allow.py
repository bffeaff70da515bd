"""Why: name detectors take "Managed Payment to Landlord" for a person; vocabulary that belongs to guidance is
known beforehand, and knowing it is cheaper and easier to explain than a better model.
"""

from __future__ import annotations

import unicodedata

import regex

from governance.redaction.policy import AllowList

PLACES = "places"
"""The group of towns: allowed where they stand alone, and not where a person is named."""

_WORD = regex.compile(r"[\p{L}\d][\p{L}\d'.]*")


def _stem(word: str) -> str:
    """A word without case, accents, possessive or plural s, so that "Carers" meets "Carer's"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    plain = bare.lower().rstrip(".").replace("'", "")
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


class Allowed:
    """Finds allowed phrases in a text. Longest phrase first; single words and phrases are told apart, because a
    person may be called June or Reed, and nobody is called Claimant Commitment."""

    def __init__(self, allow_list: AllowList) -> None:
        self._phrases: dict[str, set[tuple[str, ...]]] = {}
        self._words: set[str] = set()
        self._places: set[str] = set()
        for group, terms in allow_list.terms.items():
            for term in terms:
                stems = tuple(_stem(m.group()) for m in _WORD.finditer(term))
                if len(stems) == 1:
                    self._words.add(stems[0])
                    if group == PLACES:
                        self._places.add(stems[0])
                else:
                    self._phrases.setdefault(stems[0], set()).add(stems)

    def is_word(self, word: str) -> bool:
        """Whether a single word is allowed by itself."""
        return _stem(word) in self._words

    def is_place(self, word: str) -> bool:
        """Whether a single word is a town, which people are called after."""
        return _stem(word) in self._places

    def phrases(self, text: str) -> list[tuple[int, int]]:
        """Where allowed phrases of two words or more stand in ``text``."""
        words = [(m.start(), m.end(), _stem(m.group())) for m in _WORD.finditer(text)]
        found, at = [], 0
        while at < len(words):
            sizes = [
                len(p)
                for p in self._phrases.get(words[at][2], ())
                if tuple(w[2] for w in words[at : at + len(p)]) == p
            ]
            if sizes:
                found.append((words[at][0], words[at + max(sizes) - 1][1]))
            at += max(sizes, default=1)
        return found
