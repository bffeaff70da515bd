"""``frontline egress``: what may leave this machine, where to, and whether a given call would be let out."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, with_output
from assistant.settings import Settings
from governance.egress import DataClass, Destination, Destinations


@click.group("egress", short_help="Show what may leave this machine, and where to.")
def group() -> None:
    """Nothing is reached that is not in the setting destinations, by name; each call is in the ledger."""


@group.command("list")
@with_output
def list_command(output: Output) -> None:
    """List the destinations that are allowed, each with its region and what it may be sent."""
    listed = [_row(destination) for destination in Settings.load().destinations]

    def say(console: Console) -> None:
        for row in listed:
            where = f"{row['scheme']}://{row['host']}:{row['port']}"
            console.print(escape(f"{row['name']:<16} {where} ({row['region']}): {', '.join(row['data'])}"))
        if not listed:
            console.print("No destination is allowed: nothing leaves this program.")

    output.document({"destinations": listed}, say)


@group.command("check")
@click.argument("url")
@click.option(
    "--data", required=True, type=click.Choice([d.value for d in DataClass]), help="What it would carry."
)
@with_output
def check(output: Output, url: str, data: str) -> None:
    """Say which destination would let DATA go to URL; nothing is sent. Exit status 2 where none does."""
    found = Destinations(Settings.load().destinations).allowing(url, DataClass(data))
    output.document(
        {"allowed": True, "destination": _row(found)},
        lambda console: console.print(escape(f"Allowed: {found.name}, in {found.region}.")),
    )


def _row(destination: Destination) -> dict[str, Any]:
    return destination.model_dump(mode="json")
