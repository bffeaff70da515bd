"""``frontline admin``: stop answers at once, let them go on, and see what is in force."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli.output import Output, plain, with_output
from assistant.governing import open_ledger
from assistant.settings import Settings
from assistant.switch import Switch, SwitchState

_reason = click.option("--reason", required=True, help="Why; kept in the ledger.")


@click.group("admin", short_help="Stop answers at once, or let them go on.")
def group() -> None:
    """What an administrator does. Each of it is in the ledger."""


@group.command("stop-answers")
@_reason
@with_output
def stop_answers(output: Output, reason: str) -> None:
    """From the next question on, show what a search finds and compose nothing."""
    _set(output, search_only=True, reason=reason)


@group.command("start-answers")
@_reason
@with_output
def start_answers(output: Output, reason: str) -> None:
    """Let answers be given again."""
    _set(output, search_only=False, reason=reason)


@group.command("status")
@with_output
def status(output: Output) -> None:
    """Show whether answers are given."""
    with open_ledger(Settings.load()) as ledger:
        state = Switch(ledger).state()
    _show(output, state)


def _set(output: Output, *, search_only: bool, reason: str) -> None:
    with open_ledger(Settings.load()) as ledger:
        state = Switch(ledger).set(search_only=search_only, reason=reason, by=OPERATOR)
    _show(output, state)


def _show(output: Output, state: SwitchState) -> None:
    def say(console: Console) -> None:
        console.print("Search only: no answers are given." if state.search_only else "Answers are given.")
        if state.at:
            console.print(escape(f"Since {state.at:%Y-%m-%d %H:%M} UTC, by {state.by}: {state.reason}"))

    output.document({"switch": plain(state)}, say)
