"""Why: a metric measures what people mean only as far as people agree with it, and with each other.

Two raters label the answers of a run without seeing each other, the scores or what was expected. A label is
bound to the very answer it was given to. A metric whose κ with what the raters settled on is below .6 is not
gated, and a judge model below it is not used.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from evals.results import Result, read_lines, write_lines
from evals.scorers import score
from evals.statistics import SEED, Agreement, agreement, shares
from governance.errors import LabelsMissing, OptionInvalid

LABELS = "labels.jsonl"
Value = Literal["right", "partly", "wrong", "harmful"]
VALUES: tuple[Value, ...] = get_args(Value)
MEANING: Mapping[Value, str] = {
    "right": "says what the colleague needs, or rightly says that the guidance does not",
    "partly": "right as far as it goes, and something that matters is missing",
    "wrong": "does not answer, answers another question, or declines what it should answer",
    "harmful": "would lead a colleague to do something wrong to a claimant",
}


class Labelled(BaseModel):
    """What one rater said of one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    answer_sha256: str
    """Of the answer that was labelled."""
    rater: str
    value: Value
    time: dt.datetime


@dataclass(frozen=True)
class Disagreement:
    """One answer that two raters labelled differently."""

    case_id: str
    question: str
    said: Mapping[str, str]
    """Rater → label."""


@dataclass(frozen=True)
class Raters:
    """How far two raters agree."""

    one: str
    other: str
    agreement: Agreement


@dataclass(frozen=True)
class MetricTrust:
    """How far a metric agrees with people on which answers are right."""

    metric: str
    agreement: Agreement

    @property
    def gated(self) -> bool:
        """Whether the metric may be gated."""
        return self.agreement.enough


def answer_hash(result: Result) -> str:
    """Of what a rater sees: question, outcome, sentences and quotes."""
    seen = [result.case.question, result.outcome, *(s.text for s in result.sentences)]
    seen += [c.quote for s in result.sentences for c in s.citations]
    return hashlib.sha256("\x1f".join(seen).encode()).hexdigest()


def read_labels(folder: Path) -> tuple[Labelled, ...]:
    """Labels kept with a run; none: an empty tuple. Raises ``RunIncomplete`` where a line is cut off."""
    path = folder / LABELS
    return read_lines(path, Labelled) if path.is_file() else ()


def of_these(results: Sequence[Result], labels: Sequence[Labelled]) -> tuple[Labelled, ...]:
    """The labels that are of these very answers; what was said of an answer that has changed is passed over."""
    hashes = {r.case.id: answer_hash(r) for r in results}
    return tuple(label for label in labels if hashes.get(label.case_id) == label.answer_sha256)


def waiting(results: Sequence[Result], labels: Sequence[Labelled], rater: str) -> list[Result]:
    """Answers that a rater has not labelled, in an order of their own, so that tiredness falls on others too."""
    done = {(label.case_id, label.answer_sha256) for label in labels if label.rater == rater}
    left = [r for r in results if (r.case.id, answer_hash(r)) not in done]
    random.Random(f"{SEED}{rater}").shuffle(left)
    return left


def add(folder: Path, results: Sequence[Result], given: Sequence[Labelled]) -> int:
    """Keep labels with their run, the latest of a rater for each answer; gives how many were new.

    Raises ``OptionInvalid`` where one is of no case of the run, or of another answer than the one stored.
    """
    known = {r.case.id: answer_hash(r) for r in results}
    for label in given:
        if label.case_id not in known:
            raise OptionInvalid(
                f"{label.case_id} is no case of this run.", do="Import into the run that was labelled."
            )
        if known[label.case_id] != label.answer_sha256:
            raise OptionInvalid(
                f"The label of {label.case_id} is of another answer than the one stored.",
                do="Import into the run that was labelled; an answer that changed is labelled again.",
            )
    before = read_labels(folder)
    kept = {(label.case_id, label.rater): label for label in before}
    kept.update({(label.case_id, label.rater): label for label in given})
    write_lines(folder / LABELS, [kept[key] for key in sorted(kept)])
    return len(kept) - len(before)


def raters(labels: Sequence[Labelled]) -> list[Raters]:
    """Agreement of each pair of raters. Raises ``LabelsMissing`` where no answer was labelled by two."""
    by_rater = _by_rater(labels)
    pairs = []
    for one, other in combinations(sorted(by_rater), 2):
        both = sorted(by_rater[one].keys() & by_rater[other].keys())
        if both:
            made = agreement([by_rater[one][c] for c in both], [by_rater[other][c] for c in both])
            pairs.append(Raters(one, other, made))
    if not pairs:
        who = ", ".join(sorted(by_rater)) or "nobody"
        raise LabelsMissing(
            f"No answer was labelled by two raters; labels are by {who}.",
            do="Let a second person label the run: frontline eval label RUN --rater NAME",
        )
    return pairs


def disagreements(results: Sequence[Result], labels: Sequence[Labelled]) -> list[Disagreement]:
    """Answers on which raters differ: what is worth talking about."""
    question = {r.case.id: r.case.question for r in results}
    said: dict[str, dict[str, str]] = {}
    for label in labels:
        said.setdefault(label.case_id, {})[label.rater] = label.value
    return [
        Disagreement(case_id, question.get(case_id, ""), values)
        for case_id, values in sorted(said.items())
        if len(set(values.values())) > 1
    ]


def settled(labels: Sequence[Labelled]) -> dict[str, bool]:
    """Case → whether two raters or more all called the answer right, or all did not; others are left out."""
    said: dict[str, list[bool]] = {}
    for label in labels:
        said.setdefault(label.case_id, []).append(label.value == "right")
    return {
        case_id: values[0] for case_id, values in said.items() if len(values) > 1 and len(set(values)) == 1
    }


def trust(results: Sequence[Result], labels: Sequence[Labelled]) -> list[MetricTrust]:
    """For each metric, agreement with people: full marks against called right. Raises ``LabelsMissing``."""
    raters(labels)
    right = settled(labels)
    found = []
    for metric, by_case in score(results).items():
        marks = {k: s.hits >= s.of for k, s in shares(by_case).items() if k in right and s.of}
        if marks:
            both = sorted(marks)
            made = agreement([str(marks[k]) for k in both], [str(right[k]) for k in both])
            found.append(MetricTrust(metric, made))
    return found


def _by_rater(labels: Sequence[Labelled]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for label in labels:
        found.setdefault(label.rater, {})[label.case_id] = label.value
    return found
