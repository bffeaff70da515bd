"""``frontline privacy``: what counts as personal data here, how long it is kept, and what a person can ask for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli import privacy_keeping as keeping
from assistant.cli import privacy_rights as rights
from assistant.cli.output import Output, with_output
from assistant.settings import Settings
from governance.errors import FileNotReadable, OptionInvalid

if TYPE_CHECKING:
    from governance.redaction import Redaction


@click.group("privacy", short_help="Redact, access, rectify, object, erase; holds, retention, the vault.")
def group() -> None:
    """Personal data is replaced by tokens before anything is kept, searched or sent."""


@group.command("redact")
@click.argument("file")
@click.option("--jsonl", is_flag=True, help="{id, text} a line in; {id, redacted, spans} a line out.")
@with_output
def redact(output: Output, file: str, jsonl: bool) -> None:
    """Show what would be redacted in FILE (- for stdin), and why."""
    from assistant.redaction import redactor_for

    redactor = redactor_for(Settings.load())
    if jsonl:
        for row in _rows(file):
            output.line({"id": row["id"], **_document(redactor.redact(row["text"]))})
        return
    text = _read(file)
    redaction = redactor.redact(text)
    output.document(_document(redaction), lambda console: _say(console, text, redaction))


def _document(redaction: Redaction) -> dict[str, Any]:
    spans = [
        {
            key: value
            for key, value in asdict(span).items()
            if key in ("start", "end", "type", "score", "recogniser")
        }
        for span in redaction.spans
    ]
    return {"redacted": redaction.text, "spans": spans}


def _say(console: Console, text: str, redaction: Redaction) -> None:
    console.print(escape(redaction.text))
    for span in redaction.spans:
        console.print(
            escape(
                f"{span.start}–{span.end} {span.type} {span.score:.2f} {span.recogniser}: {span.explanation}"
            ),
            style="dim",
        )
    if not redaction.spans:
        console.print(f"Nothing to redact in {len(text)} characters.", style="dim")


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotReadable(
            f"{file} cannot be read as text: {error}.", do="Give a UTF-8 text file."
        ) from error


def _rows(file: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_read(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise OptionInvalid(
                f"Line {number} is not JSON: {error}.", do="Write {id, text} on each line."
            ) from error
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
            raise OptionInvalid(f"Line {number} needs an id and a text.", do="Write {id, text} on each line.")
        yield row


for command in (
    rights.access,
    rights.rectify,
    rights.statement,
    rights.object_,
    rights.erase,
    rights.erase_document,
    keeping.hold,
    keeping.retention,
    keeping.vault,
    keeping.reveal,
):
    group.add_command(command)
