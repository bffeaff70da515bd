"""``frontline eval``: ask a suite, score what was answered, and fail where it falls short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from evals.cases import SUITES, Suite, load_suite
from evals.evaluate import Evaluation, evaluate
from evals.results import Latency, Result, read_results, write_lines
from evals.statistics import percentile
from governance.errors import OptionInvalid


@click.group("eval", short_help="Measure how good the answers are, offline.")
def group() -> None:
    """Suites of questions with known answers. Answers are stored, then scored; scoring needs no model."""


@group.command("list")
@with_output
def list_command(output: Output) -> None:
    """Show the suites there are."""
    suites = [load_suite(path.parent.name) for path in sorted(SUITES.glob("*/suite.json"))]
    rows = [{"name": s.name, "title": s.title, "cases": len(s.cases), "floors": s.floors} for s in suites]

    def say(console: Console) -> None:
        for s in suites:
            console.print(f"{s.name}: {s.title}, {len(s.cases)} cases")

    output.document({"suites": rows}, say)


@group.command("generate")
@click.argument("suite")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the answers.")
@with_output
def generate_command(output: Output, suite: str, out: Path | None) -> None:
    """Ask every question of SUITE and store the answers."""
    folder = _generate(load_suite(suite), out, output)
    output.document({"folder": str(folder)}, lambda console: console.print(f"Answers are in {folder}"))


@group.command("score")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_output
def score_command(output: Output, folder: Path) -> int:
    """Score the answers stored in FOLDER; exit 1 where a floor is not reached."""
    return _score(folder, output)


@group.command("run")
@click.argument("suite")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the answers.")
@with_output
def run_command(output: Output, suite: str, out: Path | None) -> int:
    """Ask SUITE and score it; exit 1 where a floor is not reached."""
    return _score(_generate(load_suite(suite), out, output), output)


def _generate(suite: Suite, out: Path | None, output: Output) -> Path:
    from assistant.app import build
    from evals.generate import generate

    settings = Settings.load()
    folder = out or settings.data_dir / "evals" / suite.name
    folder.mkdir(parents=True, exist_ok=True)
    assistant = build(settings)
    results: list[Result] = []
    latencies: list[Latency] = []
    try:
        asked = generate(assistant, suite)
        for result, latency in track(
            asked, f"Asking {suite.name}", total=len(suite.cases), console=output.notes, transient=True
        ):
            results.append(result)
            latencies.append(latency)
    finally:
        assistant.close()
    write_lines(folder / "results.jsonl", results)
    write_lines(folder / "latency.jsonl", latencies)
    (folder / "suite.txt").write_text(suite.name + "\n", encoding="utf-8")
    return folder


def _score(folder: Path, output: Output) -> int:
    results = read_results(folder)
    name = (folder / "suite.txt").read_text(encoding="utf-8").strip()
    evaluation = evaluate(load_suite(name), results)
    latencies = _latencies(folder)
    document: dict[str, Any] = {
        **plain(evaluation),
        "passed": evaluation.passed,
        "latency_ms": {"p50": percentile(latencies, 0.5), "p95": percentile(latencies, 0.95)},
        "folder": str(folder),
    }
    output.document(document, lambda console: _say(console, evaluation, latencies))
    return 0 if evaluation.passed else 1


def _latencies(folder: Path) -> list[float]:
    path = folder / "latency.jsonl"
    if not path.is_file():
        raise OptionInvalid(f"{folder} holds no latency.jsonl.", do="Generate the run again.")
    return [
        Latency.model_validate_json(line).milliseconds
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _say(console: Console, evaluation: Evaluation, latencies: list[float]) -> None:
    table = Table("Metric", "n", "Score", "95 % interval", "Floor", "", box=None, pad_edge=False)
    for m in evaluation.metrics:
        e = m.estimate
        table.add_row(
            m.name, str(e.n), _figure(e.mean, 3), f"{_figure(e.low, 3)} to {_figure(e.high, 3)}" if e.n else "",
            "" if m.floor is None else f"{m.floor:.2f}", "" if m.passed else "BELOW",
        )  # fmt: skip
    console.print(table)
    p50, p95 = (_figure(percentile(latencies, q), 0) for q in (0.5, 0.95))
    console.print(f"{evaluation.cases} cases. Latency: p50 {p50} ms, p95 {p95} ms")
    for failing in evaluation.failing:
        short = ", ".join(f"{name} {score:.2f}" for name, score in failing.scores.items())
        console.print(
            escape(f"{failing.case_id} ({failing.outcome}): {failing.question}  {short}"), style="dim"
        )
    console.print("Passed" if evaluation.passed else "[bold]Below a floor[/bold]")


def _figure(value: float | None, places: int) -> str:
    return "none" if value is None else f"{value:.{places}f}"
