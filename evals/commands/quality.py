"""``frontline eval quality``: measure everything that is said of the assistant, and write the page that says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from assistant.cli.output import Output, with_output
from assistant.settings import Settings
from evals.cases import load_suite
from evals.commands.running import DATA, MOST, WORKERS, progress, score_to
from evals.commands.suites import fitted_to
from evals.evaluate import Evaluation
from evals.generate import run
from evals.loaders import load
from evals.probes import grounding, grounding_metrics, redaction, redaction_metrics
from evals.quality import PARTS, SETS, TAKEN, Figure, Quality, of_probe, of_speed, of_suite, render
from evals.results import About, read_about, read_results, write_whole
from evals.sweep import part_of
from evals.workbench import Workbench, workbench
from governance.errors import OptionInvalid, RunIncomplete


@click.command("quality")
@DATA
@WORKERS
@MOST
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("docs/quality.md"),
    show_default=True,
    help="Page to write; its figures go beside it as JSON.",
)
@click.option(
    "--sets",
    type=click.Choice([*SETS, *PARTS]),
    multiple=True,
    help="What to measure; by default all. What is left out is named on the page.",
)
@click.option(
    "--cases",
    type=click.IntRange(10),
    help="Cases of each third-party set at most, by a fixed seed; by default all.",
)
@click.option(
    "--speed",
    "timed",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Figures of time that benchmarks/answer_latency.py kept; without, time is named as not measured.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the runs; finished ones in it are not asked again.",
)
@with_output
def quality_command(
    output: Output,
    data: Path | None,
    workers: int,
    most: int,
    to: Path,
    sets: tuple[str, ...],
    cases: int | None,
    timed: Path | None,
    keep: Path | None,
) -> None:
    """Ask the sample suite and the third-party sets, and write every figure that is said of the assistant."""
    if data is None:
        raise OptionInvalid(
            "Quality is measured on third-party data too.", do="frontline eval quality --data FOLDER"
        )
    times = tuple(of_speed(timed)) if timed else ()
    settings = Settings.load()
    folder = keep or settings.data_dir / "evaluations" / "quality"
    figures: list[Figure] = []
    about: About | None = None
    composed: set[str] = set()
    wanted = sets or (*SETS, *PARTS)
    given = {n: None if n == "sample" else load(n, data) for n in SETS if n in wanted}
    for name, loaded in given.items():
        suite = load_suite(name) if loaded is None else part_of(loaded.suite, cases)
        into = folder / name
        if not _finished(into):
            source = "packaged" if loaded is None else "third_party"
            with (
                workbench(settings, texts=() if loaded is None else loaded.texts) as bench,
                progress(output, f"Asking {name}") as done,
            ):
                suite = fitted_to(output, bench, suite, loaded.texts if loaded else None)
                run(bench.make, suite, into, source=source, workers=workers, done=done)
        evaluation: Evaluation = score_to(into)[0]
        figures += of_suite(name, evaluation, suite.never)
        about = about or read_about(into)
        composed |= {r.composed_by for r in read_results(into)} - {"none"}
    if set(PARTS) & set(wanted):
        with workbench(settings, texts=()) as bench:
            for name in (n for n in PARTS if n in wanted):
                figures += _part(output, name, bench, data, most)
    figures += times
    if about is None:
        raise OptionInvalid("At least one suite is measured.", do=f"Give one of: {', '.join(SETS)}.")
    quality = Quality(
        measured=dt.datetime.now(dt.UTC).date().isoformat(), guidance=about.guidance,
        configuration=about.configuration, composed_by=", ".join(sorted(composed)), figures=tuple(figures),
        left_out=(*(n for n in (*SETS, *PARTS) if n not in wanted), *(() if times else TAKEN)),
    )  # fmt: skip
    write_whole(to.with_suffix(".json"), quality.model_dump_json(indent=1) + "\n")
    write_whole(to, render(quality))
    met = [f.met for f in figures if f.met]

    def say(console: Console) -> None:
        console.print(f"{met.count('met')} of {len(met)} goals met; the page is {to}")

    output.document({**quality.model_dump(mode="json"), "page": str(to)}, say)


def _part(output: Output, name: str, bench: Workbench, data: Path, most: int) -> Iterator[Figure]:
    with progress(output, f"Measuring {name}") as done:
        if name == "grounding":
            metrics = grounding_metrics(grounding(bench.first, data, most=most, done=done))
        else:
            metrics = redaction_metrics(redaction(bench.first.redactor, data, done=done))
    yield from of_probe(name, metrics)


def _finished(folder: Path) -> bool:
    try:
        return read_about(folder).cases > 0
    except RunIncomplete:
        return False
