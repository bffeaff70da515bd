"""``frontline privacy access | rectify | statement | object | erase``: what a person can ask for, carried out."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.cli.people import because, by, out, say_json, write
from assistant.settings import Settings


@click.command("access")
@click.argument("person")
@because
@by
@out
@with_output
def access(output: Output, person: str, reason: str, actor: str, out: Path | None) -> None:
    """Everything that is kept about PERSON (the code on the receipt), opened, in one document to hand to them."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        document = records.rights.access(person, reason=reason, actor=actor)
    output.document(document, say_json(document, out))


@click.command("rectify")
@click.argument("person")
@click.argument("name")
@click.argument("value")
@because
@by
@with_output
def rectify(output: Output, person: str, name: str, value: str, reason: str, actor: str) -> None:
    """Put right the fact NAME of PERSON to VALUE; the wrong value is destroyed, hand-overs with it are revoked."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        sealed = records.rights.rectify(person, name, value, reason=reason, actor=actor)
    output.document(plain(sealed), lambda console: console.print("Put right, and the old value destroyed."))


@click.command("statement")
@click.argument("person")
@click.argument("answer")
@click.argument("text")
@by
@with_output
def statement(output: Output, person: str, answer: str, text: str, actor: str) -> None:
    """Keep what PERSON says about ANSWER, whose record cannot be changed."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        sealed = records.rights.state(person, answer, text, actor=actor)
    output.document(plain(sealed), lambda console: console.print("Kept, sealed, beside the record."))


@click.command("object")
@click.argument("person")
@click.option("--notice", default="citizen-participation", show_default=True, help="Under which notice.")
@click.option(
    "--purpose", "purposes", multiple=True, help="A purpose objected to; none takes the objection back."
)
@because
@by
@with_output
def object_(
    output: Output, person: str, notice: str, purposes: tuple[str, ...], reason: str, actor: str
) -> None:
    """Record that PERSON objects to purposes: every decision for them is no from now on."""
    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        record_id = records.rights.object(
            person, notice, purposes, reason=reason, actor=actor, channel="command line"
        )
    output.document(
        {"record_id": record_id}, lambda console: console.print(f"Recorded as {record_id}.", markup=False)
    )


@click.command("erase")
@click.argument("person")
@click.option(
    "--look-for", "terms", multiple=True, metavar="TEXT",
    help="A text to look for afterwards in every file (a name, an address); looked for, and not kept.",
)  # fmt: skip
@because
@by
@out
@with_output
def erase(
    output: Output, person: str, terms: tuple[str, ...], reason: str, actor: str, out: Path | None
) -> int:
    """Erase everything about PERSON and certify it; exit 1 where something is left."""
    import json

    from assistant.records import open_records

    with open_records(Settings.load()) as records:
        certificate = records.erasure.erase(person, reason=reason, actor=actor, terms=terms)
        document = {**certificate, "proof": records.ledger.prove(certificate["entry"])}
    if out is not None:
        write(out, json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    def say(console: Console) -> None:
        what = "Erased" if certificate["complete"] else "NOT COMPLETE"
        console.print(
            f"{what}: {len(certificate['payloads_erased'])} sealed payloads, {len(certificate['keys_destroyed'])} keys; "
            f"{len(certificate['handovers_revoked'])} hand-overs revoked, {len(certificate['agreements_ended'])} agreements ended."
        )
        console.print(
            f"{certificate['files_read']} files read, {certificate['bytes_read']} bytes, for {certificate['looked_for']} "
            f"texts and traces: {len(certificate['found'])} found."
        )
        for where in certificate["found"]:
            console.print(escape(f"  still there: {where}"))
        for where in certificate["also_in_guidance"]:
            console.print(escape(f"  also stands in guidance: {where}"))
        console.print(f"Gone from backups by {certificate['gone_from_backups_by']}.")
        console.print(f"Certified as ledger entry {certificate['entry']}.")

    output.document(document, say)
    return 0 if certificate["complete"] else 1


@click.command("erase-document")
@click.argument("uri")
@click.option(
    "--look-for", "terms", multiple=True, metavar="TEXT", help="A text to look for afterwards; not kept."
)
@because
@by
@with_output
def erase_document(output: Output, uri: str, terms: tuple[str, ...], reason: str, actor: str) -> int:
    """Erase every version of the guidance document URI and certify it; take it out of its source first."""
    from assistant.app import build
    from assistant.erasing import erase_document as run

    assistant = build(Settings.load())
    try:
        certificate = run(assistant, uri, reason=reason, actor=actor, terms=terms)
    finally:
        assistant.close()

    def say(console: Console) -> None:
        what = "Erased" if certificate["complete"] else "NOT COMPLETE"
        console.print(
            f"{what}: {len(certificate['versions'])} versions, {certificate['passages']} passages, "
            f"{certificate['snapshots_destroyed']} old snapshots; {certificate['vectors_kept']} vectors copied anew."
        )
        for where in certificate["found"]:
            console.print(escape(f"  still there: {where}"))
        console.print(f"Certified as ledger entry {certificate['entry']}.")

    output.document(certificate, say)
    return 0 if certificate["complete"] else 1
