"""What the commands about people share: opening the records, and the options that say who acts and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from governance.errors import FileNotReadable

WHO = "operator"
by = click.option(
    "--by", "actor", default=WHO, show_default=True, help="Pseudonym of whoever acts; kept in the ledger."
)
because = click.option("--reason", required=True, help="Why; kept in the ledger, so write no name into it.")
out = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")


def write(path: Path, text: str) -> None:
    """Write a file for its owner alone. Raises ``FileNotReadable``."""
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileNotReadable(
            f"{path} cannot be written: {error.strerror}.", do="Choose another file."
        ) from error


def say_json(document: Any, path: Path | None) -> Any:
    """How to say a document to people: into the file where one is given, else as JSON."""
    if path is not None:
        write(path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    def say(console: Console) -> None:
        if path is None:
            console.print_json(data=document)
        else:
            console.print(escape(f"Written to {path}."))

    return say
