"""Why: one embedder for ingestion and for questions, quick on a processor, that never truncates in silence.

A text has the same vector whenever and beside whatever it is embedded, so that an answer can be made again. A
passage beyond the model's limit is embedded from its beginning and *counted*; ``split`` keeps below the
limit, so that the count is zero unless someone embeds their own text.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.embed_export import exported
from ingest.embedder_files import EmbedderIdentity, Precision, read_identity

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

BATCH_TOKENS = 4096
"""Padded tokens in one batch: large enough to fill a core, small enough to stay in cache (measured)."""
SLICE = 2048
"""Texts tokenised at a time, so that memory does not grow with the collection."""


class Embedder(Embeddings):
    """A LangChain ``Embeddings`` over a sentence-transformers folder, run by ONNX Runtime.

    Vectors are float32 of unit length, so that a dot product is the cosine. Raises ``ModelMissing`` or
    ``ModelCorrupt`` when made; loads the graph when first used, or on ``warm``.
    """

    def __init__(
        self, path: Path, *, cache_dir: Path, precision: Precision = "int8", threads: int = 2
    ) -> None:
        self.path = path
        self.cache_dir = cache_dir
        self.threads = threads
        self.identity: EmbedderIdentity = read_identity(path, precision, cache_dir)
        self.truncated = 0
        """Texts so far that were longer than the model reads."""
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of texts, as LangChain wants them."""
        vectors: list[list[float]] = self.embed_array(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Vector of one text, as LangChain wants it."""
        vector: list[float] = self.embed_array([text])[0].tolist()
        return vector

    def embed_array(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts: float32, shape (number of texts, dimensions), each of unit length."""
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        for start in range(0, len(texts), SLICE):
            part = texts[start : start + SLICE]
            vectors[start : start + len(part)] = self._embed_slice(part)
        return vectors

    def token_count(self, text: str) -> int:
        """Tokens of a text by the model's own tokeniser, its special tokens included."""
        return len(self._tokenizer.encode(text).ids)

    def warm(self) -> None:
        """Load the graph and run it once."""
        self.embed_array(["warm"])

    def _embed_slice(self, texts: Sequence[str]) -> NDArray[np.float32]:
        limit = self.identity.max_tokens
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        self.truncated += sum(len(ids) > limit for ids in encoded)
        # Keep the closing special token when a text is cut, as the model's own tokeniser does.
        ids = [i if len(i) <= limit else [*i[: limit - 1], i[-1]] for i in encoded]
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        vectors = np.empty((len(ids), self.identity.dimensions), dtype=np.float32)
        # Arithmetic in int8 scales by the largest value of a whole batch, so that a vector would depend on its company
        # (cosine down to .98 between batches, measured). One text at a time depends on nothing else.
        batches = [[row] for row in order] if self.identity.precision == "int8" else _batches(order, ids)

        def one(rows: list[int]) -> None:
            vectors[rows] = self._run([ids[n] for n in rows])

        if len(batches) == 1:
            one(batches[0])
        else:  # the longest first, so that no thread is left with one while the others have ended
            list(self._threads.map(one, reversed(batches)))
        return vectors

    def _run(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        width = max(len(ids) for ids in batch)
        input_ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        for row, ids in enumerate(batch):
            input_ids[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        embedded: NDArray[np.float32] = self._session.run(
            None, {"input_ids": input_ids, "attention_mask": mask}
        )[0]
        return embedded

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        """A text on each processor is a third quicker than every processor on one text (58 → 77 a second on two)."""
        return ThreadPoolExecutor(self.threads, "embed")

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.path / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        with self._lock:
            graph = exported(self.path, self.identity, self.cache_dir)
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _batches(order: Sequence[int], ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """Rows in order of length, cut so that no batch has more than ``BATCH_TOKENS`` padded tokens."""
    batches: list[list[int]] = []
    for row in order:
        if batches and (len(batches[-1]) + 1) * len(ids[row]) <= BATCH_TOKENS:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches
