"""Asking and scoring: ``list``, ``generate``, ``score``, ``run``, ``runs``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from evals.cases import SUITES, load_suite
from evals.commands.entering import enter
from evals.commands.folders import RUN
from evals.commands.saying import say_evaluation
from evals.commands.suites import fitted_to, given_suite, suite_of
from evals.evaluate import Evaluation, evaluate, spent, timings
from evals.gate import Verdict, judge
from evals.loaders import LOADERS, PROBES
from evals.people.yardstick import judged
from evals.report import run_page
from evals.results import RESULTS, read_about, read_latency, read_results
from evals.store import asked_at, document, entries, folder_of, keep
from governance.errors import OptionInvalid

if TYPE_CHECKING:
    pass

DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of third-party data to measure on.",
)
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Cases asked side by side."
)
OUT = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the run; by default in the data directory.",
)
RELEASE = click.option(
    "--release",
    metavar="REASON",
    help="Ask the frozen holdout too; that it was read, and why, is in the ledger.",
)
FRESH = click.option(
    "--fresh",
    is_flag=True,
    help="Ask of the sample guidance, taken in anew with the settings' embedder and thrown away after.",
)
MOST = click.option(
    "--most",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help="Claims taken of each grounding set.",
)


@click.command("list")
@with_output
def list_command(output: Output) -> None:
    """Show the suites there are."""
    suites = [load_suite(path.parent.name) for path in sorted(SUITES.glob("*/suite.json"))]
    rows = [
        {"name": s.name, "title": s.title, "cases": len(s.cases), "floors": s.floors, "margins": s.margins}
        for s in suites
    ]
    third = [*LOADERS, *PROBES]

    def say(console: Console) -> None:
        for s in suites:
            console.print(f"{s.name}: {s.title}, {len(s.cases)} cases")
        console.print(f"With --data: {', '.join(third)}")

    output.document({"suites": rows, "third_party": third}, say)


@click.command("generate")
@click.argument("suite")
@DATA
@OUT
@WORKERS
@RELEASE
@FRESH
@with_output
def generate_command(
    output: Output,
    suite: str,
    data: Path | None,
    out: Path | None,
    workers: int,
    release: str | None,
    fresh: bool,
) -> None:
    """Ask every question of SUITE and store the answers; a run that was stopped goes on where it stood."""
    folder = ask_suite(output, suite, data=data, out=out, workers=workers, release=release, fresh=fresh)
    output.document({"folder": str(folder)}, lambda console: console.print(f"Answers are in {folder}"))


@click.command("score")
@click.argument("folder", metavar="RUN", type=RUN)
@with_output
def score_command(output: Output, folder: Path) -> int:
    """Score the answers stored in RUN, write its report, and exit 1 where a rule does not hold."""
    return score_folder(output, folder)


@click.command("run")
@click.argument("suite")
@DATA
@OUT
@WORKERS
@RELEASE
@FRESH
@MOST
@with_output
def run_command(
    output: Output,
    suite: str,
    data: Path | None,
    out: Path | None,
    workers: int,
    release: str | None,
    fresh: bool,
    most: int,
) -> int:
    """Ask SUITE and score it; exit 1 where a rule does not hold."""
    if suite in PROBES:
        from evals.commands.probing import run_probe

        return run_probe(output, suite, data=data, out=out, most=most)
    return score_folder(
        output,
        ask_suite(output, suite, data=data, out=out, workers=workers, release=release, fresh=fresh),
    )


@click.command("runs")
@with_output
def runs_command(output: Output) -> None:
    """Show the scored runs of the data directory, newest first."""
    found = entries(Settings.load().data_dir)

    def say(console: Console) -> None:
        for entry in found:
            passed = "passed" if entry.passed else "not passed"
            console.print(f"{entry.asked_at}  {entry.name}: {entry.cases} cases, {passed}")
        if not found:
            console.print("No run has been scored yet: frontline eval run sample")

    output.document({"runs": [plain(entry) for entry in found]}, say)


def ask_suite(
    output: Output,
    name: str,
    *,
    data: Path | None = None,
    out: Path | None = None,
    workers: int = 2,
    release: str | None = None,
    fresh: bool = False,
    settings: Settings | None = None,
) -> Path:
    """Ask a suite and give the folder of the run; that it was made is in the ledger."""
    from evals.generate import describe, run
    from evals.workbench import workbench

    settings = settings or Settings.load()
    if release is not None and not release.strip():
        raise OptionInvalid("--release needs a reason.", do='For example --release "release 1.2".')
    given = given_suite(name, data, release=release is not None)
    suite, source, texts = given.suite, given.source, given.texts
    if fresh and texts is None:
        texts = ()
    if release is not None:
        enter(settings, "evaluation.holdout_read", {"suite": name, "reason": release.strip()}, subject=name)
    with workbench(settings, texts=texts) as bench:
        suite = fitted_to(output, bench, suite, texts)
        about = describe(bench.first, suite, source=source, released=release is not None)
        folder = out or folder_of(settings.data_dir, about)
        with progress(output, f"Asking {name}") as done:
            run(
                bench.make,
                suite,
                folder,
                source=source,
                released=release is not None,
                workers=workers,
                done=done,
            )
    results = hashlib.sha256((folder / RESULTS).read_bytes()).hexdigest()
    body = {**about.model_dump(mode="json"), "results_sha256": results}
    enter(settings, "evaluation.run", body, subject=suite.name)
    return folder


def progress(output: Output, label: str) -> _Progress:
    """A bar on stderr that is called with how many are done, and of how many."""
    return _Progress(output, label)


class _Progress:
    def __init__(self, output: Output, label: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=output.notes, transient=True)
        self._task = self._bars.add_task(label, total=None)

    def __enter__(self) -> Callable[[int, int], None]:
        self._bars.start()
        return lambda done, total: self._bars.update(self._task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self._bars.stop()


def score_folder(output: Output, folder: Path, *, verdict: Verdict | None = None) -> int:
    """Score a stored run, keep its figures and its report beside it, and say them."""
    evaluation, found, kept = score_to(folder, verdict=verdict)
    times = timings(read_latency(folder))

    def say(console: Console) -> None:
        say_evaluation(console, evaluation, found, times, folder)
        if not found.compared and suite_of(read_about(folder)).margins:
            console.print(
                f"Held to floors and to what must never happen only; against the baseline: frontline eval gate {folder}"
            )

    output.document(kept, say)
    return 0 if found.passed else 1


def score_to(folder: Path, *, verdict: Verdict | None = None) -> tuple[Evaluation, Verdict, dict[str, Any]]:
    """Score a stored run and keep its figures and its report beside it."""
    about, results, latencies = read_about(folder), read_results(folder), read_latency(folder)
    suite = suite_of(about)
    found = judged(folder, results)
    evaluation = evaluate(suite, results, found.scores)
    verdict = verdict or judge(suite, results, None, judged=found.scores, notes=found.notes)
    times, cost = timings(latencies), spent(latencies)
    kept = document(folder, about, evaluation, verdict, times, cost)
    page = run_page(about, evaluation, verdict, times, cost, asked_at(folder))
    keep(folder, kept, page, results)
    return evaluation, verdict, kept
