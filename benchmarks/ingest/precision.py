"""What int8 vectors cost in retrieval: fused nDCG@10 with them and with fp32 vectors, question by question.

Texts, questions and fusing are those of ``benchmarks/retrieval.py`` (OR-ShARC in ``../shared/data/retrieval``). The
difference is of means over the same questions, with a 95 % bootstrap interval and a paired permutation test; at most one
point may be lost. Run ``python benchmarks/ingest/precision.py`` from the checkout, with the models installed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from assistant.retrieve import LEXICAL_WEIGHT, fuse
from benchmarks.retrieval import asked, interval, measures, paired
from ingest.embedder_files import Precision

MOST_LOST = 0.01


def gains(precision: Precision) -> list[float]:
    """nDCG@10 of each question, fused as the product fuses."""
    questions, _ = asked("minilm", precision)
    return [measures(list(fuse(q.dense, q.lexical, weight=LEXICAL_WEIGHT)), q.relevant)[2] for q in questions]


def main() -> None:
    """Print both means, the difference, its interval and p as one line of JSON; exit 1 where too much is lost."""
    exact, quick = gains("fp32"), gains("int8")
    apart = [b - a for a, b in zip(exact, quick, strict=True)]
    low, high = interval(apart)
    lost = -float(np.mean(apart))
    print(json.dumps({
        "questions": len(exact), "fp32": round(float(np.mean(exact)), 4), "int8": round(float(np.mean(quick)), 4),
        "difference": round(-lost, 4), "interval": [round(low, 4), round(high, 4)], "p": round(paired(quick, exact), 4),
        "within": lost <= MOST_LOST,
    }))  # fmt: skip
    raise SystemExit(lost > MOST_LOST)


if __name__ == "__main__":
    main()
