"""``frontline review``: contest an answer, see what waits for an expert, rule, and make notes of rulings."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape

from assistant.answers import OPERATOR, Person, Role
from assistant.cli.output import Output, plain, with_output
from assistant.plural import plural
from assistant.review.words import Decision, Kind, Review
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.app import Assistant

_person = click.option(
    "--as", "person", default=OPERATOR.id, show_default=True, help="Pseudonym of whoever says it."
)


@click.group("review", short_help="Contest answers, see what waits for an expert, and rule.")
def group() -> None:
    """Doubts about answers, colleagues' views of them, and experts' rulings. All of it is in the ledger."""


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="Show those that were ruled on too.")
@with_output
def list_command(output: Output, everything: bool) -> None:
    """Show what waits for an expert: held answers first, then the oldest."""
    with _assistant() as assistant:
        reviews = assistant.reviews.all() if everything else assistant.reviews.queue()

    def say(console: Console) -> None:
        for review in reviews:
            state = "open" if review.open else "ruled on"
            console.print(
                escape(f"{review.id:>6}  {review.at:%Y-%m-%d}  {review.kind}, {state}  {review.why}")
            )
        console.print(plural(len(reviews), "review"))

    output.document({"reviews": [plain(review) for review in reviews]}, say)


@group.command("show")
@click.argument("review")
@with_output
def show(output: Output, review: str) -> None:
    """Show one review: the answer, the doubt, what colleagues think, the ruling."""
    with _assistant() as assistant:
        found = assistant.reviews.one(review)
        answer = assistant.answer(found.answer_id)

    def say(console: Console) -> None:
        console.print(escape(f"{answer.question}\n"), style="bold")
        for number, sentence in enumerate(answer.sentences):
            mark = ">" if number in found.sentences or not found.sentences else " "
            console.print(escape(f"{mark} {number + 1}. {sentence.text}"))
        _say(console, found)

    output.document({"review": plain(found), "answer": plain(answer)}, say)


@group.command("contest")
@click.argument("answer", metavar="ANSWER-REFERENCE")
@click.option("--why", required=True, help="What is wrong. Personal details are taken out.")
@click.option("--sentence", "sentences", multiple=True, type=click.IntRange(1), help="Only this one, from 1.")
@click.option("--ask", is_flag=True, help="Ask an expert, rather than say that it is wrong.")
@_person
@with_output
def contest(
    output: Output, answer: str, why: str, sentences: tuple[int, ...], ask: bool, person: str
) -> None:
    """Say that an answer is wrong, or ask an expert about it."""
    with _assistant() as assistant:
        opened = assistant.reviews.contest(
            answer,
            why,
            by=Person(person),
            sentences=[number - 1 for number in sentences],
            kind=Kind.ASKED if ask else Kind.CONTESTED,
        )
    output.document({"review": plain(opened)}, lambda console: _say(console, opened))


@group.command("view")
@click.argument("review")
@click.argument("text")
@click.option("--agree/--disagree", "agrees", required=True, help="Whether you share the doubt.")
@_person
@with_output
def view(output: Output, review: str, text: str, agrees: bool, person: str) -> None:
    """Add what you think of a doubt that waits for an expert."""
    with _assistant() as assistant:
        found = assistant.reviews.view(review, text, agrees=agrees, by=Person(person))
    output.document({"review": plain(found)}, lambda console: _say(console, found))


@group.command("rule")
@click.argument("review")
@click.option(
    "--decision",
    required=True,
    type=click.Choice([decision.value for decision in Decision]),
    help="What becomes of the answer.",
)
@click.option("--reason", required=True, help="Why. Kept with the ruling.")
@click.option("--wording", default="", help="What the next colleague is told, as a note.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the wording.")
@click.option("--as", "person", required=True, help="Pseudonym of the expert.")
@with_output
def rule(
    output: Output,
    review: str,
    decision: str,
    reason: str,
    wording: str,
    until: dt.datetime | None,
    person: str,
) -> None:
    """Decide a review. A wording becomes a note that is found by the next question."""
    with _assistant() as assistant:
        ruled = assistant.reviews.rule(
            review,
            Decision(decision),
            by=Person(person, Role.EXPERT),
            reason=reason,
            answer_sha256=assistant.reviews.one(review).answer_sha256,
            wording=wording,
            valid_to=until.date() if until else None,
        )
        if wording:
            assistant.publish_notes()
    output.document({"review": plain(ruled)}, lambda console: _say(console, ruled))


@group.command("notes")
@with_output
def notes(output: Output) -> None:
    """Bring the notes in the index to what the rulings say."""
    with _assistant() as assistant:
        report = assistant.publish_notes()
    output.document(
        plain(report),
        lambda console: console.print(
            f"{report.added} notes added, {report.changed} changed, {report.removed} removed"
        ),
    )


def _say(console: Console, review: Review) -> None:
    console.print(
        escape(f"\n{review.id}: {review.kind} by {review.by} on {review.at:%Y-%m-%d}: {review.why}")
    )
    for seen in review.views:
        console.print(escape(f"  {seen.by} {'agrees' if seen.agrees else 'disagrees'}: {seen.text}"))
    if review.ruling:
        ruling = review.ruling
        console.print(escape(f"{ruling.decision} by {ruling.by} on {ruling.at:%Y-%m-%d}: {ruling.reason}"))
        if ruling.wording:
            console.print(escape(f"Until {ruling.valid_to}, as a note: {ruling.wording}"))
    else:
        console.print("It waits for an expert.")


@contextlib.contextmanager
def _assistant() -> Iterator[Assistant]:
    from assistant.app import build

    assistant = build(Settings.load())
    try:
        yield assistant
    finally:
        assistant.close()
