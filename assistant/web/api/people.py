"""Who one is here, and the notice that comes before the first question."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from assistant.web.api.callers import Caller, caller, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.desk import desk_of
from governance.consent import Purpose

router = APIRouter(tags=["people"], route_class=Once)


class Me(BaseModel):
    """Whoever asks, as the records know them."""

    person: str
    role: str
    may_ask: bool
    """Whether the notice in force has been acknowledged."""


class NoticeShown(BaseModel):
    """The notice in force."""

    id: str
    version: str
    sha256: str
    text: str


@router.get("/me", responses=may_answer())
def me(request: Request, person: Caller) -> Me:
    """Who one is here."""
    allowed = desk_of(request).assistant.consents.decide(Purpose.ANSWER, person.id).allowed
    return Me(person=person.id, role=person.role, may_ask=allowed or person.role == "operator")


@router.get("/notice", dependencies=[Depends(caller)], responses=may_answer())
def notice(request: Request) -> NoticeShown:
    """The notice to show a person before their first question."""
    found = desk_of(request).assistant.consents.current_notice()
    return NoticeShown(id=found.id, version=found.version, sha256=found.sha256, text=found.text)


@router.post(
    "/notice/acknowledgement", status_code=201, dependencies=[Depends(documented)], responses=may_answer()
)
def acknowledge(request: Request, person: Caller) -> Me:
    """Record that the person was shown the notice in force and acknowledged it."""
    desk_of(request).assistant.consents.acknowledge(person.id, actor=person.id, channel="api")
    return Me(person=person.id, role=person.role, may_ask=True)
