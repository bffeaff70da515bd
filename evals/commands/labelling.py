"""Labels by people: ``label``, ``label-sheet``, ``label-import``, ``agreement``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from assistant.cli.output import Output, plain, with_output
from assistant.labels import (
    LABELS,
    MEANING,
    VALUES,
    Labelled,
    add,
    answer_hash,
    disagreements,
    of_these,
    read_labels,
    waiting,
)
from assistant.settings import Settings
from evals.commands.entering import enter
from evals.commands.folders import RUN
from evals.commands.saying import figure
from evals.people.labels import raters, trust
from evals.people.sheets import read_sheet, sheet
from evals.results import Result, read_results, write_whole

FOLDER = click.argument("folder", metavar="RUN", type=RUN)
RATER = click.option("--rater", required=True, help="Who labels: a pseudonym, never a name.")
MOST = click.option(
    "--most", type=click.IntRange(1), default=30, show_default=True, help="Answers to label at most."
)


@click.command("label")
@FOLDER
@RATER
@MOST
@with_output
def label_command(output: Output, folder: Path, rater: str, most: int) -> None:
    """Label answers of RUN one by one, without seeing scores, what was expected, or other labels."""
    results = read_results(folder)
    console = output.notes
    for value in VALUES:
        console.print(f"{value}: {MEANING[value]}")
    new = 0
    for result in waiting(results, read_labels(folder), rater)[:most]:
        _show(console, result)
        said = click.prompt("label (or stop)", type=click.Choice([*VALUES, "stop"]), err=True)
        if said == "stop":
            break
        new += add(folder, results, [_labelled(result, rater, said)])
    _kept(output, folder, rater, new)


@click.command("label-sheet")
@FOLDER
@RATER
@MOST
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV file to write."
)
@with_output
def sheet_command(output: Output, folder: Path, rater: str, most: int, to: Path) -> None:
    """Write a blind sheet of answers for a rater to fill in."""
    results = read_results(folder)
    rows = waiting(results, read_labels(folder), rater)[:most]
    write_whole(to, sheet(results, rows))
    output.document(
        {"sheet": str(to), "answers": len(rows)},
        lambda console: console.print(
            f"{len(rows)} answers to label are in {to}; fill the column label: {', '.join(VALUES)}"
        ),
    )


@click.command("label-import")
@FOLDER
@RATER
@click.argument("given", metavar="SHEET", type=click.Path(dir_okay=False, path_type=Path))
@with_output
def import_command(output: Output, folder: Path, rater: str, given: Path) -> None:
    """Take in SHEET as the labels of a rater; rows without a label are passed over."""
    results = read_results(folder)
    _kept(output, folder, rater, add(folder, results, read_sheet(given, results, rater)))


@click.command("agreement")
@FOLDER
@with_output
def agreement_command(output: Output, folder: Path) -> None:
    """Show how far the raters of a run agree, where they differ, and which metrics agree with them."""
    results = read_results(folder)
    labels = of_these(results, read_labels(folder))
    pairs, differ, trusted = raters(labels), disagreements(results, labels), trust(results, labels)
    document = {
        "raters": [plain(p) for p in pairs],
        "disagreements": [plain(d) for d in differ],
        "metrics": [{**plain(t), "gated": t.gated} for t in trusted],
    }

    def say(console: Console) -> None:
        for p in pairs:
            a = p.agreement
            console.print(
                f"{p.one} and {p.other}: {a.n} answers, agree on {figure(a.raw, 2)}, κ {figure(a.kappa, 2)} "
                f"({figure(a.low, 2)} to {figure(a.high, 2)})"
            )
        for d in differ:
            console.print(
                escape(f"  {d.case_id}: {d.question}  {', '.join(f'{k}: {v}' for k, v in d.said.items())}")
            )
        for t in trusted:
            word = "may be gated" if t.gated else "is not gated"
            console.print(
                f"{t.metric}: κ with people {figure(t.agreement.kappa, 2)} over {t.agreement.n}; {word}"
            )

    output.document(document, say)


def _show(console: Console, result: Result) -> None:
    console.rule()
    for earlier in result.case.before:
        console.print(escape(f"Earlier: {earlier}"))
    console.print(escape(result.case.question), style="bold")
    console.print(escape(f"({result.outcome}, {result.case.nation or 'any nation'}, {result.on})"))
    for sentence in result.sentences:
        console.print(escape(f"  {sentence.text}"))
        for citation in sentence.citations:
            console.print(escape(f"    {citation.uri}: {citation.quote}"), style="dim")


def _labelled(result: Result, rater: str, value: str) -> Labelled:
    return Labelled.model_validate(
        {"case_id": result.case.id, "answer_sha256": answer_hash(result), "rater": rater, "value": value,
         "time": dt.datetime.now(dt.UTC)}
    )  # fmt: skip


def _kept(output: Output, folder: Path, rater: str, new: int) -> None:
    labels: Sequence[Labelled] = read_labels(folder)
    if new:
        sha256 = hashlib.sha256((folder / LABELS).read_bytes()).hexdigest()
        body = {"run": folder.name, "rater": rater, "new": new, "labels_sha256": sha256}
        enter(Settings.load(), "evaluation.labelled", body, subject=folder.name, actor=rater)
    mine = sum(label.rater == rater for label in labels)
    output.document(
        {"new": new, "by_rater": mine, "labels": len(labels)},
        lambda console: console.print(f"{new} new labels; {mine} by {rater}, {len(labels)} in all"),
    )
