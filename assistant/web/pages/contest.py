"""The form on which an answer, or one of its sentences, is doubted. What was typed comes back with every error."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Answer
from assistant.review import Kind
from assistant.review.reviews import LONGEST
from assistant.web.desk import answer_for, desk_of, signed_in
from governance.errors import FrontlineError, ReasonMissing

router = APIRouter()


class Doubt(BaseModel):
    """The fields of the form, as they were typed."""

    why: str = ""
    kind: Kind = Kind.CONTESTED
    sentences: list[int] = []
    """Sentences that are meant, from 0; none: the whole answer."""
    token: str = ""

    @property
    def text(self) -> str:
        """The reason with the line ends that the limit counts: a form sends two characters for each."""
        return self.why.replace("\r\n", "\n")


@router.get("/answers/{answer_id}/contest")
def form(request: Request, answer_id: str) -> Response:
    """The answer's sentences to choose from, and room to say why."""
    session = signed_in(request)
    answer = answer_for(
        desk_of(request), answer_id, session.person, channel="page", reason=session.reading_for
    )
    return _page(request, answer, Doubt())


@router.post("/answers/{answer_id}/contest")
def contest(request: Request, answer_id: str, given: Annotated[Doubt, Form()]) -> Response:
    """Open a review, and lead to it."""
    desk = desk_of(request)
    session = signed_in(request)
    answer = answer_for(desk, answer_id, session.person, channel="page", reason=session.reading_for)
    try:
        desk.sessions.check(session, given.token)
        review = desk.assistant.reviews.contest(
            answer.id, given.text, by=session.person, sentences=given.sentences, kind=given.kind
        )
    except FrontlineError as error:
        return _page(request, answer, given, error)
    return RedirectResponse(f"/reviews/{review.id}", status_code=303)


def _page(request: Request, answer: Answer, given: Doubt, error: FrontlineError | None = None) -> Response:
    return desk_of(request).page(
        request,
        "contest.html",
        status=error.status if error else 200,
        answer=answer,
        given=given,
        error=error,
        field="why" if isinstance(error, ReasonMissing) else "",
        longest=LONGEST,
    )
