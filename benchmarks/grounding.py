"""How well ``Assistant.supports`` tells supported claims from others, against simpler proxies.

Run ``python benchmarks/grounding.py [--most N]`` from the checkout, with the models installed and third-party
data in ``../shared/data/grounding``. Prints the area under the ROC curve on each set, for shared words alone,
nearness alone and the product's proxy. None of the sets was used to set it. A few minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from sklearn.metrics import roc_auc_score  # noqa: E402

from assistant.supports import support  # noqa: E402
from assistant.words import content_words, stem, stems  # noqa: E402
from ingest.embed import Embedder  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "grounding"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "frontline"
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", CACHE / "models"))


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--most", type=int, default=300, help="Claims taken of each set, by a fixed seed.")
    most = arguments.parse_args().most
    embedder = Embedder(MODELS / "minilm", cache_dir=MODELS / ".cache")
    print(f"{'set':<12}{'claims':>7}{'words':>8}{'whole':>8}{'proxy':>8}")
    for name in ("wice", "summedits", "expertqa"):
        rows = [
            json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        rows = random.Random(20260401).sample(rows, min(most, len(rows)))
        truth = [row["label"] == "supported" for row in rows]
        proxies = [_proxies(row["claim"], row["evidence_text"][:6000], embedder) for row in rows]
        auc = [roc_auc_score(truth, [p[i] for p in proxies]) for i in range(3)]
        print(f"{name:<12}{len(rows):>7}" + "".join(f"{a:>8.3f}" for a in auc))


def _proxies(claim: str, evidence: str, embedder: Embedder) -> tuple[float, float, float]:
    spoken = [stem(w) for w in content_words(claim)]
    held = set(stems(evidence))
    shared = sum(s in held for s in spoken) / max(1, len(spoken))
    vectors = embedder.embed_array([claim, evidence[:1000]])
    return shared, float(vectors[0] @ vectors[1]), support(claim, [evidence], embedder)


if __name__ == "__main__":
    main()
