"""Why: a passage can lie close to a question in meaning and not speak of what it asks. Coverage says which of
the question's words are spoken of, weighed by how rare they are, and names those that are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.figures import located
from assistant.glossary import Glossary
from assistant.vocabulary import Vocabulary
from assistant.words import INCIDENTAL_WORDS, content_words, stem, stems
from governance.redaction.allow import PLACES
from governance.redaction.policy import Policy

_AGE = re.compile(r"\b\d{1,2}[\s-]*(?:years?|yrs?|yo)[\s-]*olds?\b", re.IGNORECASE)
"""An age is compared as a number (assistant.ages): guidance says "aged 16 or 17" and not "year old"."""
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}\b)")
"""A sum is one word, "6000", and not the words "6" and "000"."""


@dataclass(frozen=True)
class Focus:
    """What a question is about: each content word with the stems that count as speaking of it."""

    words: tuple[tuple[str, frozenset[str], float], ...]
    """Word as asked, stems that cover it, weight."""

    @classmethod
    def of(cls, text: str, glossary: Glossary, vocabulary: Vocabulary) -> Focus:
        """Read the content words of a question, with the glossary's meanings as other ways to cover them."""
        text = _SEPARATOR.sub("", _without_dates(_AGE.sub(" ", text)))
        expansions = glossary.expand(text)
        meant: dict[str, set[str]] = {}
        for expansion in expansions:
            said_so = content_words(expansion.said)
            other = {stem(w) for w in content_words(expansion.meant)}
            if not expansion.entry.names:  # a term in full is covered by its words, not each by any of them
                other -= {stem(w) for w in said_so}
            for word in said_so:
                meant.setdefault(word, set()).update(other)
        made = []
        for word in content_words(text):
            if word.isdigit() and len(word) < 3:
                continue  # an age or a count: compared as a number, not as a word
            own = stem(word)
            covering = frozenset({own, *meant.get(word, ()), *glossary.kin(own)})
            weight = (
                min(vocabulary.weight(s) for s in covering) if meant.get(word) else vocabulary.weight(own)
            )
            made.append((word, covering, weight))
        return cls(tuple(made))

    def known(self, vocabulary: Vocabulary) -> Focus:
        """Without the words that guidance never writes, in this way or another."""
        return Focus(tuple(word for word in self.words if any(vocabulary.knows(s) for s in word[1])))

    def without_circumstances_beside(self, said: frozenset[str]) -> Focus:
        """Without the sums, towns and words of a story that are not spoken of: "earns £65,000", "moving to Leeds two months
        ago" are circumstances, which no guidance need name. All of them, where nothing else is said.
        """
        kept = tuple(word for word in self.words if word[1] & said or not _is_circumstance(word[0]))
        return Focus(kept or self.words)

    def covered_by(self, said: frozenset[str]) -> float:
        """Share of the question's weight that a set of stems speaks of, 0 to 1; 1 where nothing is asked."""
        total = sum(weight for _, _, weight in self.words)
        if not total:
            return 1.0
        return sum(weight for _, covering, weight in self.words if covering & said) / total

    @property
    def weight_of_evidence(self) -> float:
        """How much being covered says, 0 to 1: one word that is spoken of says less than five that are."""
        return len(self.words) / (len(self.words) + 0.5)

    def missing(self, said: frozenset[str]) -> tuple[str, ...]:
        """The words that are not spoken of, rarest first."""
        left = [(weight, word) for word, covering, weight in self.words if not covering & said]
        return tuple(word for _, word in sorted(left, key=lambda pair: -pair[0]))


def _is_circumstance(word: str) -> bool:
    return word.isdigit() or word in INCIDENTAL_WORDS or word in _towns()


@cache
def _towns() -> frozenset[str]:
    """Towns, of which redaction knows that they are no people, in lower case."""
    return frozenset(name.lower() for name in Policy.default().allow_list.terms[PLACES])


def _without_dates(text: str) -> str:
    """A text without dates that name a year: when something happened is noticed elsewhere (assistant.named_time)."""
    for start, end, figure in reversed(located(text)):
        if figure.kind == "date" and figure.value[:1].isdigit():
            text = f"{text[:start]} {text[end:]}"
    return text


def said(texts: Iterable[str]) -> frozenset[str]:
    """The stems that some texts hold."""
    return frozenset().union(*(_stems_of(text) for text in texts))


@lru_cache(maxsize=20_000)
def _stems_of(text: str) -> frozenset[str]:
    """Passages are read again and again; their stems are worked out once."""
    return frozenset([*stems(text), *stems(_SEPARATOR.sub("", text))])
