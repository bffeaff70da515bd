"""Whether a learnt linear third look earns its place after the second: it does not, and this is the paired test.

Run ``python benchmarks/train/linear_reranker.py`` from the checkout, with the models installed and third-party data in
``../shared/data``. Learns a listwise softmax ranker (drawn towards the product's own two weights) over the candidates
that the product considers, from the questions of ``answers/or_sharc_qa`` (each scenario, and each follow-up question
as a question of its text), every text weighing the same. Five folds by gold document: what is asked of a fold was
learnt without any question of its texts. Nothing is shipped: the gain is within noise. About two minutes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

from assistant.proximity import proximity  # noqa: E402
from assistant.retrieve import CONSIDERED, LEXICAL_WEIGHT, PROXIMITY_WEIGHT, fuse  # noqa: E402
from assistant.words import FUNCTION_WORDS, stem, words  # noqa: E402
from benchmarks import retrieval as base  # noqa: E402
from ingest.embed import Embedder  # noqa: E402
from ingest.lexical import Lexical, build  # noqa: E402

FEATURES = ("fused", "pairs", "pairs of the question", "words of the question", "cosine of the question",
            "share of its words", "longest run")  # fmt: skip
DRAWS = (0.003, 0.03, 0.1)
"""Strengths of the pull towards the product's weights; all are shown, none is chosen."""


@dataclass(frozen=True)
class Listed:
    """The candidates of one question, with a row of features each."""

    keys: list[str]
    rows: np.ndarray
    relevant: set[str]
    document: str


class Texts:
    """The rule texts, searched as the product searches them."""

    def __init__(self, embedder: Embedder, texts: dict[str, str], folder: Path) -> None:
        self.embedder, self.texts, self.ids = embedder, texts, list(texts)
        self.vectors = embedder.embed_array(list(texts.values()))
        build(list(texts.values()), folder)
        self.lexical = Lexical(folder)
        self.stems = {key: [stem(w) for w in words(text)] for key, text in texts.items()}
        self.at = {key: n for n, key in enumerate(self.ids)}

    def listed(self, scenario: str, question: str, relevant: set[str], document: str) -> Listed:
        """The candidates of a question and their features, in the order of ``FEATURES``."""
        whole = f"{scenario} {question}".strip()
        both, alone = self.embedder.embed_array([whole, question])
        dense = base._top(self.vectors @ both, self.ids)
        lexical = base._top(self.lexical.scores(whole), self.ids, least=0.0)
        fused = dict(list(fuse(dense, lexical, weight=LEXICAL_WEIGHT).items())[:CONSIDERED])
        held = {key: self.texts[key] for key in fused}
        near, near_alone = proximity(whole, held), proximity(question, held)
        said, asked = self.lexical.scores(question), [stem(w) for w in words(question)]
        about = {stem(w) for w in words(question) if w not in FUNCTION_WORDS}
        most = float(said.max()) or 1.0
        rows = [
            (score, near[key], near_alone[key], said[self.at[key]] / most, self.vectors[self.at[key]] @ alone,
             len(about & set(self.stems[key])) / max(1, len(about)), _run(asked, self.stems[key]) / max(1, len(asked)))
            for key, score in fused.items()
        ]  # fmt: skip
        return Listed(list(fused), np.array(rows, dtype=float), relevant, document)


def _run(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest run of words that both hold."""
    best, before = 0, [0] * (len(other) + 1)
    for word in one:
        now = [0, *(before[n] + 1 if word == w else 0 for n, w in enumerate(other))]
        best, before = max(best, *now), now
    return best


def learnt(lists: Sequence[Listed], draw: float) -> np.ndarray:
    """Weights of the features by listwise softmax, each document weighing the same."""
    lists = [one for one in lists if any(key in one.relevant for key in one.keys)]
    spread = np.concatenate([one.rows for one in lists]).std(axis=0) + 1e-9
    prior = np.array([1.0, PROXIMITY_WEIGHT, *[0.0] * (len(FEATURES) - 2)]) * spread
    of = Counter(one.document for one in lists)
    data = [
        (one.rows / spread, np.array([key in one.relevant for key in one.keys], float), 1 / of[one.document])
        for one in lists
    ]
    total = sum(weight for _, _, weight in data)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = draw * float(((weights - prior) ** 2).sum()), 2 * draw * (weights - prior)
        for rows, truth, weight in data:
            scores = rows @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            wanted = truth / truth.sum()
            value -= weight / total * float((wanted * np.log(shares + 1e-12)).sum())
            slope = slope - weight / total * (rows.T @ (wanted - shares))
        return value, slope

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x / spread)


def measured(one: Listed, weights: np.ndarray) -> tuple[float, float, float]:
    """hit@1, hit@5 and nDCG@10 of one question by some weights."""
    scores = one.rows @ weights
    ranked = [one.keys[n] for n in sorted(range(len(scores)), key=lambda n: (-scores[n], one.keys[n]))]
    return base.measures(ranked, one.relevant)


def main() -> None:
    """Print the table."""
    queries: list[Any] = base._read("queries.jsonl")
    texts = {
        str(d["doc_id"]): base._indexed(str(d["title"]), str(d["text"])) for d in base._read("docs.jsonl")
    }
    same: dict[str, set[str]] = {}
    for query in queries:
        for key in query["doc_ids"]:
            same.setdefault(key, set()).update(query["doc_ids"])
    path = base.DATA.parent.parent / "answers" / "or_sharc_qa.jsonl"
    taught: set[tuple[str, str, str]] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        taught.add((row["scenario"] or "", row["question"], row["doc_id"]))
        follow_ups = [h["follow_up_question"] for h in row["history"]] + [row["follow_up"]]
        taught |= {(row["question"], asked, row["doc_id"]) for asked in follow_ups if asked}
    embedder = Embedder(base.MODELS / "minilm", cache_dir=base.CACHE / "compiled")
    with tempfile.TemporaryDirectory() as folder:
        held = Texts(embedder, texts, Path(folder))
        asked = [
            held.listed(q["scenario"], q["question"], set(q["doc_ids"]), str(q["doc_id"])) for q in queries
        ]
        lists = [held.listed(s, q, same.get(d, {d}), d) for s, q, d in sorted(taught)]
    folds = [base.fold_of(one.document) for one in asked]
    product = np.array([1.0, PROXIMITY_WEIGHT, *[0.0] * (len(FEATURES) - 2)])
    plain = [measured(one, product) for one in asked]
    _print("as the product", plain, plain)
    for draw in DRAWS:
        scored: dict[int, tuple[float, float, float]] = {}
        for fold in range(base.FOLDS):
            there = [n for n, f in enumerate(folds) if f == fold]
            unseen = set().union(*(asked[n].relevant for n in there))
            weights = learnt([one for one in lists if not one.relevant & unseen], draw)
            scored |= {n: measured(asked[n], weights) for n in there}
        _print(f"learnt, pull {draw}", [scored[n] for n in range(len(asked))], plain)


def _print(name: str, rows: Sequence[tuple[float, float, float]], plain: Sequence[Sequence[float]]) -> None:
    one, five, ndcg = np.mean(rows, axis=0)
    p = base.paired([r[2] for r in rows], [r[2] for r in plain])
    print(f"{name:<22}{one:>7.3f}{five:>7.3f}{ndcg:>9.3f}   p = {p:.3f}")


if __name__ == "__main__":
    main()
