"""Why: how far a judge model agrees with people is measured before it is used, and is kept where the use is.

The yardstick is what two people settled on without seeing each other. Where they hardly agree with each other there is
none. A judge that calls everything right agrees by chance alone, κ 0, however many answers are right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.labels import Labelled, answer_hash, of_these, settled
from evals.people.judging import Verdict, read_verdicts, scores
from evals.people.labels import raters
from evals.results import Result, write_whole
from evals.statistics import agreement
from evals.statistics.agreement import ENOUGH
from governance.errors import JudgeNotShown, LabelsMissing, RunIncomplete

RECORD = "judge.json"
LEAST = 30
"""Answers that two people settled on below which κ says too little: its interval is then wider than ± .3."""


class Shown(BaseModel):
    """How far a judge agreed with people, and where that was measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    """The run whose answers were labelled."""
    model: str
    responding: tuple[str, ...]
    """As its server named it: another model under the same name is another judge."""
    prompt_sha256: str
    labelled: int
    """Answers that two people labelled."""
    n: int
    """Of these, those on which they settled."""
    people: float | None
    """Least κ between two of the people."""
    kappa: float | None
    """Of the judge with what people settled on: right, or not."""
    low: float | None
    high: float | None
    right_by_people: float
    right_by_judge: float
    unread: int
    """Replies that could not be read; each counts as a disagreement."""

    @property
    def lacks(self) -> str:
        """Why it may not be used; empty: it may."""
        if self.people is None or self.people < ENOUGH:
            return f"the people agree with each other by κ {_said(self.people)}, below {ENOUGH}: they are no yardstick"
        if self.low is None or self.low < ENOUGH:
            return f"the lower end of its κ with people must reach {ENOUGH}"
        return ""

    def __str__(self) -> str:
        return (
            f"The judge {self.model} agrees with people by κ {_said(self.kappa)} ({_said(self.low)} to {_said(self.high)}) "
            f"over {self.n} answers; it calls {self.right_by_judge:.0%} right, people {self.right_by_people:.0%}"
        )


@dataclass(frozen=True)
class Judged:
    """What a judge adds to the scores of a run: nothing, unless it was shown to agree."""

    scores: Mapping[str, float]
    notes: tuple[str, ...] = ()


NOBODY = Judged({})


def to_judge(results: Sequence[Result], labels: Sequence[Labelled]) -> list[Result]:
    """The answers that a judge is measured on: those that two people settled on.

    Raises ``LabelsMissing`` where labels are by one rater only, or settle too few.
    """
    current = of_these(results, labels)
    raters(current)
    right = settled(current)
    found = [r for r in results if r.case.id in right]
    if len(found) < LEAST:
        raise LabelsMissing(
            f"Two people settled on {len(found)} answers of this run; a judge is measured on at least {LEAST}.",
            do="Label more answers, by two people: frontline eval label RUN --rater NAME",
        )
    return found


def measure(
    run: str, results: Sequence[Result], labels: Sequence[Labelled], verdicts: Mapping[str, Verdict]
) -> Shown:
    """How far verdicts agree with people. Raises ``LabelsMissing``."""
    current = of_these(results, labels)
    right = settled(current)
    cases = [r.case.id for r in to_judge(results, labels)]
    pairs = [pair.agreement for pair in raters(current)]
    people = [right[c] for c in cases]
    # An unreadable reply is taken for the opposite of what people said: a judge gains nothing by silence.
    said = [
        not p if (v := verdicts[c].value) is None else v == "right"
        for c, p in zip(cases, people, strict=True)
    ]
    made = agreement(list(map(str, said)), list(map(str, people)))
    kappas = [a.kappa for a in pairs]
    return Shown(
        run=run, model=verdicts[cases[0]].model, responding=tuple(sorted({verdicts[c].responding for c in cases})),
        prompt_sha256=verdicts[cases[0]].prompt_sha256, labelled=_by_two(current), n=made.n,
        people=None if None in kappas else min(k for k in kappas if k is not None),
        kappa=made.kappa, low=made.low, high=made.high, right_by_people=sum(people) / len(people),
        right_by_judge=sum(said) / len(said), unread=sum(verdicts[c].value is None for c in cases),
    )  # fmt: skip


def keep(folder: Path, shown: Shown) -> None:
    """Write how far a judge agreed into the folder of a run it is used, or refused, on."""
    write_whole(folder / RECORD, shown.model_dump_json(indent=2) + "\n")


def read_shown(folder: Path) -> Shown | None:
    """How far a run's judge agreed; None where there is none. Raises ``RunIncomplete`` where that is damaged."""
    path = folder / RECORD
    try:
        return Shown.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None
    except ValueError as error:
        raise RunIncomplete(
            f"{path} cannot be read.", do="Ask the judge again: frontline eval judge RUN"
        ) from error


def require(shown: Shown | None, model: str, prompt_sha256: str) -> Shown:
    """The measurement that lets this judge be used. Raises ``JudgeNotShown`` where there is none, or too little."""
    if shown is None or (shown.model, shown.prompt_sha256) != (model, prompt_sha256):
        raise JudgeNotShown(
            f"The judge {model} has not been measured against people with this prompt.",
            do="Measure it on a run that two people labelled: frontline eval judge RUN",
        )
    if shown.lacks:
        raise JudgeNotShown(
            f"{shown}. It is not used: {shown.lacks}.", do="Use another model, more labels, or people."
        )
    return shown


def judged(folder: Path, results: Sequence[Result]) -> Judged:
    """What the judge of a run adds to its scores. A judge that may not be used adds a note, and nothing else."""
    shown = read_shown(folder)
    if shown is None:
        return NOBODY
    if shown.lacks:
        return Judged({}, (f"{shown}. It is not used: {shown.lacks}.",))
    hashes = {r.case.id: answer_hash(r) for r in results}
    mine = {
        v.case_id: v for v in read_verdicts(folder)
        if hashes.get(v.case_id) == v.answer_sha256 and _is(shown, v)
    }  # fmt: skip
    return Judged(scores(mine), (f"{shown}.",))


def _is(shown: Shown, verdict: Verdict) -> bool:
    return (verdict.model, verdict.prompt_sha256) == (shown.model, shown.prompt_sha256) and (
        verdict.responding in shown.responding
    )


def _by_two(labels: Sequence[Labelled]) -> int:
    by_case: dict[str, set[str]] = {}
    for label in labels:
        by_case.setdefault(label.case_id, set()).add(label.rater)
    return sum(len(who) > 1 for who in by_case.values())


def _said(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
