"""Fit the weights of the support checker (``assistant/support.json``) and say what they are worth.

Run ``python benchmarks/train/support_checker.py --write`` from the checkout, with the models installed and third-party
data in ``../shared/data/grounding``. A logistic model of the signs of ``assistant.alignment``; each set, and in it each
label, weighs the same, so that one half is its balanced threshold. Learns from the three fifths of the evidence texts that
``evals.probes.held_out`` does not keep. Prints AUROC and balanced accuracy out of fold (five folds by text of that part)
and on the texts kept; benchmarks/grounding.py has the intervals and the former proxy beside it. A few minutes on a core.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import GroupKFold  # noqa: E402

from assistant.supports import Weights, signs_of  # noqa: E402
from benchmarks.grounding import DATA, Remembering  # noqa: E402
from evals.probes import EVIDENCE, GROUNDING, auroc, balanced, family_of, held_out  # noqa: E402

SEED, FOLDS = 20260401, 5
PENALTIES = (0.003, 0.01, 0.03, 0.1)
"""Values of scikit-learn's C that are tried out of fold."""
VERSION = "2026.1"
TARGET = ROOT / "assistant" / "support.json"


def claims() -> list[dict[str, Any]]:
    """Every claim with its signs, its family and its label."""
    embedder = Remembering()
    found = []
    for name in GROUNDING:
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                signs = signs_of(row["claim"], [row["evidence_text"][:EVIDENCE]], embedder)  # type: ignore[arg-type]
                found.append({"set": name, "family": family_of(row["evidence_text"]), "signs": signs,
                              "truth": row["label"] == "supported"})  # fmt: skip
    return found


def fitted(rows: Sequence[dict[str, Any]], penalty: float, **evidence: object) -> Weights:
    """Weights that learnt from these claims."""
    rows = [r for r in rows if r["signs"]]
    names = sorted(rows[0]["signs"])
    values = np.array([[r["signs"][n] for n in names] for r in rows])
    kinds = [(r["set"], r["truth"]) for r in rows]
    weight = np.array([1 / kinds.count(kind) for kind in kinds])
    usual, spread = values.mean(0), values.std(0) + 1e-9
    z = np.clip((values - usual) / spread, -4, 4)
    model = LogisticRegression(C=penalty, max_iter=5000)
    model.fit(z, [r["truth"] for r in rows], sample_weight=weight / weight.mean())
    signs = {
        n: (round(float(w), 4), round(float(u), 4), round(float(s), 4))
        for n, w, u, s in zip(names, model.coef_[0], usual, spread, strict=True)
    }
    return Weights(
        version=VERSION, intercept=round(float(model.intercept_[0]), 4), signs=signs, evidence=evidence
    )


def scores(weights: Weights, rows: Sequence[dict[str, Any]]) -> np.ndarray:
    """What each claim is given; nothing where there are no signs."""
    return np.array([weights.probability(r["signs"]) if r["signs"] else 0.0 for r in rows])


def out_of_fold(rows: Sequence[dict[str, Any]], penalty: float) -> np.ndarray:
    """What each claim is given by weights that learnt from none over its text."""
    found = np.zeros(len(rows))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, groups=[r["family"] for r in rows])
    for there, here in folds:
        found[here] = scores(fitted([rows[n] for n in there], penalty), [rows[n] for n in here])
    return found


def measured(rows: Sequence[dict[str, Any]], given: np.ndarray) -> dict[str, dict[str, float]]:
    """AUROC and balanced accuracy at one half, by set."""
    figures = {}
    for name in GROUNDING:
        at = np.array([n for n, r in enumerate(rows) if r["set"] == name])
        truth = np.array([r["truth"] for r in rows])
        figures[name] = {
            "claims": len(at),
            "auroc": round(auroc(truth, given, at) or 0.0, 3),
            "balanced accuracy": round(balanced(truth, given, at) or 0.0, 3),
        }
    return figures


def main() -> None:
    """Print the figures, and write the weights if told to."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help=f"Write {TARGET.name}.")
    write = arguments.parse_args().write
    rows = claims()
    learnt = [r for r in rows if not held_out(r["family"])]
    kept = [r for r in rows if held_out(r["family"])]
    tried = {penalty: measured(learnt, out_of_fold(learnt, penalty)) for penalty in PENALTIES}
    for penalty, figures in tried.items():
        print("out of fold, C =", penalty, json.dumps(figures))
    penalty = max(tried, key=lambda p: sum(figures["auroc"] for figures in tried[p].values()))
    weights = fitted(
        learnt, penalty, command="python benchmarks/train/support_checker.py --write", seed=SEED, folds=FOLDS,
        C=penalty, out_of_fold=tried[penalty],
    )  # fmt: skip
    figures = measured(kept, scores(weights, kept))
    print("texts kept for measuring", json.dumps(figures))
    if write:
        whole = weights.model_copy(update={"evidence": {**weights.evidence, "held out": figures}})
        TARGET.write_text(json.dumps(whole.model_dump(mode="json"), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
