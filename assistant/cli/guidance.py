"""``frontline guidance``: what is held, in which versions, and whether every place agrees about it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from governance.errors import DocumentUnknown, OptionInvalid
from ingest.catalogue import Catalogue
from ingest.documents import Version


@click.group("guidance", short_help="See what guidance is held, in which versions, and check that it agrees.")
def group() -> None:
    """Documents and their versions. A document is named by its id, its uri or its path."""


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="Show versions that are not in force too.")
@with_output
def list_command(output: Output, everything: bool) -> None:
    """Show the documents in force today."""
    today = dt.datetime.now().astimezone().date()
    with _catalogue() as catalogue:
        versions = [v for v in catalogue.versions() if everything or v.in_force(today)]
    rows = [
        _row(version, today) for version in sorted(versions, key=lambda v: (v.metadata.uri, v.ingested_at))
    ]

    def say(console: Console) -> None:
        for row in rows:
            state = "" if row["in_force"] else "  (not in force)"
            console.print(escape(f"{row['title']}{state}"))
            console.print(
                escape(f"    {row['uri']}  {row['dates']}  {', '.join(row['nations'])}"), style="dim"
            )
        console.print(f"{len(rows)} versions")

    output.document({"documents": rows}, say)


@group.command("show")
@click.argument("document")
@with_output
def show(output: Output, document: str) -> None:
    """Show a document's newest version, passage by passage."""
    with _catalogue() as catalogue:
        version = _versions(catalogue, document)[-1]
        passages = catalogue.passages_of(version.id)
    result = {
        **_row(version, dt.datetime.now().astimezone().date()),
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


@group.command("history")
@click.argument("document")
@with_output
def history(output: Output, document: str) -> None:
    """Show every version of a document, oldest first."""
    today = dt.datetime.now().astimezone().date()
    with _catalogue() as catalogue:
        rows = [_row(version, today) for version in _versions(catalogue, document)]

    def say(console: Console) -> None:
        for row in rows:
            ends = ", ".join(
                f"{name} {row[name]}" for name in ("began_on", "superseded_on", "removed_on") if row[name]
            )
            state = "in force" if row["in_force"] else "not in force"
            console.print(
                escape(
                    f"{row['version']}  taken in {row['ingested_at'][:16]}  {row['dates']}  {state}  {ends}"
                )
            )

    output.document({"versions": rows}, say)


@group.command("reconcile")
@click.option(
    "--folder",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Compare with this folder too.",
)
@click.option("--sample", is_flag=True, help="Compare with the sample guidance too.")
@with_output
def reconcile_command(output: Output, folders: tuple[Path, ...], sample: bool) -> int:
    """Compare sources, catalogue, vectors and snapshot; exit 1 and name each difference."""
    from assistant.ingestion import embedder_for, sample_folder
    from ingest.reconcile import reconcile
    from ingest.sources import Folder
    from ingest.vectors import VectorStore

    settings = Settings.load()
    sources = [Folder(folder) for folder in folders]
    if sample:
        sources.append(Folder(sample_folder(), name="sample"))
    vectors = VectorStore.open(settings.data_dir, embedder_for(settings).identity)
    with _catalogue() as catalogue, contextlib.closing(vectors):
        differences = reconcile(settings.data_dir, catalogue, vectors, sources)

    def say(console: Console) -> None:
        for difference in differences:
            console.print(escape(f"{difference.where}: {difference.what}"))
        console.print(f"{len(differences)} differences" if differences else "Everything agrees.")

    output.document({"differences": [plain(d) for d in differences]}, say)
    return 1 if differences else 0


@contextmanager
def _catalogue() -> Iterator[Catalogue]:
    catalogue = Catalogue.open(Settings.load().data_dir)
    try:
        yield catalogue
    finally:
        catalogue.close()


def _versions(catalogue: Catalogue, document: str) -> list[Version]:
    """Versions of the document meant, oldest first. Raises ``DocumentUnknown``, or ``OptionInvalid`` if several are."""
    meant = [
        v for v in catalogue.versions() if document in (v.document_id, v.id, v.metadata.uri, v.metadata.path)
    ]
    ids = {version.document_id for version in meant}
    if not ids:
        raise DocumentUnknown(
            f"No document is named {document!r}.", do="`frontline guidance list --all` shows them."
        )
    if len(ids) > 1:
        raise OptionInvalid(f"{document!r} names {len(ids)} documents.", do="Give its uri or its id.")
    return catalogue.versions_of(ids.pop())


def _row(version: Version, today: dt.date) -> dict[str, Any]:
    m = version.metadata
    return {
        "document": version.document_id, "version": version.id, "title": m.title, "uri": m.uri, "path": m.path,
        "publisher": m.publisher, "kind": m.kind.value, "nations": [nation.value for nation in m.nations],
        "dates": f"{m.valid_from or '…'} to {m.valid_to or '…'}", "in_force": version.in_force(today),
        "state": m.state.value, "review_due": _day(m.review_due), "withdrawn_at": _day(m.withdrawn_at),
        "began_on": _day(version.began_on), "superseded_on": _day(version.superseded_on),
        "removed_on": _day(version.removed_on), "ingested_at": version.ingested_at.isoformat(),
        "sha256": version.content_hash,
    }  # fmt: skip


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
