"""``frontline guidance``: what is held, in which versions, and whether every place agrees about it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli.guidance_changes import diff, history
from assistant.cli.guidance_held import held, row_of, today, versions_named
from assistant.cli.guidance_quarantine import group as quarantine
from assistant.cli.guidance_withdraw import restore, withdraw
from assistant.cli.output import Output, plain, with_output
from assistant.plural import plural
from assistant.settings import Settings


@click.group("guidance", short_help="See what guidance is held, in which versions, and check that it agrees.")
def group() -> None:
    """Documents and their versions. A document is named by its id, its uri or its path."""


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="Show versions that are not in force too.")
@with_output
def list_command(output: Output, everything: bool) -> None:
    """Show the documents in force today."""
    with held() as catalogue:
        versions = [v for v in catalogue.versions() if everything or v.in_force(today())]
    rows = [row_of(version) for version in sorted(versions, key=lambda v: (v.metadata.uri, v.ingested_at))]

    def say(console: Console) -> None:
        for row in rows:
            state = "" if row["in_force"] else "  (not in force)"
            console.print(escape(f"{row['title']}{state}"))
            console.print(
                escape(f"    {row['uri']}  {row['dates']}  {', '.join(row['nations'])}"), style="dim"
            )
        console.print(plural(len(rows), "version"))

    output.document({"documents": rows}, say)


@group.command("show")
@click.argument("document")
@with_output
def show(output: Output, document: str) -> None:
    """Show a document's newest version, passage by passage."""
    with held() as catalogue:
        version = versions_named(catalogue, document)[-1]
        passages = catalogue.passages_of(version.id)
    result = {
        **row_of(version),
        "passages": [plain(p) for p in passages],
    }

    def say(console: Console) -> None:
        console.print(
            escape(f"{version.metadata.title}\n{version.metadata.uri}  {result['dates']}\n"), style="bold"
        )
        for passage in passages:
            console.print(escape(f"{passage.section}  {passage.id}"), style="dim")
            console.print(escape(f"{passage.text}\n"))

    output.document(result, say)


@group.command("reconcile")
@click.argument("places", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--folder",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Compare with this folder too.",
)
@click.option("--sample", is_flag=True, help="Compare with the sample guidance too.")
@with_output
def reconcile_command(
    output: Output, places: tuple[str, ...], folders: tuple[Path, ...], sample: bool
) -> int:
    """Compare sources, catalogue, vectors and snapshot. Any difference is an alarm: it is named, it stands in the
    ledger, and the exit status is 1.

    SOURCE is what `frontline ingest` takes: a folder, an address, the name of one of the setting sources, or uploads.
    """
    from assistant.governing import open_ledger
    from assistant.ingestion import embedder_for, source_for, vectors_for
    from ingest.reconcile import reconcile, reported

    settings = Settings.load()
    meant = [*places, *map(str, folders), *([None] if sample else [])]
    identity = embedder_for(settings).identity
    with open_ledger(settings) as ledger, held() as catalogue, contextlib.ExitStack() as stack:
        sources = [stack.enter_context(source_for(settings, ledger, place)) for place in meant]
        with contextlib.closing(vectors_for(settings, ledger, identity)) as vectors:
            differences = reconcile(settings.data_dir, catalogue, vectors, sources)
        type_, body = reported(differences, [source.id for source in sources])
        entry = ledger.append(type_, body, actor=OPERATOR.id).index

    def say(console: Console) -> None:
        for difference in differences:
            console.print(escape(f"{difference.where}: {difference.what}"))
        said = f"ALARM: {plural(len(differences), 'difference')}" if differences else "Everything agrees"
        console.print(f"{said}. Ledger entry {entry}.")

    output.document({"differences": [plain(d) for d in differences], "entry": entry}, say)
    return 1 if differences else 0


for command in (history, diff, withdraw, restore, quarantine):
    group.add_command(command)
