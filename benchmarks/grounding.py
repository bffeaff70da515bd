"""How well ``Assistant.supports`` tells supported claims from others, against simpler proxies.

Run ``python benchmarks/grounding.py`` from the checkout, with the models installed and third-party data in
``../shared/data/grounding``. On the evidence texts that nothing was fitted on (``evals.probes.held_out``): the area under
the ROC curve and the balanced accuracy at one half of shared words alone, of the proxy that the checker replaced and of
the checker, each with its 95 % interval (texts resampled), and how often, in as many resamplings, the checker was no
better than that proxy (two-sided p). A few minutes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from assistant.figures import unsupported  # noqa: E402
from assistant.supports import support  # noqa: E402
from assistant.words import content_words, stem, stems  # noqa: E402
from evals.probes import EVIDENCE, GROUNDING, auroc, balanced, family_of, held_out  # noqa: E402
from evals.statistics import SEED, resampled  # noqa: E402
from ingest.embed import Embedder  # noqa: E402
from ingest.sentences import sentences  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "grounding"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "frontline"
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", CACHE / "models"))
FORMER = 6000
"""Characters of evidence that the former proxy was given."""
TIMES = 2000

Statistic = Callable[[np.ndarray, np.ndarray, np.ndarray], float | None]


class Remembering:
    """The embedder, which makes each vector once: many claims lean on one text."""

    def __init__(self) -> None:
        self.embedder = Embedder(MODELS / "minilm", cache_dir=MODELS / ".cache")
        self.kept: dict[str, np.ndarray] = {}

    def embed_array(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of texts, one a row."""
        new = [text for text in dict.fromkeys(texts) if text not in self.kept]
        if new:
            self.kept.update(zip(new, self.embedder.embed_array(new), strict=True))
        return np.stack([self.kept[text] for text in texts])


def main() -> None:
    """Print the table."""
    embedder = Remembering()
    print(f"{'set':<11}{'measure':<19}{'shared words':>21}{'former proxy':>21}{'checker':>21}{'p':>8}")
    for name in GROUNDING:
        rows = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").split("\n") if line]
        rows = [row for row in rows if held_out(family_of(row["evidence_text"]))]
        families = [family_of(row["evidence_text"]) for row in rows]
        truth = np.array([row["label"] == "supported" for row in rows])
        given = np.array([_given(row, embedder) for row in rows]).T
        for title, statistic in (("AUROC", auroc), ("balanced accuracy", balanced)):
            cells = [resampled(partial(statistic, truth, scores), families) for scores in given]
            shown = "".join(f"{c.mean:>9.3f} {c.low:.2f}–{c.high:.2f}".rjust(21) for c in cells)
            print(
                f"{name:<11}{title:<19}{shown}{_paired(statistic, truth, given[2], given[1], families):>8.3f}"
            )


def _given(row: dict[str, Any], embedder: Any) -> tuple[float, float, float]:
    claim, evidence = row["claim"], row["evidence_text"]
    held = set(stems(evidence))
    spoken = [stem(word) for word in content_words(claim)]
    shared = sum(s in held for s in spoken) / max(1, len(spoken))
    return shared, former(claim, evidence[:FORMER], embedder), support(claim, [evidence[:EVIDENCE]], embedder)


def former(claim: str, evidence: str, embedder: Any) -> float:
    """The proxy before the checker learnt: shared words and the nearest sentence, less for loose figures and denials."""
    spoken = [stem(word) for word in content_words(claim)]
    pieces = [evidence[a:b] for a, b in sentences(evidence)]
    if not spoken or not pieces:
        return 0.0
    held = set(stems(evidence))
    vectors = embedder.embed_array([claim, *pieces])
    cosines = vectors[1:] @ vectors[0]
    nearest = int(cosines.argmax())
    value = 0.5 * sum(s in held for s in spoken) / len(spoken) + 0.5 * max(0.0, float(cosines[nearest]))
    value *= 0.6 if unsupported(claim, (evidence,)) else 1.0
    return min(1.0, value * (0.8 if _denies(claim) != _denies(pieces[nearest]) else 1.0))


def _denies(text: str) -> bool:
    denials = {"not", "no", "never", "none", "cannot", "without", "neither", "nor", "unless", "except"}
    return any(word in denials or word.endswith("n't") for word in text.lower().replace("’", "'").split())


def _paired(
    statistic: Statistic, truth: np.ndarray, one: np.ndarray, other: np.ndarray, families: Sequence[str]
) -> float:
    """Two-sided p of the difference, by resampling texts."""
    rng = np.random.default_rng(SEED)
    at = [np.flatnonzero(np.array(families) == family) for family in sorted(set(families))]
    differences = []
    for _ in range(TIMES):
        drawn = np.concatenate([at[n] for n in rng.integers(0, len(at), len(at))])
        a, b = statistic(truth, one, drawn), statistic(truth, other, drawn)
        if a is not None and b is not None:
            differences.append(a - b)
    worse = float(np.mean(np.array(differences) <= 0))
    return max(1 / len(differences), 2 * min(worse, 1 - worse))


if __name__ == "__main__":
    main()
