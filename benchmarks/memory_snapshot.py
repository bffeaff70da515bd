"""A snapshot in memory over plain texts, searched as the product's own is: for sets that are not guidance."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from ingest.documents import Filter, Metadata, Passage, Version
from ingest.embed import Embedder
from ingest.lexical import Lexical, build


class MemorySnapshot:
    """Texts as passages of one document each; the passage id is the text's own id."""

    def __init__(self, name: str, texts: Sequence[tuple[str, str, str]], embedder: Embedder) -> None:
        """``texts``: (id, title, text)."""
        now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self.id = self.root_hash = name
        self._found = {
            key: (
                Passage(key, key, 0, (title,) if title else (), text, len(text.split())),
                Version(key, key, Metadata(uri=f"memory:{key}", title=title), "", now),
            )
            for key, title, text in texts
        }
        self._ids = list(self._found)
        indexed = [passage.indexed_text for passage, _ in self._found.values()]
        self._vectors = embedder.embed_array(indexed)
        self._folder = tempfile.TemporaryDirectory()
        build([indexed], Path(self._folder.name))
        self._lexical = Lexical(Path(self._folder.name))
        self.passages = len(self._ids)

    def dense(self, vector: Sequence[float], n: int, where: Filter) -> list[tuple[str, float]]:
        """The nearest texts, by cosine."""
        return self._best(self._vectors @ np.asarray(vector, dtype=np.float32), n)

    def lexical(self, text: str, n: int, where: Filter) -> list[tuple[str, float]]:
        """The texts that share most words, by BM25."""
        return [pair for pair in self._best(self._lexical.scores(text), n) if pair[1] > 0]

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, tuple[Passage, Version]]:
        """Texts by id."""
        return {key: self._found[key] for key in ids if key in self._found}

    def documents(self) -> list[Version]:
        """Every text as a document."""
        return [version for _, version in self._found.values()]

    def passages_of(self, version_id: str) -> list[Passage]:
        """The one passage of a document."""
        return [self._found[version_id][0]]

    def neighbours(self, passage_id: str) -> list[Passage]:
        """None: each text is one passage."""
        return []

    def close(self) -> None:
        """Let go of the word index on disk."""
        self._folder.cleanup()

    def _best(self, scores: np.ndarray, n: int) -> list[tuple[str, float]]:
        order = np.argsort(-scores, kind="stable")[:n]
        return [(self._ids[i], float(scores[i])) for i in order]
