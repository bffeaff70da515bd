"""Why: ``ask`` and ``search`` read the same input, one question on the command line or many in a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from assistant.cli.output import Output
from governance.errors import FileNotReadable, FrontlineError, OptionInvalid

FIELDS = ("question", "nation", "as_at")
"""What a line of a file may say of a question that is searched for."""
ASKED_FIELDS = (*FIELDS, "conversation", "citizen")
"""What a line may say of a question that is asked."""
_ALSO_SAID = frozenset({"date", "day", "on", "as_of", "as-of", "as at", "country", *ASKED_FIELDS})
"""What others call such a field; and what may be said of a question that is asked, where it is only searched for."""
ALIKE = 0.7
"""Likeness (difflib) from which one name is taken for a slip of another: "natoin", "asat"."""


@dataclass(frozen=True)
class Asked:
    """One question as it was given."""

    question: str
    nation: str | None = None
    as_at: str | None = None
    conversation: str | None = None
    citizen: str | None = None


Usual = Mapping[str, str | None]
"""What the command line says of every question of a file, for the lines that do not say it themselves."""


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say about where and when a question is asked."""
    for option in (
        click.option("--jsonl", "file", metavar="FILE", help="Questions from a file (- for stdin), one a line: plain "
                     "words, or a JSON object with question, nation, as_at; one document a line out, in order."),
        click.option("--as-at", metavar="DATE", help="Answer from what was in force on this day (YYYY-MM-DD)."),
        click.option("--nation", metavar="NATION", help="england, scotland, wales or northern_ireland."),
        click.argument("question", required=False),
    ):  # fmt: skip
        command = option(command)
    return command


def one(question: str | None, nation: str | None, as_at: str | None) -> Asked:
    """The question on the command line; ``-`` reads it from stdin."""
    if question is None:
        raise OptionInvalid(
            "No question was given.", do='Give one: frontline ask "…", or a file with --jsonl FILE.'
        )
    text = sys.stdin.read() if question == "-" else question
    return Asked(text, nation, as_at)


def many(
    file: str, question: str | None, usual: Usual, fields: Sequence[str] = FIELDS
) -> Iterator[Asked | OptionInvalid]:
    """Each line of a file as a question, or as the error that names the line. Empty lines are passed over.

    Raises ``OptionInvalid`` where a question is given beside the file: one of the two would be passed over unsaid.
    """
    if question is not None:
        raise OptionInvalid(
            "A question and a file of questions were given.",
            do="Give one of them: the question, or --jsonl FILE.",
        )
    return _each(file, usual, fields)


def _each(file: str, usual: Usual, fields: Sequence[str]) -> Iterator[Asked | OptionInvalid]:
    for number, line in enumerate(_lines(file), start=1):
        if line.strip():
            try:
                yield _asked(line, number, usual, fields)
            except OptionInvalid as error:
                yield error


def answer_each(
    asked: Iterator[Asked | OptionInvalid], output: Output, answer: Callable[[Asked], Mapping[str, Any]]
) -> int:
    """One document a line out, in order; a line that fails becomes an error document and the rest go on."""
    status = 0
    for item in asked:
        try:
            if isinstance(item, OptionInvalid):
                raise item
            output.line(answer(item))
        except FrontlineError as error:
            status = max(status, error.exit_code)
            output.line({"error": error.as_dict()})
    return status


def _lines(file: str) -> Iterator[str]:
    """The lines of a file, without the mark of order that some editors begin one with."""
    if file == "-":
        yield from sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            yield from lines
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotReadable(
            f"{file} cannot be read: {error}.", do="Give a UTF-8 file, one question a line."
        ) from error


def _asked(line: str, number: int, usual: Usual, fields: Sequence[str]) -> Asked:
    given = _value(line.strip(), number)
    if isinstance(given, str):
        given = {"question": given}
    if not isinstance(given, dict) or not isinstance(given.get("question"), str):
        raise OptionInvalid(f'Line {number} has no "question".', do='Write {"question": "…"} on each line.')
    meant = [name for name in given if name not in fields and _means(name, fields)]
    if meant:
        raise OptionInvalid(
            f"Line {number}: there is no field {', '.join(json.dumps(n, ensure_ascii=False) for n in meant)}.",
            do=f"Use {', '.join(fields[:-1])} and {fields[-1]}; only question has to be there.",
        )
    wrong = [name for name in fields if given.get(name) is not None and not isinstance(given[name], str)]
    if wrong:
        raise OptionInvalid(f"Line {number}: {', '.join(wrong)} must be text.", do="Mend the line.")
    values = {name: given.get(name) or usual.get(name) for name in fields if name != "question"}
    return Asked(given["question"], **values)


def _means(name: str, fields: Sequence[str]) -> bool:
    """Whether a field that is not known was meant for one that is: it would change the answer, and be passed over unsaid.

    Others, such as an id or a label of a suite, are of no concern here.
    """
    return name.lower() in _ALSO_SAID or bool(get_close_matches(name.lower(), fields, n=1, cutoff=ALIKE))


def _value(line: str, number: int) -> object:
    """A line as JSON where it is JSON; a line of plain words is a question as it stands."""
    try:
        return json.loads(line)
    except ValueError as error:
        if not line.startswith(("{", "[")):
            return line
        raise OptionInvalid(
            f"Line {number} is not JSON: {error}.", do="Write one JSON value a line."
        ) from error
