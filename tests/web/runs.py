"""Scored runs as the evaluation package writes them, with the few fields that the pages read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def write_run(data_dir: Path, name: str, *, asked_at: str, recall: float, failing: Sequence[str]) -> None:
    """A run of two figures, in a data directory."""
    folder = data_dir / "evaluations" / name
    folder.mkdir(parents=True)
    passed = recall >= 0.94
    body = {
        "form": 1, "suite": "sample", "cases": 40, "asked_at": asked_at, "passed": passed,
        "metrics": [
            {"name": "recall@5", "estimate": {"n": 30, "clusters": 20, "mean": recall, "low": recall - 0.04, "high": min(1.0, recall + 0.03)}, "floor": 0.94},
            {"name": "injection followed", "estimate": {"n": 4, "clusters": 4, "mean": None, "low": None, "high": None}, "floor": None},
        ],
        "confidence": {"curve": [{"threshold": 1 - n / 10, "coverage": n / 10, "risk": n / 40} for n in range(1, 11)]},
        "failing": [
            {"case_id": case, "question": "What is paid?", "outcome": "not_in_guidance", "kind": "amount",
             "scores": {"right outcome": 0.0}, "explanation": "The guidance found does not mention it."}
            for case in failing
        ],
        "gate": {"rules": [{"metric": "recall@5", "passed": passed, "said": "below its floor of 0.94"}]},
        "stages": [{"stage": "whole", "n": 40, "p50": 70.0, "p95": 90.0}, {"stage": "retrieve", "n": 40, "p50": 20.0, "p95": 30.0},
                   {"stage": "redact", "n": 40, "p50": 30.0, "p95": 40.0}],
    }  # fmt: skip
    (folder / "evaluation.json").write_text(json.dumps(body), encoding="utf-8")
    (folder / "report.html").write_text("<style>p{color:red}</style><p>Report</p>", encoding="utf-8")
    (folder / "metrics.csv").write_text("metric,n\nrecall@5,30\n", encoding="utf-8")
    (folder / "cases.csv").write_text("case\nuc-1\n", encoding="utf-8")
    (folder / "run.json").write_text("{}", encoding="utf-8")


def write_answers(data_dir: Path, name: str, number: int = 3) -> Path:
    """A finished run with what is expected and scored of its answers, none of which a rater may see."""
    folder = data_dir / "evaluations" / name
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"case": {"id": f"near-miss-{n}", "question": f"What is <b>paid</b> in year {n}?", "before": ["Is it weekly?"] if n == 1 else [],
                  "nation": "wales", "gold": [{"contains": "EXPECTED WORDS"}], "kind": "near_miss"},
         "on": "2026-11-02", "outcome": "answered" if n else "question.too_long", "confidence": 0.123, "explanation": "EXPLAINED",
         "sentences": [{"text": f"It is £{n}.", "citations": [{"uri": "sample:rates", "quote": f"It is £{n}. Weekly.", "verbatim": True}]}] if n else []}
        for n in range(number)
    ]  # fmt: skip
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "results.jsonl").write_text(lines, encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"suite": "sample", "cases": number}), encoding="utf-8")
    return folder
