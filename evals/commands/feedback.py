"""Feedback that becomes cases: ``feedback propose | list | show | triage | export``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings
from evals.people.feedback import Feedback, Judgement, Proposal

BY = click.option("--by", required=True, help="Who does it: a pseudonym, never a name.")


@click.group("feedback")
def group() -> None:
    """Contested answers become cases, by agreement of those concerned and of two people."""


@contextmanager
def _feedback() -> Iterator[tuple[Feedback, Settings]]:
    from assistant.records import open_records
    from assistant.redaction import redactor_for

    settings = Settings.load()
    with open_records(settings) as records:
        yield Feedback(records, redactor_for(settings)), settings


@group.command("propose")
@click.argument("answer")
@BY
@with_output
def propose_command(output: Output, answer: str, by: str) -> None:
    """Propose ANSWER (its reference) as a case; refused where somebody concerned did not agree to that use."""
    with _feedback() as (feedback, _):
        made = feedback.propose(answer, by=by)
    output.document({"proposal": made}, lambda console: console.print(f"{made} waits for two people"))


@group.command("list")
@with_output
def list_command(output: Output) -> None:
    """Show every proposal and where it stands."""
    with _feedback() as (feedback, _):
        found = feedback.all()

    def say(console: Console) -> None:
        for p in found:
            console.print(f"{p.id}: {p.answer_id}, {p.state}, judged by {len(p.said)} of 2")
        if not found:
            console.print("Nothing has been proposed.")

    output.document({"proposals": [_document(p) for p in found]}, say)


@group.command("show")
@click.argument("proposal")
@with_output
def show_command(output: Output, proposal: str) -> None:
    """Show the redacted question of PROPOSAL, for whoever judges it."""
    with _feedback() as (feedback, _):
        found, text = feedback.one(proposal), feedback.text(proposal)
    output.document(
        {**_document(found), **text},
        lambda console: console.print(
            escape(f"{text['question']}  ({text['nation'] or 'any nation'}, {text['on']})")
        ),
    )


@group.command("triage")
@click.argument("proposal")
@BY
@click.option("--accept/--reject", required=True, help="Whether it should become a case.")
@click.option("--uri", default="", help="Document that answers it; none: the guidance does not.")
@click.option("--contains", default="", help="Words of the passage that answers it.")
@click.option(
    "--outcome",
    default="not_in_guidance",
    show_default=True,
    help="What is right where the guidance does not answer it.",
)
@with_output
def triage_command(
    output: Output, proposal: str, by: str, accept: bool, uri: str, contains: str, outcome: str
) -> None:
    """Say what PROPOSAL should become; two people who say the same make it so."""
    judgement = Judgement(accept=accept, answerable=bool(uri), uri=uri, contains=contains, outcome=outcome)
    with _feedback() as (feedback, _):
        found = feedback.triage(proposal, judgement, by=by)
    output.document(_document(found), lambda console: console.print(f"{found.id}: {found.state}"))


@group.command("export")
@BY
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="Folder; by default in the data directory."
)
@with_output
def export_command(output: Output, by: str, to: Path | None) -> None:
    """Write the next version of the set of accepted cases; what was taken back is no longer in it."""
    with _feedback() as (feedback, settings):
        path, cases = feedback.export(to or settings.data_dir / "evaluations" / "feedback", by=by)
    output.document(
        {"file": str(path), "cases": cases}, lambda console: console.print(f"{cases} cases are in {path}")
    )


def _document(proposal: Proposal) -> dict[str, object]:
    """A proposal without what the first person said while the second has not: each judges without the other."""
    said = proposal.said if len(proposal.said) >= 2 else ()
    return {
        **{k: v for k, v in plain(proposal).items() if k != "said"},
        "state": proposal.state,
        "judged": len(proposal.said),
        "said": [{"by": person, **judgement.model_dump(), "time": time} for person, judgement, time in said],
    }
