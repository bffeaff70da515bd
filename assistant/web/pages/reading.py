"""Why: officers read what others asked, so each reading says what for. The reason is asked once and kept for the
session; every reading is an entry of the ledger that holds it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Role
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.tasks.readings import LONGEST, cleaned
from governance.errors import FrontlineError

router = APIRouter()


class Reading(BaseModel):
    """The form, as it was typed."""

    reason: str = ""
    next: str = "/audit"
    token: str = ""


@router.get("/reading")
def ask_why(request: Request, next: str = "/audit") -> Response:
    """Ask what the records are read for."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read records")
    return _page(request, Reading(reason=session.reading_for, next=next))


@router.post("/reading")
def say_why(request: Request, given: Annotated[Reading, Form()]) -> Response:
    """Keep the reason for this session, without the personal details in it, and go on."""
    from assistant.web.pages.sign_in import onward

    desk = desk_of(request)
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read records")
    try:
        desk.sessions.check(session, given.token)
        reason = cleaned(desk, given.reason)
    except FrontlineError as error:
        return _page(request, given, error)
    request.state.session = replace(session, reading_for=reason)
    return RedirectResponse(onward(given.next), status_code=303)


def _page(request: Request, given: Reading, error: FrontlineError | None = None) -> Response:
    return desk_of(request).page(
        request,
        "reading.html",
        status=error.status if error else 200,
        given=given,
        error=error,
        longest=LONGEST,
    )
