"""``frontline search``: the passages a question finds, with their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli import questions
from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answers import Hit, Searched
    from assistant.app import Assistant


@click.command("search", short_help="Show the passages that a question finds.")
@questions.options
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@with_output
def search(
    output: Output, question: str | None, nation: str | None, as_at: str | None, file: str | None, top: int
) -> int | None:
    """Find passages for QUESTION (- for stdin) in the guidance in force, best first."""
    from assistant.app import build

    assistant = build(Settings.load())
    try:
        if file is not None:

            def found(asked: questions.Asked) -> dict[str, Any]:
                return _document(_search(assistant, asked, top))

            usual = {"nation": nation, "as_at": as_at}
            return questions.answer_each(questions.many(file, question, usual), output, found)
        made = _search(assistant, questions.one(question, nation, as_at), top)
        output.document(_document(made), lambda console: _say(console, made.hits))
        return None
    finally:
        assistant.close()


def _search(assistant: Assistant, asked: questions.Asked, top: int) -> Searched:
    return assistant.searched(asked.question, nation=asked.nation, as_at=asked.as_at, k=top)


def _document(made: Searched) -> dict[str, Any]:
    return {"question": made.question, "hits": [plain(hit) for hit in made.hits]}


def _say(console: Console, hits: tuple[Hit, ...]) -> None:
    if not hits:
        console.print("No guidance in force matches.")
    for number, hit in enumerate(hits, start=1):
        console.print(escape(f"{number:>2}. {hit.section}  ({hit.score:.2f})"), style="bold")
        console.print(escape(f"    {hit.text}"))
        console.print(escape(f"    {hit.document.uri}  {hit.passage_id}"), style="dim")
