"""The queue of what waits for an expert, and the page of one review: the doubt, colleagues' views, the ruling."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Role
from assistant.outcomes import outcomes
from assistant.review import Decision, Review
from assistant.review.notes import SOURCE as NOTES
from assistant.review.reviews import LONGEST
from assistant.web.desk import desk_of, signed_in
from assistant.web.sources import shown
from assistant.web.tasks.reviews import answer_under, asker, concerned, review_for, shown_to
from governance.errors import DateInvalid, FrontlineError, RulingInvalid

router = APIRouter()

A_YEAR = dt.timedelta(days=365)
"""How long a wording holds unless the expert says otherwise: rates and rules change every April."""


class Said(BaseModel):
    """A colleague's view, as it was typed."""

    text: str = ""
    agrees: bool | None = None
    token: str = ""


class Decided(BaseModel):
    """A ruling, as it was typed."""

    decision: str = ""
    reason: str = ""
    wording: str = ""
    until: str = ""
    answer_sha256: str = ""
    token: str = ""

    @property
    def last_day(self) -> dt.date | None:
        """The day typed; None for none. Raises ``DateInvalid``."""
        if not self.until.strip():
            return None
        try:
            return dt.date.fromisoformat(self.until.strip())
        except ValueError as error:
            raise DateInvalid(f"{self.until!r} is not a date.", do="Write it as YYYY-MM-DD.") from error


@router.get("/reviews")
def queue(request: Request, state: str = "open") -> Response:
    """What waits, oldest first; with ``state=all``, what was ruled on too."""
    desk = desk_of(request)
    person = signed_in(request).person
    reviews = desk.assistant.reviews
    found = reviews.all()[::-1] if state == "all" else reviews.queue()
    mine = [review for review in found if concerned(desk, review, person)]
    return desk.page(
        request, "reviews.html", reviews=mine, everything=state == "all", now=dt.datetime.now(dt.UTC)
    )


@router.get("/reviews/{review_id}")
def one(request: Request, review_id: str) -> Response:
    """One review. Whoever is brought its ruling here is not brought it again."""
    desk = desk_of(request)
    person = signed_in(request).person
    review = shown_to(desk, review_id, person)
    return _page(request, review)


@router.post("/reviews/{review_id}/views")
def view(request: Request, review_id: str, given: Annotated[Said, Form()]) -> Response:
    """Keep what a colleague thinks of the doubt."""
    desk = desk_of(request)
    session = signed_in(request)
    review = review_for(desk, review_id, session.person)
    try:
        desk.sessions.check(session, given.token)
        if given.agrees is None:
            raise RulingInvalid("Nothing was chosen.", do="Say whether you share the doubt.")
        text = given.text.replace("\r\n", "\n")
        desk.assistant.reviews.view(review.id, text, agrees=given.agrees, by=session.person)
    except FrontlineError as error:
        return _page(request, review, said=given, error=error)
    return RedirectResponse(f"/reviews/{review.id}#views", status_code=303)


@router.post("/reviews/{review_id}/ruling")
def rule(request: Request, review_id: str, given: Annotated[Decided, Form()]) -> Response:
    """Keep the expert's ruling, and make a note of its wording."""
    desk = desk_of(request)
    session = signed_in(request)
    review = review_for(desk, review_id, session.person)
    try:
        desk.sessions.check(session, given.token)
        if given.decision not in set(Decision):
            raise RulingInvalid("Nothing was decided.", do="Choose what becomes of the answer.")
        if given.wording.strip():
            desk.assistant.intake.owe(NOTES, begin=False)
        desk.assistant.reviews.rule(
            review.id,
            Decision(given.decision),
            by=session.person,
            reason=given.reason.replace("\r\n", "\n"),
            answer_sha256=given.answer_sha256,
            wording=given.wording.replace("\r\n", "\n"),
            valid_to=given.last_day if given.wording.strip() else None,
        )
    except FrontlineError as error:
        return _page(request, review, decided=given, error=error)
    if given.wording.strip():
        desk.assistant.intake.owe(NOTES)
    return RedirectResponse(f"/reviews/{review.id}", status_code=303)


def _page(
    request: Request,
    review: Review,
    *,
    said: Said | None = None,
    decided: Decided | None = None,
    error: FrontlineError | None = None,
) -> Response:
    desk = desk_of(request)
    person = signed_in(request).person
    answer = answer_under(desk, review, person)
    asked_by = asker(desk, review)
    until = (dt.datetime.now().astimezone().date() + A_YEAR).isoformat()
    return desk.page(
        request,
        "review.html",
        status=error.status if error else 200,
        review=review,
        answer=answer,
        question=answer.question,
        shown=shown(answer, desk.assistant.snapshots),
        wording=outcomes()[answer.outcome],
        may_rule=review.open and person.role is Role.EXPERT and person.id not in (asked_by, review.by),
        own=person.id in (asked_by, review.by),
        said=said or Said(),
        decided=decided or Decided(until=until),
        error=error,
        longest=LONGEST,
        note=desk.assistant.intake.standing(NOTES),
    )
