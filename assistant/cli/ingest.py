"""``frontline ingest``: take a folder in, and say what became of every file."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from governance.errors import OptionInvalid
from ingest.report import Report

SHOWN = 20
"""Rejected files that are named without --json."""


@click.command("ingest", short_help="Take in a folder of guidance; what is gone from it stops answering.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--sample", is_flag=True, help="Take in the sample guidance that comes with the product.")
@click.option(
    "--name", help="Name of the source; by default the folder's path. What is gone is worked out within it."
)
@click.option("--allow-empty", is_flag=True, help="Let an empty folder remove everything it held.")
@with_output
def ingest(output: Output, folder: Path | None, sample: bool, name: str | None, allow_empty: bool) -> None:
    """Bring what can be searched to what FOLDER holds now.

    Markdown, HTML, plain text, PDF, DOCX and GOV.UK content items. Unchanged files are skipped by hash. A
    file that cannot be taken in is reported with its reason and stops nothing.
    """
    if (folder is None) != sample:
        raise OptionInvalid("Give a folder, or --sample.", do="frontline ingest ./our-guidance")
    from assistant.governing import open_ledger
    from assistant.ingestion import ingestor_for, sample_folder
    from ingest.sources import Folder

    settings = Settings.load()
    source = Folder(sample_folder(), name="sample") if folder is None else Folder(folder, name=name)
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with open_ledger(settings) as ledger, Progress(*columns, console=output.notes, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        report = ingestor_for(settings, ledger).run(source, progress=progress, allow_empty=allow_empty)
    output.document(plain(report), lambda console: _say(console, report))


def _say(console: Console, report: Report) -> None:
    console.print(
        f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.skipped} unchanged, "
        f"{len(report.failed)} not taken in"
    )
    console.print(
        f"{report.passages} passages in snapshot {report.snapshot_id}; {report.embedded} embedded now, "
        f"{report.seconds:.1f} s"
    )
    if report.truncated:
        console.print(f"{report.truncated} passages are longer than the embedder reads.")
    for problem in report.failed[:SHOWN]:
        console.print(escape(f"  {problem.code}: {problem.reason}"))
    if len(report.failed) > SHOWN:
        console.print(f"  … and {len(report.failed) - SHOWN} more: run it again with --json to see all.")
