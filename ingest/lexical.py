"""Why: words that must match exactly (a form's number, "LCWRA") are found by words, not by meaning.

BM25 by bm25s, kept on disk and memory-mapped, so that opening it does not load it. Both sides are cut into
words, freed of English stop words and stemmed (Snowball English) in the same way.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bm25s
import numpy as np
import Stemmer

if TYPE_CHECKING:
    from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports its own progress at debug level

K1 = 1.2
B = 0.75
"""Robertson's usual values; the ablation in benchmarks/retrieval.py found nothing better within noise."""


def words(texts: Sequence[str]) -> list[list[str]]:
    """Texts as lists of stemmed words."""
    tokens: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords="en", stemmer=Stemmer.Stemmer("english"), return_ids=False, show_progress=False
    )
    return tokens


def build(batches: Iterable[Sequence[str]], folder: Path) -> None:
    """Index texts in their order, given a batch at a time, and keep the index in a folder.

    Texts are let go batch by batch; what stays is four bytes a word, and some thirty for each word of each text while
    the matrix is made.
    """
    vocabulary: dict[str, int] = {}
    rows: list[array[int]] = []
    for texts in batches:
        rows += [
            array("i", [vocabulary.setdefault(word, len(vocabulary)) for word in text])
            for text in words(texts)
        ]
    if not vocabulary:  # bm25s cannot index nothing at all
        rows[:1] = [array("i", [vocabulary.setdefault("\0", 0)])]
    index = bm25s.BM25(k1=K1, b=B)
    index.index((rows, vocabulary), show_progress=False)
    index.save(str(folder), show_progress=False)


class Lexical:
    """An index as it was built, read from disk as needed."""

    def __init__(self, folder: Path) -> None:
        self._index: Any = bm25s.BM25.load(str(folder), mmap=True)

    def scores(self, text: str) -> NDArray[np.float32]:
        """BM25 score of every row for a text; zero where no word is shared."""
        known = [word for word in words([text])[0] if word in self._index.vocab_dict]
        if not known:
            return np.zeros(self._index.scores["num_docs"], dtype=np.float32)
        scores: NDArray[np.float32] = self._index.get_scores(known)
        return scores
