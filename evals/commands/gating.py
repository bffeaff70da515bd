"""Deciding: ``gate``, ``baseline``, ``compare``."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from assistant.cli.output import Output, plain, with_output
from evals.baseline import baseline, read_baseline, write_baseline
from evals.cases import SUITES
from evals.commands.folders import RUN
from evals.commands.running import score_folder
from evals.commands.saying import say_compared
from evals.commands.suites import suite_of
from evals.compare import compare_runs
from evals.gate import judge
from evals.people.yardstick import judged
from evals.report import comparison_page
from evals.results import read_about, read_results, write_whole

ACROSS = click.option(
    "--across-guidance", is_flag=True, help="Compare though the guidance differs, with a warning."
)


def packaged_baseline(suite: str) -> Path:
    """The baseline that is kept with a suite."""
    return SUITES / suite / "baseline.json"


@click.command("gate")
@click.argument("folder", metavar="RUN", type=RUN)
@click.option(
    "--against",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Baseline file; by default the one kept with the suite.",
)
@ACROSS
@with_output
def gate_command(output: Output, folder: Path, against: Path | None, across_guidance: bool) -> int:
    """Hold RUN to its suite's rules and to a baseline; exit 1 where it may not pass."""
    about, results = read_about(folder), read_results(folder)
    found = judged(folder, results)
    verdict = judge(
        suite_of(about),
        results,
        read_baseline(against or packaged_baseline(about.suite)),
        guidance=about.guidance,
        across_guidance=across_guidance,
        judged=found.scores,
        notes=found.notes,
    )
    return score_folder(output, folder, verdict=verdict)


@click.command("baseline")
@click.argument("folder", metavar="RUN", type=RUN)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@with_output
def baseline_command(output: Output, folder: Path, to: Path) -> None:
    """Make RUN a baseline that later runs are compared with."""
    about, results = read_about(folder), read_results(folder)
    write_baseline(to, baseline(about, results, judged(folder, results).scores))
    output.document(
        {"baseline": str(to), "suite": about.suite, "cases": about.cases},
        lambda console: console.print(f"{about.cases} cases of {about.suite} are the baseline in {to}"),
    )


@click.command("compare")
@click.argument("old", type=RUN)
@click.argument("new", type=RUN)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the comparison as a page."
)
@ACROSS
@with_output
def compare_command(output: Output, old: Path, new: Path, html: Path | None, across_guidance: bool) -> None:
    """Compare the runs OLD and NEW, metric by metric and case by case."""
    compared = compare_runs(
        (old.name, read_about(old), read_results(old)),
        (new.name, read_about(new), read_results(new)),
        across_guidance=across_guidance,
    )
    if html is not None:
        write_whole(html, comparison_page(compared))

    def say(console: Console) -> None:
        say_compared(console, compared)
        if html is not None:
            console.print(f"Page: {html}")

    output.document({**plain(compared), "page": str(html) if html else None}, say)
