"""Why: everything later (the ledger, the explanation, the vault) needs to know what was hidden and by whom,
and none of it may need the hidden value. So a finding is an offset, a type and a reason, never a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

TOKEN = re.compile(r"<([A-Z][A-Z_]*[A-Z])_(\d{1,6})>")
"""A redaction token, such as ``<PERSON_1>``."""


@dataclass(frozen=True)
class Span:
    """One finding: characters ``start`` to ``end`` (half-open) of the text as given, never their value."""

    start: int
    end: int
    type: str
    """Entity name, as in the policy."""
    score: float
    """Confidence, 0 to 1, as the recogniser gave it."""
    recogniser: str
    explanation: str = ""

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Redaction:
    """A text with its personal data replaced, and the record of what was replaced.

    ``text`` also loses every invisible character of the original, since those can carry hidden text.
    """

    text: str
    spans: tuple[Span, ...]
    policy_version: str
    policy_hash: str

    @property
    def types(self) -> tuple[str, ...]:
        """The entity types found, each once, in alphabetical order."""
        return tuple(sorted({span.type for span in self.spans}))


@dataclass
class Tokens:
    """Which token stands for which value, for one conversation.

    The same value (letter case, spacing and punctuation aside) keeps its token for as long as the same
    ``Tokens`` is passed. ``values`` is personal data: whoever keeps it seals it in the vault.
    """

    values: dict[str, str] = field(default_factory=dict)
    """Token → the value it stands for, as first written."""
    _by_key: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def holding(cls, values: Mapping[str, str]) -> Tokens:
        """The tokens of a conversation as they were left: same values keep their tokens, new ones get new numbers."""
        tokens = cls()
        for token, value in values.items():
            if match := TOKEN.fullmatch(token):
                tokens._by_key[match[1], _alike(value)] = token
                tokens.values[token] = value
                tokens.reserve(token)
        return tokens

    def reserve(self, text: str) -> None:
        """Never hand out a token that ``text`` already contains, so that none can stand for two values."""
        for name, number in TOKEN.findall(text):
            self._counts[name] = max(self._counts.get(name, 0), int(number))

    def token(self, type_: str, value: str) -> str:
        """The token of ``value``; a new one if it has not been seen."""
        key = (type_, _alike(value))
        if key not in self._by_key:
            self._counts[type_] = self._counts.get(type_, 0) + 1
            self._by_key[key] = token = f"<{type_}_{self._counts[type_]}>"
            self.values[token] = value
        return self._by_key[key]


def _alike(value: str) -> str:
    """What two ways of writing one value have in common."""
    return "".join(c for c in value.casefold() if c.isalnum())


def merge(spans: Iterable[Span], rank: dict[str, int]) -> list[Span]:
    """Turn overlapping findings into one each, covering all of them, so that no disagreement leaks a tail.

    The type is that of the finding whose type has the lowest ``rank``, then of the highest score.
    """
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if merged and merged[-1].overlaps(span):
            last = merged[-1]
            winner = min((last, span), key=lambda s: (rank.get(s.type, 99), -s.score, s.start - s.end))
            merged[-1] = replace(winner, start=last.start, end=max(last.end, span.end))
        else:
            merged.append(span)
    return merged
