"""Which way of fusing the two searches finds most: the table that `assistant.retrieve.LEXICAL_WEIGHT` comes from.

Run ``python benchmarks/retrieval.py`` from the checkout, with the models installed and third-party data in
``../shared/data``. Indexes the 353 rule texts of OR-ShARC (title, then text) with the product's embedder and
its BM25, asks the 161 questions (scenario, then question), and prints hit@1, hit@5 and nDCG@10 of each way,
with a 95 % bootstrap interval of nDCG@10. Figures of the product itself use its own ``fuse`` on the first
``DEPTH`` of each search. Takes about half a minute.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from assistant.retrieve import DEPTH, fuse  # noqa: E402
from ingest.embed import Embedder  # noqa: E402
from ingest.lexical import Lexical, build  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "retrieval" / "or_sharc"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "frontline"
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", CACHE / "models"))
RESAMPLES, SEED = 10_000, 20260401

Scores = Mapping[str, float]
Ranked = Sequence[str]


def rrf(dense: Scores, lexical: Scores, *, k: int = 60) -> list[str]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009), both lists weighing the same."""
    fused: dict[str, float] = {}
    for scores in (dense, lexical):
        for rank, key in enumerate(sorted(scores, key=lambda i: -scores[i]), start=1):
            fused[key] = fused.get(key, 0.0) + 1 / (k + rank)
    return sorted(fused, key=lambda i: -fused[i])


def minmax(dense: Scores, lexical: Scores, *, weight: float) -> list[str]:
    """Sum of scores that were each stretched to 0..1 over their list."""

    def stretched(scores: Scores) -> dict[str, float]:
        low, high = min(scores.values(), default=0.0), max(scores.values(), default=1.0)
        return {key: (value - low) / ((high - low) or 1.0) for key, value in scores.items()}

    a, b = stretched(dense), stretched(lexical)
    return sorted({*a, *b}, key=lambda i: -(a.get(i, 0.0) + weight * b.get(i, 0.0)))


def measures(ranked: Ranked, relevant: set[str]) -> tuple[float, float, float]:
    """hit@1, hit@5 and nDCG@10 of one question; relevance is yes or no."""
    gains = [1 / math.log2(rank + 2) for rank, key in enumerate(ranked[:10]) if key in relevant]
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(relevant))))
    return float(ranked[0] in relevant), float(any(i in relevant for i in ranked[:5])), sum(gains) / ideal


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a mean, seeded."""
    draws = np.random.default_rng(SEED).integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.quantile(np.asarray(values)[draws].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def ways() -> dict[str, Callable[[Scores, Scores], Ranked]]:
    """Name of each way of ranking, and how it ranks."""
    found: dict[str, Callable[[Scores, Scores], Ranked]] = {
        "BM25": lambda _d, x: sorted(x, key=lambda i: -x[i]),
        "dense": lambda d, _x: sorted(d, key=lambda i: -d[i]),
        "RRF (60)": rrf,
    }
    for tenth in range(1, 11):
        weight = tenth / 10
        found[f"z, weight {weight}"] = lambda d, x, w=weight: list(fuse(d, x, weight=w))  # type: ignore[misc]
    for weight in (0.3, 0.5):
        found[f"min-max, weight {weight}"] = lambda d, x, w=weight: minmax(d, x, weight=w)  # type: ignore[misc]
    return found


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", default="minilm")
    arguments.add_argument("--precision", default="int8", choices=["int8", "fp32"])
    given = arguments.parse_args()
    embedder = Embedder(MODELS / given.model, cache_dir=CACHE / "compiled", precision=given.precision)
    docs = _read("docs.jsonl")
    queries = _read("queries.jsonl")
    ids = [d["doc_id"] for d in docs]
    texts = [f"{d['title']}\n{d['text']}" for d in docs]
    asked = [f"{q['scenario']} {q['question']}".strip() for q in queries]
    cosines = embedder.embed_array(asked) @ embedder.embed_array(texts).T
    with tempfile.TemporaryDirectory() as folder:
        build(texts, Path(folder))
        lexical = Lexical(Path(folder))
        words = [lexical.scores(text) for text in asked]
    print(
        f"{len(queries)} questions, {len(docs)} texts, {given.model} {given.precision}, first {DEPTH} of each search"
    )
    print(f"{'way':<22}{'hit@1':>7}{'hit@5':>7}{'nDCG@10':>9}   95 % interval")
    for name, way in ways().items():
        rows = [
            measures(way(_top(cosines[n], ids), _top(words[n], ids, least=0.0)), set(q["doc_ids"]))
            for n, q in enumerate(queries)
        ]
        one, five, ndcg = (np.mean([r[i] for r in rows]) for i in range(3))
        low, high = interval([r[2] for r in rows])
        print(f"{name:<22}{one:>7.3f}{five:>7.3f}{ndcg:>9.3f}   {low:.3f} to {high:.3f}")


def _top(scores: np.ndarray, ids: Sequence[str], *, least: float = -2.0) -> dict[str, float]:
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return {ids[i]: float(scores[i]) for i in order if scores[i] > least}


def _read(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
