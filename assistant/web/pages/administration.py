"""The page of an administrator: whether answers are given, and what is in force."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Role
from assistant.settings import Settings
from assistant.web.desk import desk_of, require, signed_in
from governance.errors import FrontlineError
from governance.retention import periods

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
        limits=_limits(desk.assistant.settings),
        destinations=desk.assistant.settings.destinations,
        periods=periods(desk.assistant.settings.retention),
        given=given,
        error=error,
    )


def _limits(settings: Settings) -> dict[str, str]:
    """What is asked of a person and of the whole, in words."""
    return {
        "One person": f"{settings.questions_each} questions and searches a minute",
        "All together": f"{settings.questions_together} questions and searches a minute",
        "Answers at once": str(settings.answers_at_once),
        "One answer": f"{settings.answer_seconds} seconds at most",
        "Session": f"{settings.session_minutes} minutes idle, {settings.session_hours} hours at most",
    }
