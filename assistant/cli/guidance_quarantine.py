"""``frontline guidance quarantine``: files that were not taken in because a person must look at them first."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli.output import Output, plain, with_output
from assistant.plural import plural
from assistant.settings import Settings
from ingest.catalogue import Catalogue
from ingest.quarantine import Held, Quarantine

_person = click.option(
    "--as", "person", default=OPERATOR.id, show_default=True, help="Pseudonym of whoever decides."
)
_why = click.option("--why", required=True, help="Why. Kept in the ledger; personal details are taken out.")


@click.group(
    "quarantine", short_help="Decide about files that wait: personal data, hidden text, orders to a model."
)
def group() -> None:
    """Files that wait for a person before they may be quoted. A decision is about the file as it is now."""


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="Show what was decided too.")
@with_output
def list_command(output: Output, everything: bool) -> None:
    """Show what waits, the oldest first, and why."""
    with _quarantine() as quarantine:
        held = quarantine.list(everything=everything)

    def say(console: Console) -> None:
        for each in held:
            _say(console, each)
        console.print(
            plural(len(held), "file") if everything else plural(len(held), "file waits", "files wait")
        )

    output.document({"held": [plain(each) for each in held]}, say)


@group.command("release")
@click.argument("held", metavar="ID")
@_why
@_person
@with_output
def release(output: Output, held: str, why: str, person: str) -> None:
    """Let a file in at the next `frontline ingest`, unless it changes before."""
    _decide(
        output,
        lambda quarantine, reason, now: quarantine.release(held, by=person, why=reason, now=now),
        why,
        person,
    )


@group.command("reject")
@click.argument("held", metavar="ID")
@_why
@_person
@with_output
def reject(output: Output, held: str, why: str, person: str) -> None:
    """Keep a file out, unless it changes."""
    _decide(
        output,
        lambda quarantine, reason, now: quarantine.reject(held, by=person, why=reason, now=now),
        why,
        person,
    )


def _decide(
    output: Output, decide: Callable[[Quarantine, str, dt.datetime], Held], why: str, person: str
) -> None:
    from assistant.governing import open_ledger
    from assistant.redaction import redactor_for

    settings = Settings.load()
    reason = redactor_for(settings).redact(why).text
    with open_ledger(settings) as ledger:

        def record(type_: str, body: Mapping[str, Any]) -> None:
            ledger.append(type_, body, actor=person, subject=str(body["held"]))

        with _quarantine(record) as quarantine:
            decided = decide(quarantine, reason, dt.datetime.now(dt.UTC))
    output.document({"held": plain(decided)}, lambda console: _say(console, decided))


def _say(console: Console, held: Held) -> None:
    decided = f"  {held.standing} by {held.by}: {held.why}" if held.by else ""
    console.print(escape(f"{held.id}  {held.path}  ({held.source}){decided}"))
    for finding in held.findings:
        place = f" ({finding.place})" if finding.place else ""
        words = f": “{finding.excerpt}”" if finding.excerpt else ""
        console.print(escape(f"    {finding.trouble}: {finding.what}{place}{words}"), style="dim")


@contextlib.contextmanager
def _quarantine(record: Callable[[str, Mapping[str, Any]], None] | None = None) -> Iterator[Quarantine]:
    catalogue = Catalogue.open(Settings.load().data_dir)
    try:
        yield Quarantine(catalogue, record) if record else Quarantine(catalogue)
    finally:
        catalogue.close()
