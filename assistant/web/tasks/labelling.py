"""What raters say of an evaluation's answers is kept, and that it was said is recorded."""

from __future__ import annotations

import datetime as dt
import hashlib

from assistant.answers import Role
from assistant.labels import LABELS, VALUES, Labelled, Stored, add, answer_hash
from assistant.labels.runs import Rating
from assistant.web.desk import Desk
from governance.errors import RequestInvalid

RATERS = frozenset({Role.EVALUATOR, Role.EXPERT})
LABELLED = "evaluation.labelled"
"""Type of the ledger's entry."""


def differing(before: Rating) -> list[tuple[str, str, list[str]]]:
    """Question, own label and the others', where they differ: never who the others are."""
    return [
        (
            one.question,
            one.said[before.rater],
            [value for who, value in one.said.items() if who != before.rater],
        )
        for one in before.differ
    ]


def keep(desk: Desk, before: Rating, answer: Stored, value: str, sha256: str, *, channel: str) -> None:
    """Keep what a rater says of the answer of a hash, and record that it was said.

    Raises ``RequestInvalid`` for what is no label, or an answer that is not the one that was shown.
    """
    new = add(before.folder, before.answers, [_labelled(answer, before.rater, value, sha256)])
    body = {
        "run": before.run, "rater": before.rater, "new": new, "channel": channel,
        "labels_sha256": hashlib.sha256((before.folder / LABELS).read_bytes()).hexdigest(),
    }  # fmt: skip
    desk.assistant.ledger.append(LABELLED, body, actor=before.rater, subject=before.run)


def _labelled(answer: Stored, rater: str, value: str, sha256: str) -> Labelled:
    if value not in VALUES:
        raise RequestInvalid("No label was chosen.", do="Choose one of the four.")
    if sha256 != answer_hash(answer):
        raise RequestInvalid(
            "The answer is not the one that was shown any more: the run was made again.",
            do="Read the answer below, and label it.",
        )
    return Labelled.model_validate(
        {"case_id": answer.case.id, "answer_sha256": sha256, "rater": rater, "value": value,
         "time": dt.datetime.now(dt.UTC)}
    )  # fmt: skip
