"""Why: a model that judges answers is one more rater, and is believed only as far as it has been shown to agree.

Nothing is judged by a model until its κ with what people settled on, over answers that they labelled, has
reached .6, measured with this very model and this very instruction; the figure is kept beside the labels.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.people.labels import Labelled, settled
from evals.results import Result, write_whole
from evals.statistics import agreement
from evals.statistics.agreement import ENOUGH
from governance.errors import LabelsMissing, NotPermitted

RECORD = "judge.json"
LEAST = 30
"""Answers labelled by people below which κ says too little."""
Ask = Callable[[str], str]
"""A model: an instruction in, its reply out."""


class Shown(BaseModel):
    """How far a judge agreed with people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    instruction_sha256: str
    n: int
    kappa: float | None
    low: float | None
    high: float | None
    unread: int
    """Replies that were neither yes nor no; each counts as a disagreement."""


def instruction() -> str:
    """The instruction, with {question}, {answer} and {quotes} to fill."""
    return files("evals.people").joinpath("judge.md").read_text("utf-8")


def ask_judge(ask: Ask, result: Result) -> bool | None:
    """Whether the model calls an answer right; None where its reply cannot be read."""
    filled = (
        instruction()
        .replace("{question}", result.case.question)
        .replace("{answer}", "\n".join(s.text for s in result.sentences) or "(The guidance does not say.)")
        .replace("{quotes}", "\n".join(c.quote for s in result.sentences for c in s.citations) or "(none)")
    )
    found = re.search(r"\b(yes|no)\b", ask(filled).lower())
    return None if found is None else found[1] == "yes"


def show(ask: Ask, model: str, results: Sequence[Result], labels: Sequence[Labelled], folder: Path) -> Shown:
    """Measure a judge against people and keep the figure. Raises ``LabelsMissing`` where they are too few."""
    right = settled(labels)
    labelled = [r for r in results if r.case.id in right]
    if len(labelled) < LEAST:
        raise LabelsMissing(
            f"Two raters agree on {len(labelled)} answers of this run; a judge is measured on at least {LEAST}.",
            do="Label more answers, by two raters.",
        )
    said = [ask_judge(ask, r) for r in labelled]
    people = [right[r.case.id] for r in labelled]
    # An unreadable reply is taken for the opposite of what people said: a judge gains nothing by silence.
    made = agreement(
        [str(not p if s is None else s) for s, p in zip(said, people, strict=True)], list(map(str, people))
    )
    shown = Shown(
        model=model, instruction_sha256=_sha256(), n=made.n, kappa=made.kappa, low=made.low, high=made.high,
        unread=sum(s is None for s in said),
    )  # fmt: skip
    write_whole(folder / RECORD, shown.model_dump_json(indent=2) + "\n")
    return shown


def judged(ask: Ask, model: str, results: Sequence[Result], folder: Path) -> dict[str, float]:
    """Case → 1 where the judge calls the answer right. Raises ``NotPermitted`` unless its agreement was shown."""
    path = folder / RECORD
    shown = Shown.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None
    if shown is None or (shown.model, shown.instruction_sha256) != (model, _sha256()):
        raise NotPermitted(
            f"The judge {model} has not been measured against people with this instruction.",
            do="Measure it first, on answers that two raters labelled.",
        )
    if shown.kappa is None or shown.kappa < ENOUGH:
        raise NotPermitted(
            f"The judge {model} agrees with people by κ = {shown.kappa}; at least {ENOUGH} is wanted.",
            do="Use another model, or people.",
        )
    found = {r.case.id: ask_judge(ask, r) for r in results}
    return {case_id: float(value) for case_id, value in found.items() if value is not None}


def _sha256() -> str:
    return hashlib.sha256(instruction().encode()).hexdigest()
