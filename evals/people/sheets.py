"""Why: some raters work in a spreadsheet. A sheet is as blind as the pages: an answer goes by its place in the run, since
a case's name can tell what was expected of it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from assistant.labels import VALUES, Labelled, answer_hash
from evals.results import Result
from evals.store import as_csv
from governance.errors import FileNotReadable, OptionInvalid

COLUMNS = ["number", "answer_sha256", "earlier", "question", "nation", "on", "outcome", "answer", "quotes", "label"]  # fmt: skip


def sheet(results: Sequence[Result], rows: Sequence[Result]) -> str:
    """A sheet of some rows of a run's results, to be filled in."""
    number = {r.case.id: n for n, r in enumerate(results, start=1)}
    return as_csv(
        COLUMNS,
        (
            [
                number[r.case.id], answer_hash(r), "\n".join(r.case.before), r.case.question, r.case.nation or "any",
                r.on.isoformat(), r.outcome, "\n".join(s.text for s in r.sentences),
                "\n".join(c.quote for s in r.sentences for c in s.citations), "",
            ]
            for r in rows
        ),
    )  # fmt: skip


def read_sheet(path: Path, results: Sequence[Result], rater: str) -> list[Labelled]:
    """What a rater filled in; rows without a label are passed over.

    Raises ``FileNotReadable``, or ``OptionInvalid`` with the line that is wrong.
    """
    if not path.is_file():
        raise FileNotReadable(f"{path} does not exist.", do="Write one: frontline eval label-sheet.")
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileNotReadable(f"{path} is no sheet of text.", do="Save it as CSV, in UTF-8.") from error
    return [
        _read(path, line, row, results, rater)
        for line, row in enumerate(rows, start=2)
        if (row.get("label") or "").strip()
    ]


def _read(path: Path, line: int, row: Mapping[str, str], results: Sequence[Result], rater: str) -> Labelled:
    number = row.get("number") or ""
    if not number.isdecimal() or not 1 <= int(number) <= len(results):
        raise OptionInvalid(
            f"{path.name} line {line}: {number!r} is the number of no answer of this run.",
            do="Import into the run that the sheet was written of.",
        )
    try:
        return Labelled.model_validate(
            {"case_id": results[int(number) - 1].case.id, "answer_sha256": row.get("answer_sha256"), "rater": rater,
             "value": row["label"].strip().lower(), "time": dt.datetime.now(dt.UTC)}
        )  # fmt: skip
    except ValidationError as error:
        raise OptionInvalid(
            f"{path.name} line {line}: {error.errors()[0]['msg']}.", do=f"Labels are: {', '.join(VALUES)}."
        ) from error
