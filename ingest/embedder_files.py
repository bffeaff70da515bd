"""Why: an embedder's identity and limits are read from its files, without loading the model.

A sentence-transformers folder holds ``modules.json``, the transformer's ``config.json``, ``tokenizer.json``,
``sentence_bert_config.json`` (the longest input the model was trained for) and ``model.safetensors``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from governance.errors import ModelCorrupt, ModelMissing

Precision = Literal["int8", "fp32"]
GRAPH = 3
"""Number of the way in which a graph is made of the weights (``embed_export``): raised with every change of it, since
in int8 even another order of the same sums gives other vectors (cosine down to .996 between 1 and 2, measured)."""


@dataclass(frozen=True)
class EmbedderIdentity:
    """What makes two vectors comparable. Stored with the index; an index opens with no other."""

    name: str
    version: str
    """First 12 hex digits of the weights' hash: weights have no other version that cannot lie."""
    weights_sha256: str
    precision: str
    dimensions: int
    max_tokens: int
    """Tokens of the model's own tokeniser, its two special tokens included."""
    graph: int = GRAPH

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @property
    def key(self) -> str:
        """16 hex digits that name the vector space: name, weights, precision and how the graph is made."""
        text = f"{self.name}\0{self.weights_sha256}\0{self.precision}\0{self.dimensions}\0{self.graph}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_identity(folder: Path, precision: Precision, cache_dir: Path) -> EmbedderIdentity:
    """Identity of the model in a folder. Raises ``ModelMissing`` or ``ModelCorrupt``."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelMissing(
            f"No embedder in {folder}: model.safetensors is not there.",
            do="Run `frontline models fetch`, or set FRONTLINE_EMBEDDER to a sentence-transformers folder.",
        )
    config = _json(folder / "config.json")
    sha256 = _sha256_remembered(weights, cache_dir)
    return EmbedderIdentity(
        name=folder.name,
        version=sha256[:12],
        weights_sha256=sha256,
        precision=precision,
        dimensions=int(config["hidden_size"]),
        max_tokens=_max_tokens(folder, config),
    )


def _max_tokens(folder: Path, config: dict[str, Any]) -> int:
    limits = [int(config.get("max_position_embeddings", 512))]
    path = folder / "sentence_bert_config.json"
    if path.is_file():
        limits.append(int(_json(path).get("max_seq_length") or limits[0]))
    return min(limits)


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelCorrupt(f"{path} cannot be read: {error}.", do="Fetch the model again.") from error
    if not isinstance(value, dict):
        raise ModelCorrupt(f"{path} does not hold what it should.", do="Fetch the model again.")
    return value


def _sha256_remembered(weights: Path, cache_dir: Path) -> str:
    """Hash of the weights; read once per file as it is (path, size, time of change), since it takes a while."""
    stat = weights.stat()
    known = hashlib.sha256(f"{weights.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()).hexdigest()
    memo = cache_dir / "weights" / known
    if memo.is_file():
        return memo.read_text(encoding="ascii")
    with weights.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    memo.parent.mkdir(parents=True, exist_ok=True)
    memo.write_text(sha256, encoding="ascii")
    return sha256
