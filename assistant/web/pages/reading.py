"""Why: officers read what others asked, so each reading says what for. The reason is asked once and kept for the
session; every reading is an entry of the ledger that holds it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Person, Role
from assistant.web.desk import Desk, desk_of, require, signed_in
from assistant.web.sessions import Session
from governance.errors import FrontlineError, ReadingReasonMissing, ReasonMissing

router = APIRouter()

LONGEST = 200
"""Characters of a reason; it travels in the session's cookie."""

_TASKS = {
    Role.EXPERT: "the task of an expert: what guidance lacks",
    Role.ADMINISTRATOR: "the task of an administrator: whether guidance serves",
}
"""Roles whose reading is part of their task, and which see redacted questions without who asked."""


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


def why(person: Person, given: str) -> str:
    """What records are read for: what an officer said, or the task of another role. Raises ``ReadingReasonMissing``."""
    if person.role in _TASKS:
        return _TASKS[person.role]
    if not given:
        raise ReadingReasonMissing("Nobody has said what the records are read for.", do="Give the reason.")
    return given


def read(desk: Desk, session: Session, what: str, *, about: str = "", **asked: object) -> None:
    """Record what is read in a session, with its reason. Raises ``ReadingReasonMissing``."""
    record(desk, session.person, session.reading_for, what, channel="page", about=about, **asked)


def record(
    desk: Desk, person: Person, reason: str, what: str, *, channel: str, about: str = "", **asked: object
) -> None:
    """Record a reading with its reason. Raises ``ReadingReasonMissing``."""
    body = {"what": what, "reason": why(person, reason), "channel": channel, "asked": asked}
    desk.assistant.ledger.append("ledger.read", body, actor=person.id, subject=about)


def cleaned(desk: Desk, typed: str) -> str:
    """A reason in one line, without the personal details in it. Raises ``ReasonMissing`` or ``RedactionFailed``."""
    reason = " ".join(typed.split())
    if not reason or len(reason) > LONGEST:
        raise ReasonMissing(
            f"A reason of 1 to {LONGEST} characters is needed.", do="Say what you read the records for."
        )
    return str(desk.assistant.redactor.redact(reason).text)


def _page(request: Request, given: Reading, error: FrontlineError | None = None) -> Response:
    return desk_of(request).page(
        request,
        "reading.html",
        status=error.status if error else 200,
        given=given,
        error=error,
        longest=LONGEST,
    )
