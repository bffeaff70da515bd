"""``frontline ask``: a question in, a cited and recorded answer out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.cli import questions
from assistant.cli.output import Output, plain, with_output
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.app import Assistant


@click.command("ask", short_help="Ask a question; every sentence of the answer is a quote.")
@questions.options
@click.option("--explain", is_flag=True, help="Show every candidate passage and every check.")
@click.option("--citizen", metavar="CODE", help="Whom the question is about, by the code on their receipt.")
@click.option("--conversation", metavar="NAME", help="Which conversation it belongs to.")
@with_output
def ask(
    output: Output,
    question: str | None,
    nation: str | None,
    as_at: str | None,
    file: str | None,
    explain: bool,
    citizen: str | None,
    conversation: str | None,
) -> int | None:
    """Answer QUESTION (- for stdin) from the guidance in force, or say that the guidance does not say."""
    from assistant.app import build

    assistant = build(Settings.load())
    try:
        if file is not None:

            def answer(asked: questions.Asked) -> dict[str, Any]:
                return _document(assistant, _ask(assistant, asked), explain)

            usual = {
                "nation": nation, "as_at": as_at, "citizen": citizen, "conversation": conversation,
            }  # fmt: skip
            given_lines = questions.many(file, question, usual, questions.ASKED_FIELDS)
            return questions.answer_each(given_lines, output, answer)
        asked = replace(questions.one(question, nation, as_at), citizen=citizen, conversation=conversation)
        given = _ask(assistant, asked)
        output.document(
            _document(assistant, given, explain), lambda console: _say(console, assistant, given, explain)
        )
        return None
    finally:
        assistant.close()


def _ask(assistant: Assistant, asked: questions.Asked) -> Answer:
    return assistant.ask(
        asked.question,
        nation=asked.nation,
        as_at=asked.as_at,
        conversation=asked.conversation,
        citizen=asked.citizen,
    )


def _document(assistant: Assistant, answer: Answer, explain: bool) -> dict[str, Any]:
    document: dict[str, Any] = plain(answer)
    if explain:
        document["explained"] = plain(assistant.explanation(answer.id))
    return document


def _say(console: Console, assistant: Assistant, answer: Answer, explain: bool) -> None:
    from assistant.outcomes import outcomes

    console.print(f"[bold]{outcomes()[answer.outcome].label}[/bold]", end="\n\n")
    if answer.rewritten:
        console.print(escape(f"Read as: {answer.rewritten}\n"))
    numbers: dict[str, int] = {}
    for sentence in answer.sentences:
        marks = "".join(f"[{numbers.setdefault(c.passage_id, len(numbers) + 1)}]" for c in sentence.citations)
        console.print(f"{escape(sentence.text)} {escape(marks)}")
    shown = {c.passage_id: c for s in answer.sentences for c in s.citations}
    if shown:
        console.print("\nSources")
    for passage_id, number in numbers.items():
        c = shown[passage_id]
        since = f", in force from {c.document.valid_from}" if c.document.valid_from else ""
        nations = ", ".join(n.replace("_", " ").title() for n in c.document.nations)
        console.print(
            escape(f"  [{number}] {c.section or c.document.title} ({nations}{since}) {c.document.uri}")
        )
    for part in answer.uncovered:
        console.print(escape(f"\nNot covered by the guidance found: {part}"))
    for caution in answer.cautions:
        console.print(escape(f"\nNote: {caution}"))
    for hit in answer.found:
        console.print(escape(f"{hit.section}  {hit.document.uri}"), style="dim")
        console.print(escape(f"{hit.text}\n"))
    if answer.suggestions:
        console.print("\nYou could ask:")
    for suggestion in answer.suggestions:
        console.print(escape(f"  {suggestion}"))
    console.print(escape(f"\n{answer.explanation}"), style="dim")
    if answer.next_step:
        console.print(escape(answer.next_step), style="dim")
    console.print(f"Reference {answer.id}, recorded as ledger entry {answer.entry_index}", style="dim")
    if explain:
        _explain(console, assistant, answer)


def _explain(console: Console, assistant: Assistant, answer: Answer) -> None:
    """Every candidate and every check, in tables; the whole record is in ``--json``."""
    from governance.explaining import plain as in_words

    explanation = assistant.explanation(answer.id)
    console.print("\n[bold]Explanation[/bold]")
    for heading, paragraphs in in_words(explanation):
        console.print(escape(f"\n{heading}"), style="bold")
        for paragraph in paragraphs:
            console.print(escape(f"  {paragraph}"))
    candidates = Table("rank", "used", "score", "meaning", "words", "passage", "why", title="Candidates")
    for c in explanation.retrieval.candidates:
        candidates.add_row(
            str(c.rank), "yes" if c.used else "no", f"{c.score:.2f}", _score(c.dense), _score(c.lexical),
            escape(c.section), escape(c.reason),
        )  # fmt: skip
    checks = Table("sentence", "check", "passed", "evidence", title="Checks")
    for check in explanation.checks:
        checks.add_row(
            str(check.sentence + 1), check.name, "yes" if check.passed else "no", escape(check.evidence)
        )
    held = Table("check", "sentence", "why", title="Held back")
    for dropped in explanation.dropped:
        held.add_row(dropped.check, escape(dropped.text), escape(dropped.reason))
    for table in (candidates, checks, held):
        if table.row_count:
            console.print()
            console.print(table)


def _score(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}"
