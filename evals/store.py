"""Why: reports are read long after they were made, by people and by pages that know nothing of this package.

Everything about a run lies in one folder under ``<data directory>/evaluations``: ``run.json`` (what it is a run
of), ``results.jsonl``, ``latency.jsonl``, ``evaluation.json`` (figures), ``report.html`` (for people),
``metrics.csv`` and ``cases.csv``. A folder with ``evaluation.json`` is a scored run. docs/evaluation.md holds
the form.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.cli.output import plain
from evals.evaluate import Evaluation, StageTime
from evals.gate import Verdict
from evals.results import LATENCY, About, Result, write_whole

FOLDER = "evaluations"
EVALUATION, REPORT, METRICS_CSV, CASES_CSV = "evaluation.json", "report.html", "metrics.csv", "cases.csv"


def folder_of(data_dir: Path, about: About) -> Path:
    """Where a run is kept: the same for one suite, guidance and configuration, so that a stopped run goes on."""
    split = "-release" if about.released else ""
    return data_dir / FOLDER / f"{about.suite}{split}-{about.guidance[:8]}-{about.configuration[:8]}"


@dataclass(frozen=True)
class Entry:
    """One scored run, as a list shows it."""

    name: str
    path: Path
    suite: str
    cases: int
    passed: bool
    asked_at: str


def entries(data_dir: Path) -> list[Entry]:
    """The scored runs of a data directory, newest first. Folders that hold none are passed over."""
    found = []
    for path in (data_dir / FOLDER).glob(f"*/{EVALUATION}"):
        read = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            Entry(
                path.parent.name, path.parent, read["suite"], read["cases"], read["passed"], read["asked_at"]
            )
        )
    return sorted(found, key=lambda e: (e.asked_at, e.name), reverse=True)


def asked_at(folder: Path) -> str:
    """When the answers were finished, in ISO form, UTC."""
    stamp = (folder / LATENCY).stat().st_mtime
    return dt.datetime.fromtimestamp(stamp, dt.UTC).isoformat(timespec="seconds")


def document(
    folder: Path,
    about: About,
    evaluation: Evaluation,
    verdict: Verdict,
    times: Sequence[StageTime],
    spent: dict[str, float | None],
) -> dict[str, Any]:
    """The figures of a run as one JSON document."""
    whole = next((t for t in times if t.stage == "whole"), None)
    return {
        "form": 1,
        **plain(evaluation),
        "about": about.model_dump(mode="json"),
        "asked_at": asked_at(folder),
        "passed": verdict.passed,
        "gate": {**plain(verdict), "passed": verdict.passed, "failed": list(verdict.failed)},
        "latency_ms": {"p50": whole.p50 if whole else None, "p95": whole.p95 if whole else None},
        "stages": [plain(t) for t in times],
        "spent": spent,
        "folder": str(folder),
    }


def keep(folder: Path, made: dict[str, Any], report: str, results: Sequence[Result]) -> None:
    """Write the figures, the report and the tables of a run into its folder."""
    write_whole(folder / REPORT, report)
    write_whole(folder / METRICS_CSV, metrics_csv(made["metrics"]))
    write_whole(folder / CASES_CSV, cases_csv(results, made["failing"]))
    # Last: a folder that has it is whole.
    write_whole(folder / EVALUATION, json.dumps(made, ensure_ascii=False, indent=1) + "\n")


def metrics_csv(metrics: Iterable[dict[str, Any]]) -> str:
    """One metric a line."""
    return as_csv(
        ["metric", "n", "families", "score", "low", "high", "floor"],
        (
            [m["name"], *(m["estimate"][k] for k in ("n", "clusters", "mean", "low", "high")), m["floor"]]
            for m in metrics
        ),
    )


def cases_csv(results: Sequence[Result], failing: Iterable[dict[str, Any]]) -> str:
    """One case a line, with what it fell short in."""
    short = {f["case_id"]: f["scores"] for f in failing}
    return as_csv(
        ["case", "family", "kind", "nation", "split", "outcome", "confidence", "fell short in", "question"],
        (
            [
                r.case.id, r.case.family_id, r.case.kind, r.case.nation or "any", r.case.split, r.outcome, r.confidence,
                "; ".join(f"{name} {value:.2f}" for name, value in short.get(r.case.id, {}).items()), r.case.question,
            ]
            for r in results
        ),
    )  # fmt: skip


def as_csv(head: list[str], rows: Iterable[list[Any]]) -> str:
    """A table as CSV that no spreadsheet takes for formulas."""
    to = io.StringIO()
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(head)
    # A cell that a spreadsheet would take for a formula is made text.
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return to.getvalue()


def _text(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
