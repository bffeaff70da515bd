"""``frontline audit list | show | explain``: what an officer reads. Each reading is an entry, with its reason."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli import reasons
from assistant.cli.output import Output, plain, with_output
from assistant.governing import open_ledger
from assistant.record import entry_of
from assistant.records import open_records
from assistant.settings import Settings
from governance.aftermath import joined
from governance.errors import EntryUnknown
from governance.explaining import one_line
from governance.explaining import plain as in_plain_words
from governance.explanation import Explanation
from governance.ledger import Entry
from governance.ledger.card import outcome_of, role_of
from governance.sealed_text import opened


@click.command("list")
@reasons.filters
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many at most."
)
@click.option("--oldest-first", is_flag=True, help="Begin with the oldest.")
@reasons.reason
@with_output
def list_command(output: Output, limit: int, oldest_first: bool, reason: str, **given: str | None) -> None:
    """Show entries, newest first."""
    wanted = reasons.wanted(given, newest_first=not oldest_first)
    with open_ledger(Settings.load()) as ledger:
        kept = ledger.find(wanted, limit=limit)
        reasons.record(ledger, "audit list", reason, dict(reasons.asked(given)))
    rows = [_row(entry) for entry in kept]

    def say(console: Console) -> None:
        for row in rows:
            what = f"{row['type']} {row['outcome']}".strip()
            console.print(
                escape(f"{row['index']:>6}  {row['time'][:19]}  {what}  {row['actor']}  {row['subject']}")
            )
        console.print(f"{len(rows)} {'entry' if len(rows) == 1 else 'entries'}")

    output.document({"entries": rows}, say)


@click.command("show")
@click.argument("reference", metavar="ID")
@reasons.reason
@with_output
def show(output: Output, reference: str, reason: str) -> None:
    """Show the entries about ID (an answer's reference), or the entry with that index."""
    with open_ledger(Settings.load()) as ledger:
        entries = [ledger.entry(int(reference))] if reference.isdecimal() else ledger.about(reference)
        if not entries:
            raise EntryUnknown(
                f"The ledger holds nothing about {reference!r}.",
                do="Give an answer's reference as it is shown under the answer, or an entry's index.",
            )
        about = {"entry": reference} if reference.isdecimal() else {"answer": reference}
        reasons.record(ledger, "audit show", reason, about)
    documents = [{**_row(entry), "body": entry.body} for entry in entries]

    def say(console: Console) -> None:
        for document in documents:
            console.print(
                f"[bold]Entry {document['index']}[/bold] {document['time']} {document['type']} by {document['actor']}"
            )
            console.print(f"leaf {document['leaf_hash']}", style="dim")
            console.print_json(data=document["body"])

    output.document({"entries": documents}, say)


@click.command("explain")
@click.argument("reference", metavar="ID")
@click.option(
    "--for", "reader", type=click.Choice(["colleague", "officer"]), default="colleague", show_default=True,
    help="In plain words, or the whole record after them.",
)  # fmt: skip
@reasons.reason
@with_output
def explain(output: Output, reference: str, reader: str, reason: str) -> None:
    """Explain the answer with reference ID: why, by whom, from what, what was checked, and what was done with it.

    One line first, then the page in plain words; for an officer the whole record too. With --json, all of them.
    """
    with open_records(Settings.load()) as records:
        ledger = records.ledger
        recorded = Explanation.from_body(opened(entry_of(ledger, reference).body, records.vault))
        explanation = joined(recorded, ledger.about(reference))
        reasons.record(ledger, "audit explain", reason, {"answer": reference, "for": reader})

    def say(console: Console) -> None:
        console.print(escape(one_line(explanation)))
        for heading, paragraphs in in_plain_words(explanation):
            console.print(escape(f"\n{heading}"), style="bold")
            for paragraph in paragraphs:
                console.print(escape(paragraph))
        if reader == "officer":
            console.print("\n[bold]The whole record[/bold]")
            console.print_json(data=plain(explanation))

    page = [{"heading": heading, "paragraphs": said} for heading, said in in_plain_words(explanation)]
    document: dict[str, Any] = {
        **plain(explanation), "in_one_line": one_line(explanation), "in_plain_words": page,
    }  # fmt: skip
    output.document(document, say)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "index": entry.index, "time": entry.time.isoformat(), "type": entry.type, "actor": entry.actor,
        "subject": entry.subject, "role": role_of(entry), "outcome": outcome_of(entry),
        "leaf_hash": entry.leaf_hash.hex(),
    }  # fmt: skip
