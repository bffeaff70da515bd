"""Why: what people say about an answer is a handful of plain values, each made from one entry of the ledger.

A Review is opened by whoever doubts an answer, or by the assistant where an answer may not go out without an
expert. Colleagues add Views; an expert's Ruling closes it. Nothing here is ever edited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from governance.ledger import Entry

RAISED, VIEWED, RULED, SEEN = "review.raised", "review.viewed", "review.ruled", "review.seen"
"""Types of ledger entries about a review; the subject of the first three is the answer, of the last the review."""


class Kind(StrEnum):
    """Why a review was opened."""

    CONTESTED = "contested"
    """A colleague says that a sentence, or the whole, is wrong."""
    ASKED = "asked"
    """A colleague asks an expert; the answer did not serve."""
    HELD = "held"
    """The answer's topic may not be answered without an expert; nobody has seen the answer yet."""


class Decision(StrEnum):
    """What an expert makes of an answer."""

    APPROVE = "approve"
    """It stands as it is."""
    AMEND = "amend"
    """It is replaced by the expert's wording."""
    REJECT = "reject"
    """It should not be used, and nothing is put in its place."""


@dataclass(frozen=True)
class View:
    """What another colleague thinks. Views open eyes; they never rank anything."""

    by: str
    at: dt.datetime
    agrees: bool
    """Whether they share the doubt."""
    text: str


@dataclass(frozen=True)
class Ruling:
    """An expert's decision, bound to the exact answer it was taken on."""

    by: str
    at: dt.datetime
    decision: Decision
    reason: str
    wording: str
    """What the next colleague is told; empty where the ruling needs no note."""
    valid_to: dt.date | None
    """Last day on which the wording may be used; None where there is none."""
    answer_sha256: str
    """Leaf hash of the ledger entry that holds the answer, as the expert saw it."""
    relied_on_by: tuple[str, ...]
    """Pseudonyms of those who were given the contested words, whoever contested them."""


@dataclass(frozen=True)
class Review:
    """One doubt about one answer, and everything said about it since."""

    id: str
    """``r`` and the index of the ledger entry that opened it."""
    answer_id: str
    answer_sha256: str
    kind: Kind
    by: str
    at: dt.datetime
    why: str
    sentences: tuple[int, ...]
    """Which sentences are meant, from 0; empty: the whole answer."""
    passages: tuple[str, ...]
    """Ids of the passages that the sentences rest on."""
    views: tuple[View, ...] = ()
    ruling: Ruling | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for an expert."""
        return self.ruling is None


def review_id(index: int) -> str:
    """Name of the review that an entry opened."""
    return f"r{index}"


def review_of(raised: Entry, later: Sequence[Entry]) -> Review:
    """The review that ``raised`` opened, with what later entries about the same answer say of it."""
    body = raised.body
    name = review_id(raised.index)
    about_it = [entry for entry in later if entry.body.get("review") == name]
    rulings = [ruling_of(entry) for entry in about_it if entry.type == RULED]
    return Review(
        id=name,
        answer_id=raised.subject,
        answer_sha256=body["answer_sha256"],
        kind=Kind(body["kind"]),
        by=raised.actor,
        at=raised.time,
        why=body["why"],
        sentences=tuple(body["sentences"]),
        passages=tuple(body["passages"]),
        views=tuple(
            View(entry.actor, entry.time, entry.body["agrees"], entry.body["text"])
            for entry in about_it
            if entry.type == VIEWED
        ),
        ruling=rulings[0] if rulings else None,
    )


def ruling_of(entry: Entry) -> Ruling:
    """The ruling that an entry records."""
    body = entry.body
    return Ruling(
        by=entry.actor,
        at=entry.time,
        decision=Decision(body["decision"]),
        reason=body["reason"],
        wording=body["wording"],
        valid_to=dt.date.fromisoformat(body["valid_to"]) if body["valid_to"] else None,
        answer_sha256=body["answer_sha256"],
        relied_on_by=tuple(body["relied_on_by"]),
    )
