"""Figures in words and tables, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.compare import Compared
from evals.evaluate import Evaluation, Metric, StageTime
from evals.gate import Verdict
from evals.store import REPORT

SHOWN = 40
"""Cases that fell short shown at a terminal; the report shows more."""


def metric_table(metrics: Iterable[Metric]) -> Table:
    """Metrics with their intervals and floors."""
    table = Table("Metric", "n", "Score", "95 % interval", "Floor", "", box=None, pad_edge=False)
    for m in metrics:
        e = m.estimate
        table.add_row(
            m.name, str(e.n), figure(e.mean), f"{figure(e.low)} to {figure(e.high)}" if e.n else "",
            "" if m.floor is None else f"{m.floor:.2f}", "" if m.passed else "BELOW",
        )  # fmt: skip
    return table


def say_evaluation(
    console: Console, evaluation: Evaluation, verdict: Verdict, times: Sequence[StageTime], folder: Path
) -> None:
    """The table of a run, its time, the cases that fell short, and whether it passed."""
    console.print(metric_table(evaluation.metrics))
    found = evaluation.confidence
    console.print(
        f"Calibration error {figure(found.calibration_error.mean)}; wrong when the surest 85 % are answered: "
        f"{figure(found.risk_at.mean)} (smaller is better for both)"
    )
    whole = next((t for t in times if t.stage == "whole"), None)
    p50, p95 = (f"{whole.p50:.0f}", f"{whole.p95:.0f}") if whole else ("none", "none")
    console.print(f"{evaluation.cases} cases. Latency: p50 {p50} ms, p95 {p95} ms")
    for failing in evaluation.failing[:SHOWN]:
        short = ", ".join(f"{name} {score:.2f}" for name, score in failing.scores.items())
        console.print(
            escape(f"{failing.case_id} ({failing.outcome}): {failing.question}  {short}"), style="dim"
        )
    if len(evaluation.failing) > SHOWN:
        console.print(f"… and {len(evaluation.failing) - SHOWN} more cases that fell short, in the report")
    console.print(f"Report: {folder / REPORT}")
    say_verdict(console, verdict)


def say_verdict(console: Console, verdict: Verdict) -> None:
    """What the gate found, failures first."""
    for note in verdict.notes:
        console.print(escape(note))
    for rule in verdict.rules:
        if not rule.passed:
            cases = f" Cases: {', '.join(rule.cases[:8])}." if rule.cases else ""
            console.print(escape(f"FAILED {rule.metric} ({rule.rule}): {rule.said}.{cases}"))
        elif rule.worse:
            console.print(escape(f"Worse within its margin: {rule.metric}: {rule.said}."))
    console.print(
        "Passed" if verdict.passed else f"[bold]Not passed: {escape(', '.join(verdict.failed))}[/bold]"
    )


def say_compared(console: Console, compared: Compared) -> None:
    """Two runs, metric by metric and case by case."""
    for note in compared.notes:
        console.print(escape(note))
    table = Table(
        "Metric", "n", "Old", "New", "Difference", "95 % interval", "p, Holm", box=None, pad_edge=False
    )
    for m in compared.metrics:
        c = m.comparison
        table.add_row(
            m.name, str(c.n), figure(c.old), figure(c.new), f"{c.difference:+.3f}", f"{c.low:+.3f} to {c.high:+.3f}",
            figure(m.p_holm),
        )  # fmt: skip
    console.print(table)
    for case in compared.cases[:SHOWN]:
        line = (
            f"{case.balance:+.2f} {case.case_id} ({case.old_outcome} → {case.new_outcome}): {case.question}"
        )
        console.print(escape(line), style="dim")
    console.print(f"{len(compared.cases)} cases changed")


def figure(value: float | None, places: int = 3) -> str:
    """A figure, or ``none`` where nothing was scored."""
    return "none" if value is None else f"{value:.{places}f}"
