"""``frontline guidance history | diff``: what a document said, and what changed, section by section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.asked import day_named
from assistant.cli.guidance_held import held, row_of, versions_named
from assistant.cli.output import Output, plain, with_output
from governance.errors import DateInvalid, OptionInvalid
from ingest.catalogue import Catalogue
from ingest.changes import FieldChange, SectionChange, field_changes, section_changes
from ingest.documents import Version


@click.command("history")
@click.argument("document")
@with_output
def history(output: Output, document: str) -> None:
    """Show every version of a document, oldest first, each with what it changed section by section."""
    with held() as catalogue:
        versions = versions_named(catalogue, document)
        rows = [{**row_of(versions[0]), "changes": None}] + [
            {**row_of(after), "changes": _changes(catalogue, before, after)}
            for before, after in pairwise(versions)
        ]
    decided = [plain(w) for w in versions[-1].withdrawals]

    def say(console: Console) -> None:
        for row in rows:
            ends = ", ".join(
                f"{name.replace('_', ' ')} {row[name]}"
                for name in ("began_on", "superseded_on", "superseded_by", "removed_on")
                if row[name]
            )
            state = "in force" if row["in_force"] else "not in force"
            taken = f"taken in {row['ingested_at'][:16]}"
            console.print(escape(f"{row['version']}  {taken}  {row['dates']}  {state}  {ends}".rstrip()))
            if row["changes"] is not None:
                _say_changes(console, row["changes"], sentences=False)
        for one in decided:
            until = f" until {one['until']}" if one["until"] else ""
            console.print(escape(f"withdrawn by {one['by']} from {one['since']}{until}: {one['reason']}"))

    output.document({"versions": rows, "withdrawals": decided}, say)


@click.command("diff")
@click.argument("document")
@click.option(
    "--from", "earlier", help="A version's id, or a day on which it was in force. [the last but one]"
)
@click.option("--to", "later", help="A version's id, or a day on which it was in force. [the last]")
@with_output
def diff(output: Output, document: str, earlier: str | None, later: str | None) -> None:
    """Show what changed between two versions of a document, sentence by sentence."""
    with held() as catalogue:
        versions = versions_named(catalogue, document)
        after = _chosen(versions, later) if later else versions[-1]
        place = versions.index(after)
        if not earlier and place == 0:
            raise OptionInvalid(
                f"{after.metadata.uri} has one version only, or none before {after.id}.",
                do="Give --from and --to.",
            )
        before = _chosen(versions, earlier) if earlier else versions[place - 1]
        changes = _changes(catalogue, before, after)

    def say(console: Console) -> None:
        console.print(escape(f"{after.metadata.title}\n{before.id} → {after.id}"), style="bold")
        _say_changes(console, changes, sentences=True)

    output.document({"from": row_of(before), "to": row_of(after), **changes}, say)


def _chosen(versions: Sequence[Version], named: str) -> Version:
    """The version of an id, or in force on a day. Raises ``OptionInvalid``."""
    found = [version for version in versions if version.id == named]
    if not found:
        try:
            day: dt.date = day_named(named)
        except DateInvalid as error:
            raise OptionInvalid(
                f"{named!r} is no version of this document, and no date.",
                do="`frontline guidance history` shows its versions; write a day as YYYY-MM-DD.",
            ) from error
        found = [version for version in versions if version.in_force(day)]
    if not found:
        raise OptionInvalid(
            f"No version was in force on {named}.", do="`frontline guidance history` shows when."
        )
    return found[-1]


def _changes(catalogue: Catalogue, before: Version, after: Version) -> dict[str, Any]:
    sections = section_changes(catalogue.passages_of(before.id), catalogue.passages_of(after.id))
    fields = field_changes(before.metadata, after.metadata)
    return {"fields": [plain(one) for one in fields], "sections": [plain(one) for one in sections]}


def _say_changes(console: Console, changes: dict[str, Any], *, sentences: bool) -> None:
    for one in (FieldChange(**field) for field in changes["fields"]):
        console.print(escape(f"  {one.field}: {one.before or 'none'} → {one.after or 'none'}"))
    for change in (SectionChange(**section) for section in changes["sections"]):
        was = f" (was {' > '.join(change.was)})" if change.was else ""
        console.print(escape(f"  {change.what}: {' > '.join(change.heading_path)}{was}"))
        if sentences:
            for sentence in change.removed:
                console.print(escape(f"    - {sentence}"), style="red")
            for sentence in change.added:
                console.print(escape(f"    + {sentence}"), style="green")
    if not changes["fields"] and not changes["sections"]:
        console.print("  nothing that is read changed")
