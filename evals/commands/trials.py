"""Trials with live colleagues: ``trial register | assign | look``."""

from __future__ import annotations

import click
from rich.console import Console

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from evals.trials import POCOCK, Trials, parse

NAME = click.argument("name")
BY = click.option("--by", default="operator", show_default=True, help="Who does it: a pseudonym.")


@click.group("trial")
def group() -> None:
    """Compare two configurations on live colleagues: one measure, said beforehand, read at planned looks."""


@group.command("register")
@NAME
@click.option(
    "--measure", type=click.Choice(["answered", "contested"]), required=True, help="The one measure."
)
@click.option("--people", type=click.IntRange(4), required=True, help="How many take part in all.")
@click.option(
    "--looks", type=click.IntRange(1, max(POCOCK)), default=1, show_default=True, help="How often it is read."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the random assignment.")
@BY
@with_output
def register_command(
    output: Output, name: str, measure: str, people: int, looks: int, seed: int, by: str
) -> None:
    """Say beforehand what NAME tries, on how many, and when it is read."""
    trial = parse({"name": name, "measure": measure, "people": people, "looks": looks, "seed": seed})
    from assistant.governing import open_ledger

    with open_ledger(Settings.load()) as ledger:
        Trials(ledger).register(trial, by=by)
    output.document(
        {**plain(trial), "bound": trial.bound},
        lambda console: console.print(
            f"{name}: stops where |z| reaches {trial.bound}, at {looks} looks over {people} people"
        ),
    )


@group.command("assign")
@NAME
@click.argument("person")
@BY
@with_output
def assign_command(output: Output, name: str, person: str, by: str) -> None:
    """Draw the arm of PERSON, once; asked again, it is the same."""
    from assistant.governing import open_ledger

    with open_ledger(Settings.load()) as ledger:
        arm = Trials(ledger).arm(name, person, by=by)
    output.document(
        {"person": person, "arm": arm}, lambda console: console.print(f"{person} is in the arm {arm}")
    )


@group.command("look")
@NAME
@BY
@with_output
def look_command(output: Output, name: str, by: str) -> None:
    """Read NAME at its next planned look; refused before that, and after it has stopped."""
    from assistant.governing import open_ledger

    with open_ledger(Settings.load()) as ledger:
        found = Trials(ledger).look(name, by=by)

    def say(console: Console) -> None:
        console.print(
            f"Look {found.number}: difference {found.difference:+.3f}, z {found.z:+.2f}, bound {found.bound}; "
            f"{'stop' if found.stop else 'go on'}"
        )

    output.document(plain(found), say)
