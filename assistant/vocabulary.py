"""Why: "does the guidance mention it?" must weigh "playlist", which no passage holds, more than "payment",
which most do. The weight of a word is how rare it is in the snapshot that is being asked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.words import stem, words

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot

SAMPLE = 20_000
"""Passages that are counted at most: rarity needs no more, and a snapshot may hold a million."""


@dataclass(frozen=True)
class Vocabulary:
    """In how many passages each stem occurs."""

    passages: int
    occurrences: Mapping[str, int] = field(repr=False)
    spellings: Mapping[str, frozenset[str]] = field(repr=False, default_factory=dict)
    """Words as guidance writes them, by first letter."""

    def weight(self, stem: str) -> float:
        """Inverse document frequency as in BM25 (Robertson and Zaragoza, 2009), never below 0."""
        n = self.occurrences.get(stem, 0)
        return math.log(1 + (self.passages - n + 0.5) / (n + 0.5))

    def knows(self, stem: str) -> bool:
        """Whether any passage holds the stem."""
        return stem in self.occurrences

    def spelt(self, letter: str) -> frozenset[str]:
        """The words that begin with a letter."""
        return self.spellings.get(letter, frozenset())

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """Count the stems of some texts."""
        counted: Counter[str] = Counter()
        spelt: dict[str, set[str]] = {}
        total = 0
        for text in texts:
            held = set(words(text))
            counted.update({stem(word) for word in held})
            for word in held:
                spelt.setdefault(word[0], set()).add(word)
            total += 1
        return cls(total, dict(counted), {letter: frozenset(found) for letter, found in spelt.items()})


@dataclass
class Vocabularies:
    """The vocabulary of each snapshot, counted once; snapshots are immutable."""

    _kept: dict[str, Vocabulary] = field(default_factory=dict)

    def of(self, snapshot: Snapshot) -> Vocabulary:
        """The vocabulary of a snapshot, from an even sample of its documents where it is large."""
        if snapshot.id not in self._kept:
            made = Vocabulary.of(_texts(snapshot))
            self._kept = {**dict(list(self._kept.items())[-1:]), snapshot.id: made}
        return self._kept[snapshot.id]


def _texts(snapshot: Snapshot) -> Iterable[str]:
    step = max(1, math.ceil(snapshot.passages / SAMPLE))
    for version in snapshot.documents()[::step]:
        for passage in snapshot.passages_of(version.id):
            yield passage.indexed_text
