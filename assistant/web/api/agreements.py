"""What was agreed to: by oneself, by the person in front of the colleague, and, for officers, by everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from assistant.agreements import (
    OWN,
    Answered,
    Standing,
    answered,
    end,
    give,
    holding,
    latest,
    standing,
    take_back,
)
from assistant.answers import Person, Role
from assistant.web.api.callers import Caller, Reason, ReasonIfAny, allow, caller, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Code, Given, Limit, Start, turned
from assistant.web.desk import Desk, desk_of
from assistant.web.tasks import readings
from assistant.web.tasks.agreements import record_for
from governance.consent import CITIZEN_PARTICIPATION, Decision, Purpose
from governance.notice import Notice
from governance.receipts import receipt

router = APIRouter(tags=["agreements"], route_class=Once)
once = [Depends(documented)]


class AgreementNotice(BaseModel):
    """A notice that somebody agrees to or not."""

    id: str
    version: str
    sha256: str
    text: str
    """Markdown, to be shown whole."""
    purposes: list[Purpose]
    required: list[Purpose]
    """Purposes that it cannot be had without."""


class StandingShown(BaseModel):
    """Where an agreement stands."""

    notice: AgreementNotice
    state: str
    """Empty: nothing is on record."""
    given: bool
    """Whether it holds."""
    record: dict[str, Any] | None
    """The newest record, whole."""


class Own(BaseModel):
    """One's own agreements."""

    agreements: list[StandingShown]


class Said(Given):
    """What the person said, after they were shown the notice."""

    agrees: bool
    purposes: list[Purpose] = Field(
        default=[], max_length=len(Purpose), description="Those chosen beside what is required."
    )


class Kept(BaseModel):
    """The record that was made. Its receipt is the person's to keep."""

    record: str


class Records(BaseModel):
    """A page of records, the newest first."""

    records: list[dict[str, Any]]
    next: int | None
    """Give it as ``start`` to get the next page; null: these are the last."""


class Agreed(BaseModel):
    """Everything on record about one person, oldest first, and what may be done with their data now."""

    records: list[dict[str, Any]]
    decisions: list[Decision]


@router.get("/agreements", responses=may_answer())
def own(request: Request, person: Caller) -> Own:
    """One's own agreements, each with where it stands."""
    return Own(agreements=_shown(desk_of(request), person.id, OWN))


@router.post("/agreements/{notice_id}", status_code=201, dependencies=once, responses=may_answer())
def agree(request: Request, notice_id: str, person: Caller) -> Kept:
    """Agree for oneself to what the notice says."""
    return Kept(record=give(desk_of(request).assistant.consents, person.id, notice_id, channel="api"))


@router.post("/agreements/{notice_id}/withdrawal", status_code=201, dependencies=once, responses=may_answer())
def withdraw(request: Request, notice_id: str, person: Caller) -> Kept:
    """Take one's own agreement back, and with it whatever was kept under it alone."""
    return Kept(record=take_back(desk_of(request).assistant.consents, person.id, notice_id, channel="api"))


@router.get("/agreements/records/{record_id}", responses=may_answer(404))
def record(request: Request, record_id: str, person: Caller, reason: ReasonIfAny) -> dict[str, Any]:
    """A record, for whoever it is about, whoever took it, and officers, who say why."""
    return record_for(desk_of(request), record_id, person, channel="api", reason=reason)


@router.get(
    "/agreements/records/{record_id}/receipt",
    response_class=JSONResponse,
    responses={200: {"content": {"application/ld+json": {"schema": {"type": "object"}}}}, **may_answer(404)},
)
def show_receipt(request: Request, record_id: str, person: Caller, reason: ReasonIfAny) -> JSONResponse:
    """The receipt of a record, in the terms of the Data Privacy Vocabulary."""
    found = record_for(desk_of(request), record_id, person, channel="api", reason=reason)
    return JSONResponse(receipt(found), media_type="application/ld+json")


# --- the person in front of the colleague -------------------------------------------------------------------


@router.get("/citizens/notice", dependencies=[Depends(caller)], responses=may_answer())
def citizen_notice(request: Request) -> AgreementNotice:
    """The notice to go through with a person before anything is asked about them."""
    return _notice(desk_of(request).assistant.consents.current_notice(CITIZEN_PARTICIPATION))


@router.post("/citizens", status_code=201, dependencies=once, responses=may_answer(413, 415))
def say(request: Request, given: Said, person: Caller) -> Answered:
    """Record a yes or a no. After a yes, give the pseudonym as `citizen` with each question about this person."""
    consents = desk_of(request).assistant.consents
    return answered(consents, agrees=given.agrees, purposes=given.purposes, by=person.id, channel="api")


@router.get("/citizens/{citizen}", dependencies=[Depends(caller)], responses=may_answer(404))
def look_up(request: Request, citizen: Code) -> StandingShown:
    """An agreement that holds, by the code on its receipt."""
    return _standing(holding(desk_of(request).assistant.consents, citizen))


@router.post("/citizens/{citizen}/withdrawal", status_code=201, dependencies=once, responses=may_answer(404))
def citizen_withdraws(request: Request, citizen: Code, person: Caller) -> Kept:
    """Take back what a person agreed to; what was sealed for them is erased with it."""
    consents = desk_of(request).assistant.consents
    return Kept(record=end(consents, citizen, by=person.id, channel="api"))


# --- the register -------------------------------------------------------------------------------------------


@router.get("/consents", responses=may_answer())
def register(
    request: Request, person: Caller, reason: Reason, start: Start = 0, limit: Limit = 25
) -> Records:
    """Where each agreement stands; for officers."""
    desk = _officers(request, person)
    found = sorted(latest(desk.assistant.consents), key=lambda record: str(record["time"]), reverse=True)
    shown, more = turned(found, start, limit)
    readings.record(desk, person, reason, "consent register", channel="api", records=len(shown))
    return Records(records=shown, next=more)


@router.get("/consents/{person_id}", responses=may_answer(404))
def about(request: Request, person_id: Code, person: Caller, reason: Reason) -> Agreed:
    """Every record about one person; for officers."""
    desk = _officers(request, person)
    records = desk.assistant.consents.history(person_id)
    readings.record(desk, person, reason, "agreements of a person", channel="api", about=person_id)
    notice_id = records[-1]["notice_id"]
    decisions = [desk.assistant.consents.decide(purpose, person_id, notice_id) for purpose in Purpose]
    return Agreed(records=records, decisions=decisions)


def _officers(request: Request, person: Person) -> Desk:
    allow(person, {Role.OFFICER}, "read the consent register")
    return desk_of(request)


def _shown(desk: Desk, person_id: str, notices: Iterable[str]) -> list[StandingShown]:
    return [_standing(standing(desk.assistant.consents, person_id, notice)) for notice in notices]


def _standing(found: Standing) -> StandingShown:
    return StandingShown(
        notice=_notice(found.notice), state=found.state, given=found.given, record=found.record
    )


def _notice(notice: Notice) -> AgreementNotice:
    return AgreementNotice.model_validate(
        {"id": notice.id, "version": notice.version, "sha256": notice.sha256, "text": notice.text,
         "purposes": notice.terms.purposes, "required": notice.terms.required}
    )  # fmt: skip
