"""Which way of fusing the two searches finds most: the table that `assistant.retrieve.LEXICAL_WEIGHT` comes from.

Run ``python benchmarks/retrieval.py [--json]`` from the checkout, with the models installed and third-party data in
``../shared/data``. Indexes the 353 rule texts of OR-ShARC (title, then text; no title where the text begins with
it, which 322 do) with the product's embedder and its BM25, asks the 161 questions (scenario, then question), and
prints hit@1, hit@5 and nDCG@10 of each way, with a 95 % bootstrap interval of nDCG@10. Figures of the product
itself use its own ``fuse`` on the first ``DEPTH`` of each search, and its ``second_look`` on the first
``CONSIDERED``. "Cross-validated" chooses both weights on four fifths of the gold documents and asks the questions of
the fifth; the paired test compares it, question by question, with fusing alone. Takes about half a minute.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from assistant.proximity import ALL_SAID, ASKED, proximity, second_reading, what_is_asked  # noqa: E402
from assistant.retrieve import CONSIDERED, DEPTH, LEXICAL_WEIGHT, PROXIMITY_WEIGHT, fuse, second_look  # noqa: E402
from ingest.embed import Embedder  # noqa: E402
from ingest.embedder_files import Precision  # noqa: E402
from ingest.lexical import Lexical, build  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "retrieval" / "or_sharc"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "frontline"
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", CACHE / "models"))
RESAMPLES, SEED, FOLDS = 10_000, 20260401, 5

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


@dataclass(frozen=True)
class Asked:
    """One question as both searches answered it."""

    text: str
    dense: Scores
    lexical: Scores
    relevant: set[str]
    fold: int
    """0 to 4, by the hash of its gold document."""


def asked(model: str, precision: Precision) -> tuple[list[Asked], dict[str, str]]:
    """The questions with the first ``DEPTH`` of each search, and the texts by id."""
    embedder = Embedder(MODELS / model, cache_dir=CACHE / "compiled", precision=precision)
    queries = _read("queries.jsonl")
    texts = {str(d["doc_id"]): _indexed(str(d["title"]), str(d["text"])) for d in _read("docs.jsonl")}
    ids = list(texts)
    questions = [f"{q['scenario']} {q['question']}".strip() for q in queries]
    cosines = embedder.embed_array(questions) @ embedder.embed_array(list(texts.values())).T
    with tempfile.TemporaryDirectory() as folder:
        build([list(texts.values())], Path(folder))
        lexical = Lexical(Path(folder))
        words = [lexical.scores(text) for text in questions]
    made = [
        Asked(
            questions[n],
            _top(cosines[n], ids),
            _top(words[n], ids, least=0.0),
            set(q["doc_ids"]),  # type: ignore[call-overload]
            fold_of(str(q["doc_id"])),
        )
        for n, q in enumerate(queries)
    ]
    return made, texts


def fold_of(document: str) -> int:
    """Fold of a gold document, by the hash of its id."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % FOLDS


def _indexed(title: str, text: str) -> str:
    """As the product indexes a section: its heading once, then its text."""
    first = text.split("\n", 1)[0]
    return text if title and _plain(title) in _plain(first) else f"{title}\n{text}"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).strip()


def looked(one: Asked, texts: Mapping[str, str], *, lexical: float, near: float) -> list[str]:
    """As the product ranks: fused, then looked at a second time."""
    return list(ranked(one.text, one.dense, one.lexical, texts, lexical=lexical, near=near))


def ranked(
    text: str, dense: Scores, words: Scores, texts: Mapping[str, str], *, lexical: float, near: float
) -> dict[str, float]:
    """The same with its scores."""
    fused = dict(list(fuse(dense, words, weight=lexical).items())[:CONSIDERED])
    read = {key: texts[key] for key in fused}
    return second_look(fused, second_reading(text, what_is_asked(text), read), weight=near)


def paired_once(one: Asked, texts: Mapping[str, str], weights: tuple[float, float]) -> list[str]:
    """The second look without runs of words: pairs of all that was said, and of what asks, weighing so much."""
    fused = dict(list(fuse(one.dense, one.lexical).items())[:CONSIDERED])
    read = {key: texts[key] for key in fused}
    said, asked = proximity(one.text, read), proximity(what_is_asked(one.text), read)
    near = {key: weights[0] * said[key] + weights[1] * asked[key] for key in fused}
    return list(second_look(fused, near, weight=PROXIMITY_WEIGHT))


def cross_validated(questions: Sequence[Asked], texts: Mapping[str, str]) -> list[tuple[float, float, float]]:
    """Measures of each question with the weights that were best on the other folds' questions."""
    grid = [(lexical, near) for lexical in (0.3, 0.6, 1.0) for near in (0.0, 2.0, 3.0, 4.0, 5.0, 6.0)]
    scored = {
        (a, b): [measures(looked(q, texts, lexical=a, near=b), q.relevant) for q in questions]
        for a, b in grid
    }

    def best(fold: int) -> tuple[float, float]:
        rest = [n for n, q in enumerate(questions) if q.fold != fold]
        return max(grid, key=lambda pair: float(np.mean([scored[pair][n][2] for n in rest])))

    chosen = {fold: best(fold) for fold in range(FOLDS)}
    return [scored[chosen[q.fold]][n] for n, q in enumerate(questions)]


def paired(one: Sequence[float], other: Sequence[float]) -> float:
    """Two-sided paired permutation test of a difference in means: its p-value, seeded."""
    apart = np.asarray(one) - np.asarray(other)
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(RESAMPLES, len(apart)))
    return float((np.abs((signs * apart).mean(axis=1)) >= abs(apart.mean()) - 1e-12).mean())


def figures(model: str = "minilm", precision: Precision = "int8") -> list[dict[str, object]]:
    """A row for each way: name, hit@1, hit@5, nDCG@10, its interval, and for the last the p-values of the gain."""
    questions, texts = asked(model, precision)
    rows = {
        name: [measures(way(q.dense, q.lexical), q.relevant) for q in questions]
        for name, way in ways().items()
    }
    rows["pairs of all said"] = [measures(paired_once(q, texts, (1.0, 0.0)), q.relevant) for q in questions]
    rows["and of what asks"] = [
        measures(paired_once(q, texts, (ALL_SAID, ASKED)), q.relevant) for q in questions
    ]
    rows["as the product"] = [
        measures(looked(q, texts, lexical=LEXICAL_WEIGHT, near=PROXIMITY_WEIGHT), q.relevant)
        for q in questions
    ]
    rows["cross-validated"] = cross_validated(questions, texts)
    table: list[dict[str, object]] = []
    for name, scored in rows.items():
        one, five, ndcg = (float(np.mean([r[i] for r in scored])) for i in range(3))
        low, high = interval([r[2] for r in scored])
        table.append({"way": name, "hit@1": one, "hit@5": five, "nDCG@10": ndcg, "low": low, "high": high})
    for name, other in (
        ("fusing alone", f"z, weight {LEXICAL_WEIGHT}"),
        ("pairs of all", "pairs of all said"),
    ):
        table[-1][f"p against {name}"] = paired(
            [r[2] for r in rows["cross-validated"]], [r[2] for r in rows[other]]
        )
    return table


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", default="minilm")
    arguments.add_argument("--precision", default="int8", choices=["int8", "fp32"])
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    table = figures(given.model, given.precision)
    if given.json:
        print(json.dumps(table, indent=2))
        return
    print(f"{given.model} {given.precision}, first {DEPTH} of each search")
    print(f"{'way':<22}{'hit@1':>7}{'hit@5':>7}{'nDCG@10':>9}   95 % interval")
    for row in table:
        print(
            f"{row['way']:<22}{row['hit@1']:>7.3f}{row['hit@5']:>7.3f}{row['nDCG@10']:>9.3f}"
            f"   {row['low']:.3f} to {row['high']:.3f}"
        )
    for name in ("fusing alone", "pairs of all"):
        print(
            f"paired permutation test, cross-validated against {name}: p = {table[-1][f'p against {name}']:.4f}"
        )


def _top(scores: np.ndarray, ids: Sequence[str], *, least: float = -2.0) -> dict[str, float]:
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return {ids[i]: float(scores[i]) for i in order if scores[i] > least}


def _read(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
