"""Why: a question is searched with and its statements weighed with the same vector, and making it is the dearest
thing that is done in between; so it is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ingest.embed import Embedder

KEPT = 16
"""Vectors of questions that are kept: the parts of the few that are under way, and no store of what was asked."""


@dataclass
class Encoding:
    """An embedder that remembers the vectors of the last few questions. Safe to share between threads."""

    embedder: Embedder
    _kept: dict[str, list[float]] = field(default_factory=dict, repr=False)

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        known = self._kept.get(text)
        if known is None:
            known = self.embedder.embed_query(text)
            self._kept = {**dict(list(self._kept.items())[1 - KEPT :]), text: known}
        return known

    def embed_array(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of texts, one a row."""
        return self.embedder.embed_array(texts)
