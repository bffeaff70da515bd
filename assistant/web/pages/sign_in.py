"""The page on which a local person says who they are. Anybody may take any role, so it works on this machine only."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.web.desk import desk_of, require_loopback, session_of
from assistant.web.pages import notice
from assistant.web.pages.typed import Typed
from assistant.web.sessions import LOCAL_ROLES, NAME_LIMIT
from governance.errors import FrontlineError

router = APIRouter()

_NEXT = re.compile(r"/(?:answers/[\w-]+(?:/explanation)?|guidance(?:/\w+)?|audit)?")
"""Pages of this site that a sign-in may lead on to."""


class SignIn(Typed):
    """The sign-in form, with whatever question was typed before it was needed."""

    name: str = ""
    role: str = ""
    next: str = "/"


@router.get("/sign-in")
def ask_who(request: Request, next: str = "/") -> Response:
    """Show the form."""
    require_loopback(request)
    return page(request, SignIn(next=next))


@router.post("/sign-in")
def sign_in(request: Request, given: Annotated[SignIn, Form()]) -> Response:
    """Begin a fresh session, record that it began, and lead on to where the person was going."""
    require_loopback(request)
    desk = desk_of(request)
    try:
        desk.sessions.check(session_of(request), given.token)
        session = desk.sessions.sign_in(given.name, given.role)
    except FrontlineError as error:
        return page(request, given, error)
    desk.assistant.ledger.append(
        "session.began",
        {"role": session.role, "channel": "page"},
        actor=session.person_id,
        subject=session.person_id,
    )
    request.state.session = session
    return notice.lead_on(request, given, onward(given.next))


@router.post("/sign-out")
def sign_out(request: Request, given: Annotated[Typed, Form()]) -> Response:
    """End the session."""
    desk = desk_of(request)
    desk.sessions.check(session_of(request), given.token)
    request.state.session = desk.sessions.new()
    return RedirectResponse("/sign-in", status_code=303)


def page(request: Request, given: SignIn, error: FrontlineError | None = None) -> Response:
    """The form, with what was given in it."""
    return desk_of(request).page(
        request, "sign_in.html", status=error.status if error else 200, given=given, error=error,
        roles=LOCAL_ROLES, name_limit=NAME_LIMIT, onward=onward(given.next),
    )  # fmt: skip


def onward(address: str) -> str:
    """The address if it is a page of this site, else the page on which one asks."""
    return address if _NEXT.fullmatch(address) else "/"
