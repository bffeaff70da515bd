"""Why: a sentence that was not quoted (by a chat model, by a person) should be weighed against the passages it
leans on, before anyone relies on it. This is a *proxy* of support, and is called one: signs of words, order, names,
figures, marks and nearness in meaning (``alignment``), weighed by a logistic model. It cannot tell who did what to whom,
and never releases a sentence; the contract does that.

The model's weights, and the evidence they come from, are data (support.json), fitted by benchmarks/train/support_checker.py;
docs/support-checker.md is its card. What stands in a passage to the letter is supported by it, whatever the signs say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from assistant.alignment import Text, chosen, pieces, signs
from assistant.fitted import fitted
from ingest.sentences import sentences

if TYPE_CHECKING:
    from ingest.embed import Embedder

_FOOTNOTE = re.compile(r"\s*\[\d+\]")


class Weights(BaseModel):
    """The fitted model: p = 1 / (1 + exp(-(intercept + sum of weight * (sign - usual) / spread)))."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    intercept: float
    signs: dict[str, tuple[float, float, float]]
    """Weight, usual value and spread of each sign."""
    evidence: dict[str, object]
    """What it was fitted and measured on."""

    def probability(self, found: Mapping[str, float]) -> float:
        """That a claim with these signs is supported, where as many are as are not. A sign counts up to 4 spreads."""
        z = self.intercept + sum(
            weight * max(-4.0, min(4.0, (found[name] - usual) / spread))
            for name, (weight, usual, spread) in self.signs.items()
        )
        return 1 / (1 + math.exp(-z))


def support(sentence: str, passages: Sequence[str], embedder: Embedder) -> float:
    """How well some passages carry a sentence, 0 to 1, by proxy; 0 where there is nothing to lean on."""
    if _to_the_letter(sentence, passages):
        return 1.0
    found = signs_of(sentence, passages, embedder)
    return weights().probability(found) if found else 0.0


def signs_of(sentence: str, passages: Sequence[str], embedder: Embedder) -> dict[str, float]:
    """The signs of a sentence beside some passages; none where it, or they, hold no word, or they share none."""
    claim = Text(_FOOTNOTE.sub("", sentence))
    read = chosen(claim, [piece for passage in passages for piece in pieces(passage)]) if claim.stems else []
    if not any(s in piece.held for piece in read for s in claim.content):
        return {}
    vectors = embedder.embed_array([claim.text, *(piece.text for piece in read)])
    return signs(claim, passages, read, vectors[1:] @ vectors[0])


def _to_the_letter(sentence: str, passages: Sequence[str]) -> bool:
    held = [" ".join(passage.split()) for passage in passages]
    said = [" ".join(sentence[a:b].split()) for a, b in sentences(sentence)]
    return any(any(c.isalnum() for c in one) for one in said) and all(
        any(one in passage for passage in held) for one in said
    )


@cache
def weights() -> Weights:
    """The weights of this release. Raises ``PolicyInvalid`` if their file is malformed."""
    return fitted("support.json", Weights)
