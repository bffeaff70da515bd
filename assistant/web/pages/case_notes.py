"""The page on which an answer is taken over into case notes: as plain text, with reference, sources and versions.

What is copied leaves this service, so that it was copied is recorded before the text is shown.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from assistant.answers import Answer
from assistant.web.desk import Desk, answer_for, desk_of, signed_in
from assistant.web.sources import shown
from assistant.web.tasks.case_notes import COPIED, as_text
from governance.errors import FrontlineError, RequestInvalid

router = APIRouter()


class Copying(BaseModel):
    """The form: whether the sources were checked."""

    checked: bool = False
    token: str = ""


@router.get("/answers/{answer_id}/case-notes")
def ask_first(request: Request, answer_id: str) -> Response:
    """Ask whether the sources were checked."""
    desk = desk_of(request)
    session = signed_in(request)
    answer = answer_for(desk, answer_id, session.person, channel="page", reason=session.reading_for)
    return _page(request, desk, answer)


@router.post("/answers/{answer_id}/case-notes")
def copy(request: Request, answer_id: str, given: Annotated[Copying, Form()]) -> Response:
    """Record that the answer is copied, then show it as text."""
    desk = desk_of(request)
    session = signed_in(request)
    answer = answer_for(desk, answer_id, session.person, channel="page", reason=session.reading_for)
    try:
        desk.sessions.check(session, given.token)
        if not given.checked:
            raise RequestInvalid(
                "The sources were not confirmed.", do="Check each source, then say that you have."
            )
    except FrontlineError as error:
        return _page(request, desk, answer, error=error)
    body = {"to": "case notes", "sources_checked": True, "channel": "page"}
    desk.assistant.ledger.append(COPIED, body, actor=session.person_id, subject=answer.id)
    return _page(request, desk, answer, text=as_text(answer, shown(answer, desk.assistant.snapshots)))


def _page(
    request: Request, desk: Desk, answer: Answer, *, text: str = "", error: FrontlineError | None = None
) -> Response:
    return desk.page(
        request,
        "case_notes.html",
        status=error.status if error else 200,
        answer=answer,
        text=text,
        error=error,
    )
