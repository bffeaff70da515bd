"""What the calibration is fitted by takes a question through search and composition as the product does."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import calibrate_abstention
from benchmarks.calibrate_abstention import SIGNALS, Asker
from benchmarks.memory_snapshot import MemorySnapshot
from ingest.embed import Embedder

pytestmark = pytest.mark.models


def test_a_set_of_plain_texts_is_asked_as_guidance_is(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate_abstention, "MODELS", models_dir)
    embedder = Embedder(models_dir / "minilm", cache_dir=models_dir / ".cache")
    texts = [
        (
            "a",
            "Deductions",
            "Deductions are limited to 15% of the allowance. This limit is called the fair rate.",
        ),
        ("b", "Visits", "Dogs must be kept away during a home visit."),
    ]
    snapshot = MemorySnapshot("two", texts, embedder)
    part = Asker(embedder).part("what is the fair rate", snapshot)
    snapshot.close()
    assert part is not None and set(SIGNALS) <= set(part["signals"])
    assert {s["passage_id"] for s in part["statements"]} == {"a"}
