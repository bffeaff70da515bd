"""``frontline consent fact | copy | copies | handover``: what is passed on, with agreement, and taken back."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.cli.people import by, out, say_json
from assistant.plural import plural
from assistant.settings import Settings


@click.command("fact")
@click.argument("person")
@click.argument("name")
@click.argument("value")
@by
@with_output
def fact(output: Output, person: str, name: str, value: str, actor: str) -> None:
    """Keep, sealed, the fact NAME with VALUE that PERSON chose to have handed on."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        sealed = records.rights.keep_fact(person, name, value, actor=actor)
    output.document(plain(sealed), lambda console: console.print("Kept, sealed."))


@click.command("copy")
@click.argument("answer")
@by
@with_output
def copy(output: Output, answer: str, actor: str) -> None:
    """Copy ANSWER for evaluation, if everyone concerned agreed to that."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        sealed = records.passing_on.copy(answer, actor=actor)
    output.document(plain(sealed), lambda console: console.print(escape(f"Copied as {sealed.payload_id}.")))


@click.command("copies")
@click.option("--open", "payload_id", metavar="COPY", help="Open one, if the agreement still stands.")
@by
@with_output
def copies(output: Output, payload_id: str | None, actor: str) -> None:
    """Copies for evaluation."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        if payload_id:
            document = records.passing_on.read_copy(payload_id, actor=actor)
            output.document(document, lambda console: console.print_json(data=document))
            return
        found = records.passing_on.copies()

    def say(console: Console) -> None:
        for each in found:
            console.print(escape(f"{each.payload_id}  {each.about}  {each.time[:10]}"))
        console.print(plural(len(found), "copy", "copies"))

    output.document({"copies": [plain(each) for each in found]}, say)


@click.group("handover")
def handover() -> None:
    """Signed bundles for the next service, and the list of those that were withdrawn."""


@handover.command("make")
@click.argument("person")
@click.option("--to", "recipient", required=True, help="Which service it is for.")
@click.option("--fact", "facts", multiple=True, help="Name of a fact that the person chose.")
@click.option("--answer", "answers", multiple=True, help="Reference of an answer about the person.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366), help="How long it holds.")
@by
@out
@with_output
def make(
    output: Output, person: str, recipient: str, facts: tuple[str, ...], answers: tuple[str, ...], days: int,
    actor: str, out: Path | None,
) -> None:  # fmt: skip
    """Make a bundle about PERSON, if they agreed to that."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        bundle = records.passing_on.hand_over(
            person, recipient=recipient, facts=facts, answers=answers, days=days, actor=actor, role="operator"
        )
    output.document(bundle, say_json(bundle, out))


@handover.command("list")
@click.argument("person", required=False)
@with_output
def list_(output: Output, person: str | None) -> None:
    """Bundles that were made, and whether they stand."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        found = records.handovers.all(person)

    def say(console: Console) -> None:
        for h in found:
            state = f"revoked {h.revoked[:10]}" if h.revoked else f"until {h.expires[:10]}"
            console.print(escape(f"{h.handover_id}  {h.subject}  {h.recipient}  {state}"))
        console.print(f"{len(found)} hand-overs")

    output.document({"handovers": [plain(h) for h in found]}, say)


@handover.command("revoke")
@click.argument("handover_id", metavar="HANDOVER")
@click.option("--reason", required=True, help="Why; kept in the ledger.")
@by
@with_output
def revoke(output: Output, handover_id: str, reason: str, actor: str) -> None:
    """Withdraw one bundle."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        records.handovers.revoke_one(handover_id, why=reason, actor=actor)
    output.document(
        {"revoked": handover_id}, lambda console: console.print("Revoked. Publish the new status list.")
    )


@handover.command("status")
@out
@with_output
def status(output: Output, out: Path | None) -> None:
    """The signed list of what was withdrawn, for receiving services; it names nobody."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        document = records.handovers.status()
    output.document(document, say_json(document, out))


@handover.command("key")
@with_output
def key(output: Output) -> None:
    """The public key that bundles are checked with; give it to receiving services by another way."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        verifier = records.handovers.verifier
    output.document({"key": verifier}, lambda console: console.print(verifier, markup=False))
