"""``frontline guidance withdraw | restore``: a person stops a document's answers, or lets it answer again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli.guidance_held import held, row_of, today, versions_named
from assistant.cli.output import Output, with_output
from assistant.settings import Settings


@click.command("withdraw")
@click.argument("document")
@click.option("--reason", required=True, help="Why; it stands in the ledger and is shown in the history.")
@with_output
def withdraw(output: Output, document: str, reason: str) -> None:
    """Stop a document's answers from the next question on, whatever its source still holds.

    It needs no ingest and waits for none. Questions as at an earlier day are answered as they were.
    """
    _decide(output, document, reason, withdrawing=True)


@click.command("restore")
@click.argument("document")
@click.option("--reason", required=True, help="Why; it stands in the ledger.")
@with_output
def restore(output: Output, document: str, reason: str) -> None:
    """Undo a withdrawal: the document answers again from the next question on, so far as it is in force."""
    _decide(output, document, reason, withdrawing=False)


def _decide(output: Output, document: str, reason: str, *, withdrawing: bool) -> None:
    from assistant.governing import open_ledger
    from ingest.withdraw import restore, withdraw

    with open_ledger(Settings.load()) as ledger, held() as catalogue:
        entries: list[int] = []

        def record(type_: str, body: Mapping[str, Any]) -> None:
            subject = str(body["document"])
            entries.append(ledger.append(type_, body, actor=OPERATOR.id, subject=subject).index)

        meant = versions_named(catalogue, document)[-1].document_id
        act = withdraw if withdrawing else restore
        act(catalogue, meant, reason=reason, by=OPERATOR.id, on=today(), record=record)
        row = row_of(versions_named(catalogue, meant)[-1])

    def say(console: Console) -> None:
        done = "no longer answers" if withdrawing else "answers again, so far as it is in force"
        console.print(escape(f"{row['title']} ({row['uri']}) {done}. Ledger entry {entries[-1]}."))

    output.document({"document": row, "entry": entries[-1]}, say)
