"""Why: answers are stored once and scored as often as anyone likes, without a model or a network."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.cases import Case
from governance.errors import CaseInvalid


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quoted(_Frozen):
    """One citation as it was released, with what is needed to check it again."""

    passage_id: str
    uri: str
    quote: str
    verbatim: bool
    """The quote stands in the stored passage at its span."""
    nations: tuple[str, ...]
    in_force: bool
    """The cited version was in force on the date asked about, by the catalogue and not by the answer."""


class Said(_Frozen):
    """One released sentence."""

    text: str
    citations: tuple[Quoted, ...]


class Result(_Frozen):
    """What the product did with one case. Holds no time and no random id, so equal runs are equal bytes."""

    case: Case
    on: dt.date
    outcome: str
    sentences: tuple[Said, ...]
    uncovered: tuple[str, ...]
    retrieved: tuple[str, ...]
    """Passage ids, best first; empty for a case without gold, of which no search is scored."""
    relevant: tuple[tuple[str, ...], ...]
    """For each gold passage of the case, the ids that match it in this snapshot: any one of them is right."""
    gold_cited: tuple[bool, ...]
    """For each gold passage of the case: was it cited?"""
    kept: tuple[str, ...] = ()
    """The case's personal details that stand in the ledger's record of the answer; there should be none."""
    snapshot: str
    """Root hash of the snapshot."""


class Latency(_Frozen):
    """How long one case took; kept beside the results, never in them."""

    case_id: str
    milliseconds: float
    stages: dict[str, float]


def write_lines(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write rows as JSON Lines, whole or not at all."""
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text("".join(row.model_dump_json() + "\n" for row in rows), encoding="utf-8")
    partial.replace(path)


def read_results(folder: Path) -> tuple[Result, ...]:
    """The stored results of a run. Raises ``CaseInvalid`` where there are none or a line is cut off."""
    path = folder / "results.jsonl"
    if not path.is_file():
        raise CaseInvalid(f"{folder} holds no results.jsonl.", do="Run `frontline eval generate` first.")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(Result.model_validate(json.loads(line)))
        except ValueError as error:
            raise CaseInvalid(
                f"{path} line {number} is not a result: {error}.", do="Generate the run again."
            ) from error
    return tuple(rows)
