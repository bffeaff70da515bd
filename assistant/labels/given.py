"""Why: a label says what one person thought of one answer, and nothing afterwards may make it say another thing."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar, get_args

from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from assistant.labels.answers import ToLabel, answer_hash
from assistant.rows import read_lines, write_lines
from governance.errors import OptionInvalid

LABELS = "labels.jsonl"
ORDER = 20260401
"""Seed of the order in which answers are labelled; kept, so that a rater who goes on is where they were."""
BLOCK = 30
"""Answers that every rater labels before any goes on to others: as many as a judge is measured on at least."""
Value = Literal["right", "partly", "wrong", "harmful"]
VALUES: tuple[Value, ...] = get_args(Value)
MEANING: Mapping[Value, str] = {
    "right": "says what the colleague needs, or rightly says that the guidance does not",
    "partly": "right as far as it goes, and something that matters is missing",
    "wrong": "does not answer, answers another question, or declines what it should answer",
    "harmful": "would lead a colleague to do something wrong to a claimant",
}
Answer = TypeVar("Answer", bound=ToLabel)


class Labelled(BaseModel):
    """What one rater said of one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    answer_sha256: str
    """Of the answer that was labelled."""
    rater: str
    value: Value
    time: dt.datetime


def read_labels(folder: Path) -> tuple[Labelled, ...]:
    """Labels kept with a run; none: an empty tuple. Raises ``RunIncomplete`` where a line is cut off."""
    path = folder / LABELS
    return read_lines(path, Labelled) if path.is_file() else ()


def of_these(answers: Sequence[ToLabel], labels: Sequence[Labelled]) -> tuple[Labelled, ...]:
    """The labels that are of these very answers; what was said of an answer that has changed is passed over."""
    hashes = {a.case.id: answer_hash(a) for a in answers}
    return tuple(label for label in labels if hashes.get(label.case_id) == label.answer_sha256)


def in_order(answers: Sequence[Answer], rater: str) -> list[Answer]:
    """Answers in a rater's own order, so that each rater's tiredness falls on others.

    All raters are given the same answers block by block, drawn at random, and each shuffles the block: two people who
    label thirty of three hundred have labelled the same thirty.
    """
    drawn = list(answers)
    random.Random(ORDER).shuffle(drawn)
    order: list[Answer] = []
    for at in range(0, len(drawn), BLOCK):
        block = drawn[at : at + BLOCK]
        random.Random(f"{ORDER}{rater}{at}").shuffle(block)
        order += block
    return order


def waiting(answers: Sequence[Answer], labels: Sequence[Labelled], rater: str) -> list[Answer]:
    """Answers that a rater has not labelled, in their own order."""
    done = {(label.case_id, label.answer_sha256) for label in labels if label.rater == rater}
    return [a for a in in_order(answers, rater) if (a.case.id, answer_hash(a)) not in done]


def add(folder: Path, answers: Sequence[ToLabel], given: Sequence[Labelled]) -> int:
    """Keep labels with their run, the latest of a rater for each answer; gives how many were new.

    Two raters may do so at one moment. Raises ``OptionInvalid`` where a label is of no case of the run, or of another
    answer than the one stored.
    """
    known = {a.case.id: answer_hash(a) for a in answers}
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
    with FileLock(folder / f"{LABELS}.lock"):
        before = read_labels(folder)
        kept = {(label.case_id, label.rater): label for label in before}
        kept.update({(label.case_id, label.rater): label for label in given})
        write_lines(folder / LABELS, [kept[key] for key in sorted(kept)])
    return len(kept) - len(before)
