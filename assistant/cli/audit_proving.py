"""``frontline audit verify | fsck | prove | checkpoint | witness | request | key | role``: that nothing was changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli import reasons
from assistant.cli.output import Output, plain, with_output
from assistant.governing import keys_dir, open_ledger
from assistant.record import entry_of
from assistant.records import open_records
from assistant.settings import Settings
from assistant.witnessing import keep_note, kept_notes
from governance import database_role
from governance.errors import FileNotReadable, HistoryChanged, OptionInvalid, WitnessConflict
from governance.fsck import check
from governance.ledger import Ledger


@click.command("verify")
@with_output
def verify(output: Output) -> int:
    """Derive the whole ledger again from its stored bytes; exit 1 and name each problem if it differs."""
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


@click.command("fsck")
@click.option(
    "--witnessed", "notes", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that a witness signed, kept elsewhere; the ledger must still begin with it.",
)  # fmt: skip
@with_output
def fsck(output: Output, notes: tuple[Path, ...]) -> int:
    """Verify, and look at all that stands round the ledger: guards, keys, each answer's record, witnessed checkpoints."""
    settings = Settings.load()
    with open_records(settings) as records:
        witnessed = [*kept_notes(settings.data_dir), *(_read(note) for note in notes)]
        found = check(records.store, records.ledger, keys=keys_dir(settings), witnessed=witnessed)

    def say(console: Console) -> None:
        console.print(
            f"{found.entries} entries, root {found.root}: " + ("clean" if found.ok else "NOT CLEAN")
        )
        for problem in found.problems:
            console.print(escape(f"  {problem}"))
        for remark in found.remarks:
            console.print(escape(f"  Note: {remark}"), style="dim")

    output.document(plain(found), say)
    return 0 if found.ok else 1


@click.command("prove")
@click.argument("reference", metavar="ID")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the proof to this file.")
@click.option("--witnessed", is_flag=True, help="Under the newest checkpoint that a witness signed.")
@reasons.reason
@with_output
def prove(output: Output, reference: str, out: Path | None, witnessed: bool, reason: str) -> None:
    """Export the answer with reference ID with proof that it is in the ledger; anyone can check it without us."""
    settings = Settings.load()
    with open_ledger(settings) as ledger:
        entry = ledger.entry(int(reference)) if reference.isdecimal() else entry_of(ledger, reference)
        note = _witnessed_note(settings, entry.index) if witnessed else None
        proof = ledger.prove(entry.index, checkpoint=note)
        reasons.record(ledger, "audit prove", reason, {"answer": reference})
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


@click.command("witness")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_output
def witness(output: Output, folder: Path) -> None:
    """Have the witness that is kept in FOLDER sign the ledger as it is now, and keep what it signed.

    The witness runs as a program of its own, with its own key and memory. It refuses a ledger that was rolled back or
    whose history was changed; then this exits 1, and its message is the alarm. For a witness on another machine, see
    `request`.
    """
    settings = Settings.load()
    with open_ledger(settings) as ledger:
        note = _signed(ledger, folder)
    path = keep_note(settings.data_dir, note)
    output.document(
        {"checkpoint": note, "file": str(path)},
        lambda console: console.print(note, markup=False, end=""),
    )


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


@click.command("key")
@click.option("--rotate", is_flag=True, help="Let a new key take over; the old one signs it, and is gone.")
@click.option("--reason", help="Why the key is changed; kept in the ledger.")
@click.option("--rotations", is_flag=True, help="Print the changes of key, for a witness.")
@with_output
def key(output: Output, rotate: bool, reason: str | None, rotations: bool) -> None:
    """Print the public key that checkpoints and proofs are checked with; give it to others by another way."""
    if rotate and not (reason or "").strip():
        raise OptionInvalid("Changing the key needs a reason.", do="Add --reason.")
    with open_ledger(Settings.load()) as ledger:
        if rotate:
            ledger.rotate_key(actor=OPERATOR.id, reason=str(reason))
        verifier = ledger.verifier
        keys = ledger.keys()
    handed_over = [dict(each) for each in keys.handed_over]
    shown = json.dumps(handed_over) if rotations else verifier
    document: dict[str, Any] = {"key": verifier, "rotations": handed_over}
    output.document(document, lambda console: console.print(shown, markup=False))


@click.command("role")
@click.argument("name")
@click.option("--apply", "run", is_flag=True, help="Run it now, as the owner that database_url names.")
@with_output
def role(output: Output, name: str, run: bool) -> None:
    """Print the SQL that makes the PostgreSQL role NAME, which can write records and change none."""
    with open_records(Settings.load()) as records:
        store = records.store
        if run:
            with store.write() as connection:
                made = database_role.apply(connection, name)
        else:
            made = database_role.statements(
                name, store.database if store.dialect == "postgresql" else "frontline"
            )

    def say(console: Console) -> None:
        for statement in made:
            console.print(f"{statement};", markup=False)

    output.document({"role": name, "statements": made, "applied": run}, say)


def _signed(ledger: Ledger, folder: Path) -> str:
    """The checkpoint with the witness's signature, after asking it as a process of its own."""
    origin = ledger.verifier.partition("+")[0]
    rotations = ledger.keys().handed_over
    first = rotations[0]["old"] if rotations else ledger.verifier
    _ask(folder, "trust", first)
    if rotations:
        _ask(folder, "rotate", text=json.dumps([dict(each) for each in rotations]))
    size = int(_ask(folder, "size", origin))
    if size > ledger.size():
        raise HistoryChanged(
            f"The witness signed {size} entries and there are {ledger.size()}: the ledger was rolled back.",
            do="Put it back from a backup that holds them; keep both as evidence.",
        )
    asked = ledger.for_witness(size)
    return asked.partition("\n\n")[2] + _ask(folder, "sign", text=asked)


def _ask(folder: Path, *arguments: str, text: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - our own witness, by this interpreter
        [sys.executable, "-m", "governance.witness_command", str(folder), *arguments],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        kind = HistoryChanged if done.returncode == 1 else WitnessConflict
        raise kind(
            f"The witness did not sign: {done.stderr.strip()}",
            do="Run `frontline audit fsck`; keep the ledger as it is.",
        )
    return done.stdout


def _witnessed_note(settings: Settings, index: int) -> str:
    for note in reversed(kept_notes(settings.data_dir)):
        if int(note.split("\n")[1]) > index:
            return note
    raise OptionInvalid(
        f"No witness has signed a checkpoint that holds entry {index}.",
        do="Run `frontline audit witness FOLDER`.",
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotReadable(f"{path} cannot be read: {error}.", do="Give a signed checkpoint.") from error
