"""``frontline audit export | replay``: what an auditor takes away, and whether an answer comes out the same again."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR
from assistant.cli import reasons
from assistant.cli.output import Output, plain, with_output
from assistant.records import open_records
from assistant.settings import Settings
from governance.export import FORMATS, export
from governance.ledger import Entry
from governance.uses import Concerned, Use, Uses

_authority = click.option(
    "--authority",
    default="",
    help="On what authority, where a person's agreement does not cover it; it is recorded.",
)


def _refused(uses: Uses) -> Callable[[Entry], str]:
    """Why an answer may not be taken away for audit, by what those concerned agreed to; each person is asked about once."""

    @cache
    def why(concerned: Concerned) -> str:
        return " ".join(d.reason for d in uses.decide(Use.EXPORT, concerned) if not d.allowed)

    return lambda entry: why(Concerned.by(entry.body)) if entry.type == "answer" else ""


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@reasons.filters
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="May be given twice; all by default.",
)
@click.option("--reason", required=True, help="Why it is taken; kept in the ledger and in the manifest.")
@_authority
@with_output
def export_command(
    output: Output, folder: Path, formats: tuple[str, ...], reason: str, authority: str, **given: str | None
) -> None:
    """Write entries to the new FOLDER: JSON Lines, CSV, Parquet, a proof of each, and a manifest with their hashes."""
    wanted = reasons.wanted(given)
    with open_records(Settings.load()) as records:
        done = export(
            records.ledger, wanted, folder, asked=reasons.asked(given), reason=reason, actor=OPERATOR.id,
            formats=formats or FORMATS, refused=_refused(records.uses), authority=authority,
        )  # fmt: skip

    def say(console: Console) -> None:
        console.print(escape(f"{done.entries} entries are in {done.folder}."))
        console.print(
            f"The manifest's SHA-256 is {done.manifest_sha256}, in ledger entry {done.entry_index}."
        )
        console.print(
            escape(f"Check them: python -m governance.verify_proof {folder}/proofs.jsonl --key KEY")
        )

    output.document(plain(done), say)


@click.command("replay")
@click.argument("reference", metavar="ID")
@click.option(
    "--authority",
    default="",
    help="On what authority it is done where the person's agreement does not cover it.",
)
@reasons.reason
@with_output
def replay(output: Output, reference: str, authority: str, reason: str) -> int:
    """Make the answer with reference ID again from what is stored, and say of each stage what came of it.

    Each is identical, differs (with the difference), or not replayable (with the reason). Exit status 1 where one differs.
    """
    from assistant.app import build
    from assistant.replay import replay as again

    assistant = build(Settings.load())
    try:
        found = again(assistant, reference, by=OPERATOR, reason=reason, authority=authority)
    finally:
        assistant.close()

    def say(console: Console) -> None:
        for stage in found.stages:
            console.print(escape(f"{stage.name:<12} {stage.verdict:<15} {stage.why}"))
            for difference in stage.differences:
                console.print(escape(f"    {difference}"))
        console.print(escape(f"{found.verdict}; recorded as ledger entry {found.entry_index}"))

    output.document(plain(found), say)
    return 1 if found.verdict == "differs" else 0
