"""What somebody agreed to: a colleague's own agreements, and those of the person in front of them.

Taking back is as easy as agreeing: one press, on the page that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant.answers import Role
from assistant.web.desk import Desk, desk_of, signed_in
from assistant.web.pages import reading
from assistant.web.pages.notice import drawn
from governance.consent import (
    CITIZEN_PARTICIPATION,
    COLLEAGUE_EVALUATION,
    COLLEAGUE_USE,
    Purpose,
    State,
)
from governance.errors import AgreementUnknown, FrontlineError, PersonUnknown, RequestInvalid
from governance.notice import Notice
from governance.receipts import receipt

router = APIRouter()

OWN = (COLLEAGUE_USE, COLLEAGUE_EVALUATION)
"""Notices that a colleague agrees to for themselves."""
SAID = {
    Purpose.ANSWER: "Answering the question",
    Purpose.AUDIT: "Being able to show later what was done",
    Purpose.EVALUATION_REUSE: "Checking that answers are right",
    Purpose.SERVICE_IMPROVEMENT: "Making the service better",
    Purpose.HANDOVER: "Handing on to another service",
}
"""Purposes as people say them."""


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands."""

    notice: Notice
    state: str
    record: dict[str, Any] | None

    @property
    def given(self) -> bool:
        """Whether it holds."""
        return self.state == State.GIVEN


class Choice(BaseModel):
    """A form about one's own agreement."""

    notice_id: str = ""
    token: str = ""


class Citizen(BaseModel):
    """A form about the agreement of the person in front of the colleague, as it was filled in."""

    agrees: str = ""
    purposes: list[Purpose] = []
    code: str = ""
    token: str = ""


@router.get("/agreements")
def own(request: Request) -> Response:
    """One's own agreements, each with its state and the press that changes it."""
    session = signed_in(request)
    desk = desk_of(request)
    standings = [_standing(desk, session.person_id, notice_id) for notice_id in OWN]
    return desk.page(request, "agreements.html", standings=standings, said=SAID, texts=_texts(desk))


@router.post("/agreements/give")
def give(request: Request, given: Annotated[Choice, Form()]) -> Response:
    """Agree for oneself."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    notice = desk.assistant.consents.current_notice(_one_of_own(given.notice_id))
    desk.assistant.consents.give(
        session.person_id, notice.id, purposes=notice.terms.purposes, actor=session.person_id, channel="page"
    )
    return RedirectResponse("/agreements", status_code=303)


@router.post("/agreements/withdraw")
def withdraw(request: Request, given: Annotated[Choice, Form()]) -> Response:
    """Take one's own agreement back, and with it whatever was kept under it alone."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    desk.assistant.consents.withdraw(
        session.person_id, _one_of_own(given.notice_id), actor=session.person_id, channel="page"
    )
    return RedirectResponse("/agreements", status_code=303)


# --- the person in front of the colleague -------------------------------------------------------------------


@router.get("/agreements/citizen")
def ask_citizen(request: Request) -> Response:
    """The notice to go through together, and the answer to it."""
    signed_in(request)
    return _citizen_page(request, Citizen())


@router.post("/agreements/citizen")
def citizen_answers(request: Request, given: Annotated[Citizen, Form()]) -> Response:
    """Record a yes or a no. After a yes, questions are about this person until the colleague says otherwise."""
    desk = desk_of(request)
    session = signed_in(request)
    consents = desk.assistant.consents
    try:
        desk.sessions.check(session, given.token)
        if given.agrees not in ("yes", "no"):
            raise RequestInvalid("Nothing was chosen.", do="Choose yes or no, as the person answered.")
        code = consents.new_person()
        if given.agrees == "no":
            consents.refuse(code, CITIZEN_PARTICIPATION, actor=session.person_id, channel="page")
            return RedirectResponse("/agreements/citizen/refused", status_code=303)
        record = consents.give(
            code,
            CITIZEN_PARTICIPATION,
            purposes=[*_required(desk), *given.purposes],
            actor=session.person_id,
            channel="page",
        )
    except FrontlineError as error:
        return _citizen_page(request, given, error)
    request.state.session = replace(desk.sessions.converse(session), citizen=code)
    return RedirectResponse(f"/agreements/receipt/{record}", status_code=303)


@router.get("/agreements/citizen/refused")
def refused(request: Request) -> Response:
    """What to do after a no: nothing changes for the person."""
    signed_in(request)
    return desk_of(request).page(request, "refused.html")


@router.post("/agreements/citizen/use")
def use_code(request: Request, given: Annotated[Citizen, Form()]) -> Response:
    """Take up an agreement given before, by the code on the receipt; none: questions are about nobody."""
    desk = desk_of(request)
    session = signed_in(request)
    code = given.code.strip()
    try:
        desk.sessions.check(session, given.token)
        if code and not _standing(desk, code, CITIZEN_PARTICIPATION).given:
            raise PersonUnknown(
                "No agreement that holds has this code.", do="Check the receipt, or ask the person again."
            )
    except FrontlineError as error:
        return _citizen_page(request, given, error)
    request.state.session = replace(desk.sessions.converse(session), citizen=code)
    return RedirectResponse("/", status_code=303)


@router.post("/agreements/citizen/withdraw")
def citizen_withdraws(request: Request, given: Annotated[Citizen, Form()]) -> Response:
    """Take back what a person agreed to, by their code; what was sealed for them is erased with it."""
    desk = desk_of(request)
    session = signed_in(request)
    code = given.code.strip()
    try:
        desk.sessions.check(session, given.token)
        record = desk.assistant.consents.withdraw(
            code, CITIZEN_PARTICIPATION, actor=session.person_id, channel="page"
        )
    except FrontlineError as error:
        return _citizen_page(request, given, error)
    if session.citizen == code:
        request.state.session = replace(desk.sessions.converse(session), citizen="")
    return RedirectResponse(f"/agreements/receipt/{record}", status_code=303)


@router.get("/agreements/receipt/{record_id}")
def show_receipt(request: Request, record_id: str, format: str = "page") -> Response:
    """The receipt of a record: to print, or as JSON-LD. For whoever it is about, whoever took it, and officers."""
    desk = desk_of(request)
    session = signed_in(request)
    record = desk.assistant.consents.record(record_id)
    if session.person_id not in (record["person"], record["captured_by"]):
        if session.person.role is not Role.OFFICER:
            raise AgreementUnknown(f"No agreement has the record {record_id!r}.", do="Check the record's id.")
        reading.read(desk, session, "receipt", subject=record["person"])
    if format == "jsonld":
        return JSONResponse(receipt(record), media_type="application/ld+json")
    return desk.page(
        request, "receipt.html", record=record, said=SAID, yours=record["person"] == session.person_id
    )


def _standing(desk: Desk, person_id: str, notice_id: str) -> Standing:
    notice = desk.assistant.consents.current_notice(notice_id)
    try:
        history = desk.assistant.consents.history(person_id)
    except PersonUnknown:
        history = []
    records = [
        one for one in history if one["notice_id"] == notice_id and one["agreement_type"] != "objection"
    ]
    last = records[-1] if records else None
    state = last["state"] if last else ""
    allowed = desk.assistant.consents.decide(Purpose(notice.terms.required[0]), person_id, notice_id).allowed \
        if notice.terms.required and last else state == State.GIVEN  # fmt: skip
    return Standing(notice, State.EXPIRED if state == State.GIVEN and not allowed else state, last)


def _citizen_page(request: Request, given: Citizen, error: FrontlineError | None = None) -> Response:
    desk = desk_of(request)
    notice = desk.assistant.consents.current_notice(CITIZEN_PARTICIPATION)
    required = _required(desk)
    return desk.page(
        request, "citizen.html", status=error.status if error else 200, given=given, error=error, notice=notice,
        text=drawn(notice.text), required=[SAID[purpose] for purpose in required],
        further=[(purpose.value, SAID[purpose]) for purpose in map(Purpose, notice.terms.purposes) if purpose not in required],
    )  # fmt: skip


def _required(desk: Desk) -> list[Purpose]:
    terms = desk.assistant.consents.current_notice(CITIZEN_PARTICIPATION).terms
    return [Purpose(name) for name in terms.required]


def _texts(desk: Desk) -> dict[str, object]:
    return {name: drawn(desk.assistant.consents.current_notice(name).text) for name in OWN}


def _one_of_own(notice_id: str) -> str:
    if notice_id not in OWN:
        raise RequestInvalid("This is not an agreement of your own.", do="Choose one that is listed.")
    return notice_id
