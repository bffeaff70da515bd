"""``frontline ingest``: take in a folder, an address or a named source, and say what became of every document."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.cli.progress import WAYS, telling
from assistant.plural import plural
from assistant.settings import Settings
from governance.errors import OptionInvalid
from ingest.report import Report

SHOWN = 20
"""Rejected files that are named without --json."""


@click.command("ingest", short_help="Take in guidance from a source; what is gone from it stops answering.")
@click.argument("source", required=False)
@click.option("--sample", is_flag=True, help="Take in the sample guidance that comes with the product.")
@click.option(
    "--name", help="Name of the source; by default the folder's path. What is gone is worked out within it."
)
@click.option("--allow-empty", is_flag=True, help="Let an empty folder remove everything it held.")
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True,
    help="Where files are read and passages embedded; the result is the same.",
)  # fmt: skip
@click.option(
    "--progress", "way", type=click.Choice(WAYS), default="bars", show_default=True,
    help="Progress on stderr: bars, or JSON lines for machines.",
)  # fmt: skip
@with_output
def ingest(
    output: Output,
    source: str | None,
    sample: bool,
    name: str | None,
    allow_empty: bool,
    engine: str,
    way: str,
) -> None:
    """Bring what can be searched to what SOURCE holds now.

    SOURCE is a folder, an address (a GOV.UK Content API, a sitemap, a page, urls:FILE, s3://…), the name of one of the
    setting sources, or uploads. Documents, sheets, slides, pages and messages are read; what has not changed is
    skipped. A file that cannot be taken in, or that a person must look at first, is reported and stops nothing.
    """
    if (source is None) != sample:
        raise OptionInvalid("Give a source, or --sample.", do="frontline ingest ./our-guidance")
    from assistant.governing import open_ledger
    from assistant.ingestion import ingestor_for, source_for

    settings = Settings.load()
    with (
        open_ledger(settings) as ledger,
        telling(way, output.notes) as tell,
        source_for(settings, ledger, source, name) as listed,
    ):
        report = ingestor_for(settings, ledger, engine=engine).run(
            listed, progress=tell, allow_empty=allow_empty
        )
    output.document(plain(report), lambda console: _say(console, report))


def _say(console: Console, report: Report) -> None:
    console.print(
        f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.skipped} unchanged, "
        f"{len(report.failed)} not taken in"
    )
    console.print(
        f"{plural(report.passages, 'passage')} in snapshot {report.snapshot_id}; {report.embedded} embedded now, "
        f"{report.seconds:.1f} s"
    )
    if report.truncated:
        console.print(
            f"{plural(report.truncated, 'passage is', 'passages are')} longer than the embedder reads."
        )
    for problem in report.failed[:SHOWN]:
        console.print(escape(f"  {problem.code}: {problem.reason}"))
    if len(report.failed) > SHOWN:
        console.print(f"  … and {len(report.failed) - SHOWN} more: run it again with --json to see all.")
