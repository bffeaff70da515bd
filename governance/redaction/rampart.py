"""Why: the second name detector, and the one that knows addresses. Rampart is an uncased token classifier, so
lower case and capitals cost it nothing.

Rampart (National Design Studio, licensed CC BY 4.0) is read straight from its ONNX file, in int8, with onnxruntime and
tokenizers: nothing is unpickled, nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.errors import ModelCorrupt, ModelMissing
from governance.redaction.rampart_int8 import int8_graph

WINDOW = 480
"""Characters read at a time; the model's phone and name recall falls in longer windows."""
OVERLAP = 96
MAX_TOKENS = 512

NAME = frozenset({"GIVEN_NAME", "SURNAME"})
ADDRESS = frozenset({"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"})


@dataclass(frozen=True)
class Word:
    """One whitespace-free word of the text with the probability of each label (B- and I- summed)."""

    start: int
    end: int
    labels: dict[str, float]

    def probability(self, wanted: frozenset[str]) -> float:
        """That the word carries one of the wanted labels."""
        return sum(p for label, p in self.labels.items() if label in wanted)

    @property
    def label(self) -> str:
        """The likeliest label, ``O`` included."""
        return max(self.labels, key=lambda name: self.labels[name])


class Rampart:
    """The loaded model. Thread-safe: an onnxruntime session may be run from several threads at once."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        weights, tokens, config = (
            path / "onnx" / "model_q4.onnx",
            path / "tokenizer.json",
            path / "config.json",
        )
        for needed in (weights, tokens, config):
            if not needed.is_file():
                raise ModelMissing(
                    f"no Rampart model: {needed} is not there", do="Run `frontline models fetch`."
                )
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import (
            Fail,
            InvalidArgument,
            InvalidGraph,
            InvalidProtobuf,
        )
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            graph = int8_graph(weights, path.parent / ".cache")
            names = json.loads(config.read_text(encoding="utf-8"))["id2label"]
            self._labels = [names[str(i)].split("-", 1)[-1] for i in range(len(names))]
            json.loads(tokens.read_text(encoding="utf-8"))
            self._tokenizer: Any = Tokenizer.from_file(str(tokens))
            self._session: Any = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )
        except (ValueError, KeyError, Fail, InvalidArgument, InvalidGraph, InvalidProtobuf) as error:
            raise ModelCorrupt(
                f"the Rampart model at {path} cannot be read ({error})",
                do="Run `frontline models fetch` again.",
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._inputs = {i.name for i in self._session.get_inputs()}
        self._kinds = sorted(set(self._labels))
        self._columns = np.array([self._kinds.index(label) for label in self._labels])

    def words(self, text: str) -> list[Word]:
        """Every word of ``text`` that is not surely outside, in order, with label probabilities; where windows
        overlap, the more certain reading of a word wins."""
        best: dict[tuple[int, int], Word] = {}
        for offset, chunk in _windows(text):
            for word in self._read(chunk, offset):
                key = (word.start, word.end)
                if key not in best or best[key].labels["O"] > word.labels["O"]:
                    best[key] = word
        return [best[key] for key in sorted(best)]

    def _read(self, chunk: str, offset: int) -> Iterator[Word]:
        encoding = self._tokenizer.encode(chunk)
        if len(encoding.ids) > MAX_TOKENS:
            middle = len(chunk) // 2
            yield from self._read(chunk[:middle], offset)
            yield from self._read(chunk[middle:], offset + middle)
            return
        probabilities = self._run(encoding.ids)
        for start, end, rows in _group(chunk, encoding.offsets):
            strongest = min(rows, key=lambda row: probabilities[row, self._kinds.index("O")])
            labels = dict(zip(self._kinds, map(float, probabilities[strongest]), strict=True))
            yield Word(offset + start, offset + end, labels)

    def _run(self, ids: list[int]) -> NDArray[np.float32]:
        feed = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.zeros((1, len(ids)), dtype=np.int64),
        }
        logits = self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})[0][0]
        exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
        softmax = exponents / exponents.sum(axis=-1, keepdims=True)
        summed = np.zeros((len(ids), len(self._kinds)), dtype=np.float32)
        np.add.at(summed.T, self._columns, softmax.T)
        return summed


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """(offset, piece) pairs that cover ``text``, overlapping, cut at white space where there is some."""
    start = 0
    while start < len(text):
        stop = min(len(text), start + WINDOW)
        if stop < len(text):
            stop = (
                max(
                    text.rfind(" ", start + WINDOW // 2, stop), text.rfind("\n", start + WINDOW // 2, stop), 0
                )
                or stop
            )
        yield start, text[start:stop]
        if stop == len(text):
            return
        back = text.find(" ", max(start + 1, stop - OVERLAP), stop)
        start = back + 1 if back > 0 else stop


def _group(chunk: str, offsets: list[tuple[int, int]]) -> Iterator[tuple[int, int, list[int]]]:
    """Word pieces gathered into words: pieces that touch, or are joined by an apostrophe or a hyphen."""
    current: tuple[int, int, list[int]] | None = None
    for row, (start, end) in enumerate(offsets):
        if end <= start or not any(c.isalnum() for c in chunk[start:end]):
            continue
        between = chunk[current[1] : start] if current else ""
        if current and between in ("", "'", "-", "."):
            current = (current[0], end, [*current[2], row])
            continue
        if current:
            yield current
        current = (start, end, [row])
    if current:
        yield current
