"""``frontline audit``: what happened, and proof that the record of it was not changed."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli import audit_reading as reading
from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings


@click.group("audit", short_help="Read the ledger and check that nobody changed it.")
def group() -> None:
    """The ledger holds every answer, ingestion and acknowledgement, each in one entry of a Merkle tree."""


@group.command("verify")
@with_output
def verify(output: Output) -> int:
    """Derive the whole ledger again from its stored bytes; exit 1 and name each problem if it differs."""
    from assistant.governing import open_ledger

    with open_ledger(Settings.load()) as ledger:
        found = ledger.verify()

    def say(console: Console) -> None:
        if found.ok:
            console.print(f"The ledger verifies: {found.size} entries, root {found.root}")
        else:
            console.print(
                f"THE LEDGER DOES NOT VERIFY: {len(found.problems)} problems in {found.size} entries"
            )
        for problem in found.problems:
            console.print(escape(f"  {problem}"))

    output.document(plain(found), say)
    return 0 if found.ok else 1


@group.command("show")
@click.argument("reference", metavar="ID")
@with_output
def show(output: Output, reference: str) -> None:
    """Show the entries about ID (an answer's reference), or the entry with that index."""
    from assistant.governing import open_ledger
    from governance.errors import EntryUnknown

    with open_ledger(Settings.load()) as ledger:
        entries = [ledger.entry(int(reference))] if reference.isdecimal() else ledger.about(reference)
    if not entries:
        raise EntryUnknown(
            f"The ledger holds nothing about {reference!r}.",
            do="Give an answer's reference as it is shown under the answer, or an entry's index.",
        )
    documents = [
        {
            "index": e.index, "time": e.time.isoformat(), "type": e.type, "actor": e.actor, "subject": e.subject,
            "leaf_hash": e.leaf_hash.hex(), "body": e.body,
        }
        for e in entries
    ]  # fmt: skip

    def say(console: Console) -> None:
        for document in documents:
            console.print(
                f"[bold]Entry {document['index']}[/bold] {document['time']} {document['type']} by {document['actor']}"
            )
            console.print(f"leaf {document['leaf_hash']}", style="dim")
            console.print_json(data=document["body"])

    output.document({"entries": documents}, say)


for command in (
    reading.list_command,
    reading.explain,
    reading.prove,
    reading.checkpoint,
    reading.key,
    reading.request,
):
    group.add_command(command)
group.add_command(verify, "fsck")
