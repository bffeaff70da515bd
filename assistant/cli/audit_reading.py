"""``frontline audit list | explain | prove | checkpoint | key | request``: what an officer reads and hands on.

Reading another's answer is itself an entry of the ledger, with the reason that was given.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli.output import Output, plain, with_output
from assistant.governing import open_ledger
from assistant.record import entry_of
from assistant.settings import Settings
from governance.errors import DateInvalid, FileNotReadable
from governance.explaining import one_line
from governance.explaining import plain as in_plain_words
from governance.explanation import Explanation
from governance.ledger import Entry, Ledger

DEFAULT_REASON = "operator at the command line"
_reason = click.option(
    "--reason", default=DEFAULT_REASON, show_default=True, help="Why it is read; kept in the ledger."
)


@click.command("list")
@click.option("--type", "type_", help="Only entries of this type, for example answer.")
@click.option("--actor", help="Only what this pseudonym did.")
@click.option("--outcome", help="Only answers with this outcome, for example not_in_guidance.")
@click.option("--since", metavar="DATE", help="From this day (YYYY-MM-DD, UTC) on.")
@click.option("--until", metavar="DATE", help="Before this day.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many at most."
)
@click.option("--oldest-first", is_flag=True, help="Begin with the oldest.")
@_reason
@with_output
def list_command(
    output: Output, type_: str | None, actor: str | None, outcome: str | None, since: str | None, until: str | None,
    limit: int, oldest_first: bool, reason: str,
) -> None:  # fmt: skip
    """Show entries, newest first."""
    asked = {"type": type_, "actor": actor, "outcome": outcome, "since": since, "until": until}
    with open_ledger(Settings.load()) as ledger:
        found = ledger.entries(
            type="answer" if outcome else type_, actor=actor, since=_day(since), until=_day(until),
            limit=10_000 if outcome else limit, newest_first=not oldest_first,
        )  # fmt: skip
        kept = [e for e in found if not outcome or e.body["decision"]["outcome"] == outcome][:limit]
        _record(ledger, "audit list", reason, {name: value for name, value in asked.items() if value})
    rows = [{**_row(entry), "outcome": _outcome(entry)} for entry in kept]

    def say(console: Console) -> None:
        for row in rows:
            what = f"{row['type']} {row['outcome']}".strip()
            console.print(
                escape(f"{row['index']:>6}  {row['time'][:19]}  {what}  {row['actor']}  {row['subject']}")
            )
        console.print(f"{len(rows)} entries")

    output.document({"entries": rows}, say)


@click.command("explain")
@click.argument("reference", metavar="ID")
@click.option(
    "--for", "reader", type=click.Choice(["colleague", "officer"]), default="colleague", show_default=True,
    help="In plain words, or the whole record.",
)  # fmt: skip
@_reason
@with_output
def explain(output: Output, reference: str, reader: str, reason: str) -> None:
    """Explain the answer with reference ID: why, by whom, from what, and what was checked."""
    with open_ledger(Settings.load()) as ledger:
        explanation = Explanation.from_body(entry_of(ledger, reference).body)
        _record(ledger, "audit explain", reason, {"answer": reference, "for": reader})

    def say(console: Console) -> None:
        if reader == "officer":
            console.print_json(data=plain(explanation))
            return
        console.print(escape(one_line(explanation)))
        for heading, paragraphs in in_plain_words(explanation):
            console.print(escape(f"\n{heading}"), style="bold")
            for paragraph in paragraphs:
                console.print(escape(paragraph))

    output.document(plain(explanation), say)


@click.command("prove")
@click.argument("reference", metavar="ID")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the proof to this file.")
@_reason
@with_output
def prove(output: Output, reference: str, out: Path | None, reason: str) -> None:
    """Export the answer with reference ID with proof that it is in the ledger; anyone can check it without us."""
    with open_ledger(Settings.load()) as ledger:
        proof = ledger.prove(entry_of(ledger, reference).index)
        _record(ledger, "audit prove", reason, {"answer": reference})
    if out is not None:
        try:
            out.write_text(json.dumps(proof, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise FileNotReadable(
                f"{out} cannot be written: {error.strerror}.", do="Choose another file."
            ) from error

    def say(console: Console) -> None:
        if out is None:
            console.print_json(data=proof)
        else:
            console.print(
                escape(
                    f"The proof is in {out}. Check it with: python -m governance.verify_proof {out} --key KEY"
                )
            )

    output.document(proof, say)


@click.command("checkpoint")
@with_output
def checkpoint(output: Output) -> None:
    """Sign the ledger as it is now, and print the signed note."""
    with open_ledger(Settings.load()) as ledger:
        note = ledger.checkpoint()
    output.document({"checkpoint": note}, lambda console: console.print(note, markup=False, end=""))


@click.command("key")
@with_output
def key(output: Output) -> None:
    """Print the public key that checkpoints and proofs are checked with; give it to others by another way."""
    with open_ledger(Settings.load()) as ledger:
        verifier = ledger.verifier
    output.document({"key": verifier}, lambda console: console.print(verifier, markup=False))


@click.command("request")
@click.option(
    "--from", "size", required=True, type=click.IntRange(0), help="Entries that the witness signed last."
)
@with_output
def request(output: Output, size: int) -> None:
    """Print what a witness needs to sign the ledger as it is now."""
    with open_ledger(Settings.load()) as ledger:
        text = ledger.for_witness(size)
    output.document({"request": text}, lambda console: console.print(text, markup=False, end=""))


def _record(ledger: Ledger, command: str, reason: str, what: dict[str, Any]) -> None:
    ledger.append(
        "ledger.read", {"command": command, "reason": reason, "asked": what}, actor=OPERATOR.id,
        subject=str(what.get("answer", "")),
    )  # fmt: skip


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "index": entry.index, "time": entry.time.isoformat(), "type": entry.type, "actor": entry.actor,
        "subject": entry.subject, "leaf_hash": entry.leaf_hash.hex(),
    }  # fmt: skip


def _outcome(entry: Entry) -> str:
    return str(entry.body["decision"]["outcome"]) if entry.type == "answer" else ""


def _day(given: str | None) -> dt.datetime | None:
    if given is None:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(given), dt.time(), tzinfo=dt.UTC)
    except ValueError as error:
        raise DateInvalid(f"{given!r} is not a date.", do="Write it as YYYY-MM-DD.") from error
