"""Why: a sentence that was not quoted (by a chat model, by a person) should be weighed against the passages it
leans on, before anyone relies on it. This is a *proxy* of support, and is called one: shared words, nearness in
meaning and figures. It cannot tell who did what to whom, and never releases a sentence; the contract does that.

Measured by benchmarks/grounding.py; the figures are in docs/retrieval.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.figures import unsupported
from assistant.words import content_words, stem, stems
from ingest.sentences import sentences

if TYPE_CHECKING:
    from ingest.embed import Embedder

LOOSE_FIGURE = 0.6
"""What is left of the proxy where a figure stands in no passage."""
_DENIALS = frozenset(
    {"not", "no", "never", "none", "cannot", "without", "neither", "nor", "unless", "except"}
)
OTHER_POLARITY = 0.8
"""What is left of it where the nearest sentence denies and this one does not, or the other way round."""


def support(sentence: str, passages: Sequence[str], embedder: Embedder) -> float:
    """How well some passages carry a sentence, 0 to 1, by proxy; 0 where there is nothing to lean on."""
    spoken = [stem(word) for word in content_words(sentence)]
    pieces = [passage[a:b] for passage in passages for a, b in sentences(passage)]
    if not spoken or not pieces:
        return 0.0
    held = {s for passage in passages for s in stems(passage)}
    shared = sum(s in held for s in spoken) / len(spoken)
    vectors = embedder.embed_array([sentence, *pieces])
    cosines = vectors[1:] @ vectors[0]
    nearest = int(cosines.argmax())
    value = 0.5 * shared + 0.5 * max(0.0, float(cosines[nearest]))
    if unsupported(sentence, tuple(passages)):
        value *= LOOSE_FIGURE
    if _denies(sentence) != _denies(pieces[nearest]):
        value *= OTHER_POLARITY
    return min(1.0, value)


def _denies(text: str) -> bool:
    return any(word in _DENIALS or word.endswith("n't") for word in text.lower().replace("’", "'").split())
