"""``frontline privacy hold | retention | vault | reveal``: how long things are kept, and under which key."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.cli.people import because, by
from assistant.plural import plural
from assistant.settings import Settings
from governance.errors import OptionInvalid


@click.group("hold")
def hold() -> None:
    """Legal holds: what stops erasure and retention for one person."""


@hold.command("place")
@click.argument("person")
@click.option("--authority", required=True, help="Who ordered it, and under what.")
@click.option(
    "--days", type=click.IntRange(1), help="After how many days it ends by itself; else when it is lifted."
)
@because
@by
@with_output
def place(output: Output, person: str, authority: str, days: int | None, reason: str, actor: str) -> None:
    """Forbid erasure of what is kept about PERSON."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        placed = records.holds.place(person, authority=authority, reason=reason, actor=actor, days=days)
    output.document(plain(placed), lambda console: console.print(escape(f"Hold {placed.hold_id} stands.")))


@hold.command("lift")
@click.argument("hold_id", metavar="HOLD")
@because
@by
@with_output
def lift(output: Output, hold_id: str, reason: str, actor: str) -> None:
    """End a hold."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        lifted = records.holds.lift(hold_id, reason=reason, actor=actor)
    output.document(plain(lifted), lambda console: console.print(escape(f"Hold {hold_id} is lifted.")))


@hold.command("list")
@with_output
def list_(output: Output) -> None:
    """Holds that stand."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        holds = records.holds.active()

    def say(console: Console) -> None:
        for each in holds:
            until = each.expires[:10] or "it is lifted"
            console.print(escape(f"{each.hold_id}  {each.subject}  {each.authority}  until {until}"))
        console.print(plural(len(holds), "hold"))

    output.document({"holds": [plain(each) for each in holds]}, say)


@click.group("retention")
def retention() -> None:
    """How long each class of data is kept."""


@retention.command("show")
@with_output
def show(output: Output) -> None:
    """The classes, their periods, and why."""
    from governance.retention import periods

    found = periods(Settings.load().retention)

    def say(console: Console) -> None:
        for kind, period in found.items():
            console.print(escape(f"{kind}: {period.days} days. {period.what} {period.why}"))

    output.document({"classes": {kind.value: asdict(period) for kind, period in found.items()}}, say)


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would be erased; erase nothing.")
@by
@with_output
def run(output: Output, dry_run: bool, actor: str) -> None:
    """Erase what is older than its class allows, or whose agreement has ended."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        outcomes = records.retention.run(actor=actor, dry=dry_run)

    def say(console: Console) -> None:
        word = "would be erased" if dry_run else "erased"
        for o in outcomes:
            console.print(f"{o.kind}: {o.erased} {word}, {o.kept} kept, {o.held} of them by a legal hold")

    output.document({"dry_run": dry_run, "classes": [asdict(o) for o in outcomes]}, say)


@click.group("vault")
def vault() -> None:
    """The sealed payloads and the master key."""


@vault.command("status")
@with_output
def status(output: Output) -> None:
    """How much is sealed, under which master key; opens nothing."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        held = records.vault.held()
        kinds: dict[str, int] = {}
        for payload in held:
            kinds[payload.kind.value] = kinds.get(payload.kind.value, 0) + 1
        document: dict[str, Any] = {
            "payloads": len(held), "people": len({p.subject for p in held}), "kinds": kinds,
            "master_keys": records.vault.keys.masters(),
        }  # fmt: skip

    def say(console: Console) -> None:
        console.print(f"{document['payloads']} payloads of {document['people']} people")
        for kind, number in kinds.items():
            console.print(f"  {kind}: {number}")
        for master, number in document["master_keys"].items():
            console.print(escape(f"{number} keys wrapped by master key {master}"))

    output.document(document, say)


@vault.command("rotate")
@by
@with_output
def rotate(output: Output, actor: str) -> None:
    """Make a new master key and wrap every key by it; the old one is then of no use."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        file = records.key_file
        if file is None:
            raise OptionInvalid(
                "The master key comes from the settings, so it is not ours to exchange.",
                do="Move it to a file first, or rotate it where it is kept and use Vault.keys.rotate.",
            )
        new = file.prepare()
        number = records.vault.keys.rotate(new, actor=actor)
        file.adopt()
    output.document(
        {"keys": number, "master_key": new.id},
        lambda console: console.print(
            f"{number} keys are wrapped by the new master key {new.id}. Back it up.", markup=False
        ),
    )


@click.command("reveal")
@click.argument("text")
@click.option("--conversation", required=True, help="The conversation the tokens are of.")
@click.option("--person", required=True, help="Code of the person it is about.")
@by
@with_output
def reveal(output: Output, text: str, conversation: str, person: str, actor: str) -> None:
    """Replace the tokens in TEXT (such as <PERSON_1>) by what they stand for in one conversation; recorded."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        told = records.conversations.reveal(text, conversation, person, actor=actor)
    output.document({"text": told}, lambda console: console.print(told, markup=False))
