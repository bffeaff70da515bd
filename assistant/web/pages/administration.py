"""The page of an administrator: whether answers are given, and what is in force."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Role
from assistant.web.desk import desk_of, require, signed_in
from governance.errors import FrontlineError

router = APIRouter()


class Switching(BaseModel):
    """The form that stops answers or starts them, as it was typed."""

    search_only: bool = True
    reason: str = ""
    token: str = ""


@router.get("/administration")
def administration(request: Request) -> Response:
    """How things stand."""
    require(signed_in(request), {Role.ADMINISTRATOR}, "administer the service")
    return _page(request, Switching())


@router.post("/administration/switch")
def switch(request: Request, given: Annotated[Switching, Form()]) -> Response:
    """Stop answers from the next question on, or let them go on."""
    session = signed_in(request)
    require(session, {Role.ADMINISTRATOR}, "stop or start answers")
    desk = desk_of(request)
    try:
        desk.sessions.check(session, given.token)
        desk.assistant.switch.set(search_only=given.search_only, reason=given.reason, by=session.person)
    except FrontlineError as error:
        return _page(request, given, error)
    return RedirectResponse("/administration", status_code=303)


def _page(request: Request, given: Switching, error: FrontlineError | None = None) -> Response:
    desk = desk_of(request)
    return desk.page(
        request,
        "administration.html",
        status=error.status if error else 200,
        switch=desk.assistant.switch.state(),
        facts=desk.assistant.in_force(),
        given=given,
        error=error,
    )
