"""``frontline audit atrs | dpia``: papers about the service, written from what is configured and recorded."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli import reasons
from assistant.cli.output import Output, plain, with_output
from assistant.governing import open_ledger
from assistant.settings import Settings
from governance.errors import FileNotReadable

_default = click.option(
    "--default", "by_default", is_flag=True, help="Of the default configuration, without the ledger."
)
_out = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")


@click.command("atrs")
@_default
@_out
@reasons.reason
@with_output
def atrs(output: Output, by_default: bool, out: Path | None, reason: str) -> None:
    """Draft a record for the Algorithmic Transparency Recording Standard."""
    _write(output, "atrs", by_default, out, reason)


@click.command("dpia")
@_default
@_out
@reasons.reason
@with_output
def dpia(output: Output, by_default: bool, out: Path | None, reason: str) -> None:
    """Gather evidence for a data protection impact assessment."""
    _write(output, "dpia", by_default, out, reason)


def _write(output: Output, paper: str, by_default: bool, out: Path | None, reason: str) -> None:
    from assistant.papers import facts, figures, write

    if by_default:
        known, counted = facts(Settings.model_construct()), None
    else:
        settings = Settings.load()
        with open_ledger(settings) as ledger:
            known, counted = facts(settings), figures(ledger)
            reasons.record(ledger, f"audit {paper}", reason, {})
    text = write(paper, known, counted)
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise FileNotReadable(
                f"{out} cannot be written: {error.strerror}.", do="Choose another file."
            ) from error
    document = {
        "paper": paper,
        "text": text,
        "facts": plain(known),
        "figures": plain(counted) if counted else None,
    }
    said = f"It is in {out}." if out else text
    output.document(document, lambda console: console.print(said, markup=False, end="\n" if out else ""))
