"""Why: a sentence chosen without the one it leans on, or the one that takes it back, misleads though every word of
it is quoted. What belongs together is chosen together, whoever chose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answers import Hit
from assistant.coverage import said
from assistant.figures import figures
from assistant.statements import Statement
from assistant.words import content_words, stem

_LEANS_BACK = re.compile(
    r"^(?:this|that|these|those|it|they|he|she|such|the same|otherwise|however|but|in that case|if so|if not"
    r"|both|neither|then|instead|in (?:this|these|those|such) cases?|(?:the )?(?:reasons|examples|exceptions) (?:are|include)"
    r"|for (?:example|instance)|the (?:first|second|other|latter)\b)\b",
    re.IGNORECASE,
)
"""A statement that begins so means little without the one before it."""
_QUALIFIES = re.compile(
    r"^(?:however|but|unless|except|otherwise|this does not|it does not|they do not|there (?:is|are) (?:an? )?exceptions?"
    r"|the exceptions?|if not|only if|this is not|it is not|in exceptional|delaying)\b|\bexceptional circumstances\b",
    re.IGNORECASE,
)
"""A statement that begins so takes back or narrows the one before it."""

SHARED = 2
"""Content words that a statement shares with the one before it where it goes on about the same."""


@dataclass(frozen=True)
class Scored:
    """A statement as it was weighed for one part of the question."""

    hit: Hit
    statement: Statement
    position: int
    """Of the statement in its passage."""
    score: float
    meaning: float
    coverage: float
    answers_kind: bool
    """Holds the kind of figure asked for, or none was asked for."""
    on_subject: bool
    """Its passage names the benefit asked about, or the question names none."""
    carried_on: str = ""
    """The statement after it, where that goes on about the same and speaks of more of what is asked; else nothing."""


def with_neighbours(chosen: Sequence[Scored], scored: Sequence[Scored]) -> tuple[Scored, ...]:
    """Add the statement before one that leans back, and the one after that narrows it, or says what is asked of it."""
    at = {(s.hit.passage_id, s.position): s for s in scored}
    kept = {(s.hit.passage_id, s.position): s for s in chosen}
    for statement in chosen:
        passage, position = statement.hit.passage_id, statement.position
        before, after = at.get((passage, position - 1)), at.get((passage, position + 1))
        if before is not None and leans_back(statement.statement.text):
            kept.setdefault((passage, position - 1), before)
        if after is not None and (narrows(after.statement.text) or statement.carried_on):
            kept.setdefault((passage, position + 1), after)
    return tuple(kept.values())


def leans_back(text: str) -> bool:
    """Whether a statement means little without the one before it."""
    return bool(_LEANS_BACK.match(text))


def carries_on(before: str, after: str) -> bool:
    """Whether a statement goes on about what the one before it said: "This limit is called …", "The lower rate applies …"."""
    if leans_back(after):
        return True
    return len(_about(before) & _about(after)) >= SHARED


@lru_cache(maxsize=20_000)
def _about(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))


def narrows(text: str) -> bool:
    """Whether a statement takes back or narrows the one before it."""
    return bool(_QUALIFIES.search(text))


def repeats(one: Scored, other: Scored) -> bool:
    """Whether two statements say much the same: four fifths of the words of the shorter stand in the other, and its figures.

    "A single claimant … £348" does not repeat "a couple … £464", alike as their words are.
    """
    if set(figures(one.statement.text)) - set(figures(other.statement.text)):
        return False
    a, b = said([one.statement.text]), said([other.statement.text])
    return len(a & b) >= 0.8 * min(len(a), len(b))
