"""Doubts about answers, colleagues' views, and rulings."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.review import Decision, Kind, Review
from assistant.review.notes import SOURCE as NOTES
from assistant.web.api.callers import Caller, ReasonIfAny, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.desk import answer_for, desk_of
from assistant.web.pages.reviews import concerned, review_for

router = APIRouter(tags=["reviews"], route_class=Once)
once = [Depends(documented)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Doubt(_Given):
    """Why an answer is doubted, or an expert asked."""

    why: str = Field(min_length=1, max_length=4000)
    kind: Literal["contested", "asked"] = "contested"
    sentences: list[Annotated[int, Field(ge=0, le=10_000)]] = Field(
        default=[], max_length=100, description="From 0; none: the whole."
    )


class Said(_Given):
    """What a colleague thinks of a doubt."""

    text: str = Field(min_length=1, max_length=4000)
    agrees: bool


class Decided(_Given):
    """A ruling, bound to the answer that was seen."""

    decision: Decision
    reason: str = Field(min_length=1, max_length=4000)
    answer_sha256: str = Field(max_length=64)
    wording: str = Field(default="", max_length=4000)
    valid_to: dt.date | None = None


class Reviews(BaseModel):
    """A page of reviews."""

    reviews: list[Review]
    next: int | None
    """Give it as ``start`` to get the next page; null: these are the last."""


@router.get("/reviews", responses=may_answer())
def queue(
    request: Request,
    person: Caller,
    state: Literal["open", "all"] = "open",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Reviews:
    """What waits for an expert, as far as it concerns whoever asks."""
    desk = desk_of(request)
    found = desk.assistant.reviews.all() if state == "all" else desk.assistant.reviews.queue()
    seen = [review for review in found if concerned(desk, review, person)]
    more = start + limit < len(seen)
    return Reviews(reviews=seen[start : start + limit], next=start + limit if more else None)


@router.get("/reviews/{review_id}", responses=may_answer(404))
def read(request: Request, review_id: str, person: Caller) -> Review:
    """One review."""
    return review_for(desk_of(request), review_id, person)


@router.post(
    "/answers/{answer_id}/reviews", status_code=201, dependencies=once, responses=may_answer(404, 413, 415)
)
def contest(request: Request, answer_id: str, given: Doubt, person: Caller, reason: ReasonIfAny) -> Review:
    """Say that an answer is wrong, or ask an expert about it."""
    desk = desk_of(request)
    answer = answer_for(desk, answer_id, person, channel="api", reason=reason)
    return desk.assistant.reviews.contest(
        answer.id, given.why, by=person, sentences=given.sentences, kind=Kind(given.kind)
    )


@router.post("/reviews/{review_id}/views", dependencies=once, responses=may_answer(404, 413, 415))
def view(request: Request, review_id: str, given: Said, person: Caller) -> Review:
    """Add what one thinks of a doubt."""
    desk = desk_of(request)
    review = review_for(desk, review_id, person)
    return desk.assistant.reviews.view(review.id, given.text, agrees=given.agrees, by=person)


@router.post("/reviews/{review_id}/ruling", dependencies=once, responses=may_answer(404, 413, 415))
def rule(request: Request, review_id: str, given: Decided, person: Caller) -> Review:
    """Decide a review; for experts, and never on one's own answer or doubt."""
    desk = desk_of(request)
    review = review_for(desk, review_id, person)
    if given.wording.strip():
        desk.assistant.intake.owe(NOTES, begin=False)
    ruled = desk.assistant.reviews.rule(
        review.id, given.decision, by=person, reason=given.reason, answer_sha256=given.answer_sha256,
        wording=given.wording, valid_to=given.valid_to,
    )  # fmt: skip
    if given.wording.strip():
        desk.assistant.intake.owe(NOTES)
    return ruled
