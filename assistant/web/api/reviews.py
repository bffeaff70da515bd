"""Doubts about answers, colleagues' views, and rulings."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from assistant.answers import Answer
from assistant.review import Decision, Kind, Review
from assistant.review.notes import SOURCE as NOTES
from assistant.web.api.callers import Caller, ReasonIfAny, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Given, Limit, Start, turned
from assistant.web.desk import answer_for, desk_of
from assistant.web.tasks.reviews import answer_under, concerned, review_for, shown_to

router = APIRouter(tags=["reviews"], route_class=Once)
once = [Depends(documented)]


class Doubt(Given):
    """Why an answer is doubted, or an expert asked."""

    why: str = Field(min_length=1, max_length=4000)
    kind: Literal["contested", "asked"] = "contested"
    sentences: list[Annotated[int, Field(ge=0, le=10_000)]] = Field(
        default=[], max_length=100, description="From 0; none: the whole."
    )


class Said(Given):
    """What a colleague thinks of a doubt."""

    text: str = Field(min_length=1, max_length=4000)
    agrees: bool


class Decided(Given):
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
    state: Annotated[
        Literal["open", "all", "news"],
        Query(description="news: rulings on words that one was given, and that one has not read."),
    ] = "open",
    start: Start = 0,
    limit: Limit = 25,
) -> Reviews:
    """What waits for an expert, as far as it concerns whoever asks."""
    desk = desk_of(request)
    reviews = desk.assistant.reviews
    if state == "news":
        found = reviews.news_for(person)
    else:
        found = reviews.all() if state == "all" else reviews.queue()
    shown, more = turned([review for review in found if concerned(desk, review, person)], start, limit)
    return Reviews(reviews=shown, next=more)


@router.get("/reviews/{review_id}", responses=may_answer(404))
def read(request: Request, review_id: str, person: Caller) -> Review:
    """One review. A ruling that is read here is not brought to the same person as news again."""
    return shown_to(desk_of(request), review_id, person)


@router.get("/reviews/{review_id}/answer", responses=may_answer(404))
def answer(request: Request, review_id: str, person: Caller) -> Answer:
    """The answer that a review is about; for those who rule, with the sentences that wait for them."""
    desk = desk_of(request)
    return answer_under(desk, review_for(desk, review_id, person), person)


@router.get("/answers/{answer_id}/reviews", responses=may_answer(404))
def of_answer(request: Request, answer_id: str, person: Caller, reason: ReasonIfAny) -> Reviews:
    """Every review of one answer, oldest first."""
    desk = desk_of(request)
    answer_for(desk, answer_id, person, channel="api", reason=reason)
    return Reviews(reviews=desk.assistant.reviews.of(answer_id), next=None)


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
