"""Whether a small cross-encoder, started from the embedder's own weights, earns its place after the second look.

Run ``python benchmarks/train/cross_encoder.py [--epochs 1]`` from the checkout, with the models installed and third-party
data in ``../shared/data``. Reads question and text together through MiniLM (its lowest three layers held), and learns a
score that is *added* to the product's (each question's scores as z-scores), by listwise softmax over the right text, what
the product ranks high beside it and what it does not, from the questions of ``answers/or_sharc_qa``.

Two halves by gold document: what is asked of one half was learnt without any question, and without any text, of it. Prints
hit@1, hit@5 and nDCG@10 for some weights of the score, and the paired test. All is seeded. An epoch of both halves takes
about five minutes on two free cores. Nothing is shipped: see docs/retrieval.md for what was seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
from transformers import AutoModel, AutoTokenizer  # noqa: E402

from assistant.retrieve import LEXICAL_WEIGHT, PROXIMITY_WEIGHT  # noqa: E402
from benchmarks import retrieval as base  # noqa: E402
from ingest.embed import Embedder  # noqa: E402
from ingest.lexical import Lexical, build  # noqa: E402

SEED, GROUPS, OTHERS, LONGEST, HELD, READ = 7, 4, 4, 128, 3, 20
"""Seed; questions a step; wrong texts beside the right one; tokens of a pair; layers held; texts read again a question."""
RATE, HEAD_RATE = 8e-5, 1e-3
WEIGHTS = (0.1, 0.25, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Asked:
    """A question, what the product ranks for it (z-scores, best first), and its right text."""

    text: str
    ranked: dict[str, float]
    relevant: set[str]
    document: str
    measured: bool

    @property
    def half(self) -> int:
        """0 or 1, by the hash of the right text's id."""
        return _half(self.document)


def _half(key: str) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2


class CrossEncoder(nn.Module):  # type: ignore[misc]
    """MiniLM over both texts, and a score of its first and its mean vector; nothing at first."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True)
        self.head = nn.Sequential(nn.Linear(768, 128), nn.GELU(), nn.Linear(128, 1))
        nn.init.zeros_(self.head[2].weight)
        nn.init.zeros_(self.head[2].bias)
        held = ("embeddings.", *(f"encoder.layer.{n}." for n in range(HELD)))
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad_(not name.startswith(held))

    def forward(self, pairs: Any) -> torch.Tensor:
        """A score for each pair."""
        vectors = self.encoder(**pairs).last_hidden_state
        mask = pairs["attention_mask"][..., None].to(vectors.dtype)
        mean = (vectors * mask).sum(1) / mask.sum(1)
        scores: torch.Tensor = self.head(torch.cat([vectors[:, 0], mean], -1)).squeeze(-1)
        return scores


def questions(folder: Path) -> tuple[list[Asked], dict[str, str]]:
    """All questions, and the texts by id."""
    texts = {str(d["doc_id"]): base._indexed(str(d["title"]), str(d["text"])) for d in base._read("docs.jsonl")}  # fmt: skip
    queries: list[Any] = base._read("queries.jsonl")
    rows: list[tuple[str, set[str], str, bool]] = [
        (f"{q['scenario']} {q['question']}".strip(), set(q["doc_ids"]), str(q["doc_id"]), True)
        for q in queries
    ]
    seen = {row[0] for row in rows}
    path = base.DATA.parent.parent / "answers" / "or_sharc_qa.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        q = json.loads(line)
        for text in (f"{q['scenario'] or ''} {q['question']}".strip(), q["question"]):
            if text not in seen:
                seen.add(text)
                rows.append((text, {q["doc_id"]}, q["doc_id"], False))
    embedder = Embedder(folder, cache_dir=base.CACHE / "compiled")
    ids = list(texts)
    cosines = embedder.embed_array([row[0] for row in rows]) @ embedder.embed_array(list(texts.values())).T
    with tempfile.TemporaryDirectory() as scratch:
        build([list(texts.values())], Path(scratch))
        lexical = Lexical(Path(scratch))
        made = [
            Asked(row[0], _ranked(row[0], base._top(cosines[n], ids), base._top(lexical.scores(row[0]), ids, least=0.0), texts), *row[1:])
            for n, row in enumerate(rows)
        ]  # fmt: skip
    return made, texts


def _ranked(text: str, dense: base.Scores, lexical: base.Scores, texts: dict[str, str]) -> dict[str, float]:
    ranked = base.ranked(text, dense, lexical, texts, lexical=LEXICAL_WEIGHT, near=PROXIMITY_WEIGHT)
    values = np.array(list(ranked.values()))
    return {
        key: float((value - values.mean()) / (values.std() + 1e-6))
        for key, value in sorted(ranked.items(), key=lambda item: -item[1])
    }


def groups(
    asked: Sequence[Asked], texts: dict[str, str], rng: random.Random
) -> Iterator[tuple[str, list[str], list[float]]]:
    """Each question with its right text first, then texts that rank high beside it and two that need not."""
    for one in rng.sample(list(asked), len(asked)):
        high = [key for key in one.ranked if key in texts and key not in one.relevant][:12]
        wrong = rng.sample(high, min(len(high), OTHERS - 2))
        rest = [key for key in texts if key not in one.relevant and key not in wrong]
        keys = [one.document, *wrong, *rng.sample(rest, OTHERS - len(wrong))]
        low = min(one.ranked.values())
        yield one.text, [texts[key] for key in keys], [one.ranked.get(key, low) for key in keys]


def trained(
    folder: Path, tokenizer: Any, asked: list[Asked], texts: dict[str, str], epochs: int
) -> CrossEncoder:
    """A model that learnt from these questions over these texts."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    model = CrossEncoder(folder)
    moving = [p for p in model.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": moving, "lr": RATE}, {"params": model.head.parameters(), "lr": HEAD_RATE}], weight_decay=0.01,
    )  # fmt: skip
    steps = math.ceil(len(asked) / GROUPS) * epochs
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)
    )
    for _ in range(epochs):
        model.train()
        drawn = list(groups(asked, texts, rng))
        for start in range(0, len(drawn), GROUPS):
            batch = drawn[start : start + GROUPS]
            pairs = _pairs(tokenizer, [(question, text) for question, those, _ in batch for text in those])
            scores = model(pairs).view(len(batch), -1) + torch.tensor([before for _, _, before in batch])
            loss = nn.functional.cross_entropy(scores, torch.zeros(len(batch), dtype=torch.long))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
    return model.eval()


def _pairs(tokenizer: Any, pairs: list[tuple[str, str]]) -> Any:
    return tokenizer(
        [one for one, _ in pairs], [other for _, other in pairs], truncation="longest_first", max_length=LONGEST,
        padding=True, return_tensors="pt",
    )  # fmt: skip


def read_again(model: CrossEncoder, tokenizer: Any, one: Asked, texts: dict[str, str]) -> dict[str, float]:
    """The model's scores of the first ``READ`` texts of a question."""
    keys = list(one.ranked)[:READ]
    with torch.no_grad():
        scores: list[float] = model(_pairs(tokenizer, [(one.text, texts[key]) for key in keys])).tolist()
    return dict(zip(keys, scores, strict=True))


def reranked(one: Asked, scores: dict[str, float], weight: float) -> list[str]:
    """The texts of a question in the order of the product's score and so much of the model's."""
    head = sorted(scores, key=lambda key: -(one.ranked[key] + weight * scores[key]))
    return head + list(one.ranked)[READ:]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--epochs", type=int, default=1)
    epochs = arguments.parse_args().epochs
    folder = base.MODELS / "minilm"
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    asked, texts = questions(folder)
    measured = [one for one in asked if one.measured]
    scores: dict[str, dict[str, float]] = {}
    for half in (0, 1):
        there = {key: text for key, text in texts.items() if _half(key) != half}
        model = trained(folder, tokenizer, [one for one in asked if one.half != half], there, epochs)
        scores |= {one.text: read_again(model, tokenizer, one, texts) for one in measured if one.half == half}
    plain = [base.measures(list(one.ranked), one.relevant) for one in measured]
    _print("as the product", plain, plain)
    for weight in WEIGHTS:
        rows = [base.measures(reranked(one, scores[one.text], weight), one.relevant) for one in measured]
        _print(f"read again, weight {weight}", rows, plain)


def _print(name: str, rows: Sequence[tuple[float, float, float]], plain: Sequence[Sequence[float]]) -> None:
    one, five, ndcg = np.mean(rows, axis=0)
    p = base.paired([row[2] for row in rows], [row[2] for row in plain])
    print(f"{name:<26}{one:>7.3f}{five:>7.3f}{ndcg:>9.3f}   p = {p:.3f}")


if __name__ == "__main__":
    main()
