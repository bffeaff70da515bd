"""What somebody agreed to: a colleague's own agreements, and those of the person in front of them.

Taking back is as easy as agreeing: one press, on the page that shows it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant.agreements import OWN, answered, end, give, holding, required, standing, take_back
from assistant.web.desk import Desk, desk_of, signed_in
from assistant.web.pages.notice import drawn
from assistant.web.tasks.agreements import record_for
from governance.consent import CITIZEN_PARTICIPATION, Purpose
from governance.errors import FrontlineError, RequestInvalid
from governance.receipts import receipt

router = APIRouter()

SAID = {
    Purpose.ANSWER: "Answering the question",
    Purpose.AUDIT: "Being able to show later what was done",
    Purpose.EVALUATION_REUSE: "Checking that answers are right",
    Purpose.SERVICE_IMPROVEMENT: "Making the service better",
    Purpose.HANDOVER: "Handing on to another service",
}
"""Purposes as people say them."""


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
    standings = [standing(desk.assistant.consents, session.person_id, notice_id) for notice_id in OWN]
    return desk.page(request, "agreements.html", standings=standings, said=SAID, texts=_texts(desk))


@router.post("/agreements/give")
def agree(request: Request, given: Annotated[Choice, Form()]) -> Response:
    """Agree for oneself."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    give(desk.assistant.consents, session.person_id, given.notice_id, channel="page")
    return RedirectResponse("/agreements", status_code=303)


@router.post("/agreements/withdraw")
def withdraw(request: Request, given: Annotated[Choice, Form()]) -> Response:
    """Take one's own agreement back, and with it whatever was kept under it alone."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    take_back(desk.assistant.consents, session.person_id, given.notice_id, channel="page")
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
    try:
        desk.sessions.check(session, given.token)
        if given.agrees not in ("yes", "no"):
            raise RequestInvalid("Nothing was chosen.", do="Choose yes or no, as the person answered.")
        said = answered(
            desk.assistant.consents, agrees=given.agrees == "yes", purposes=given.purposes,
            by=session.person_id, channel="page",
        )  # fmt: skip
    except FrontlineError as error:
        return _citizen_page(request, given, error)
    if not said.agreed:
        return RedirectResponse("/agreements/citizen/refused", status_code=303)
    request.state.session = replace(desk.sessions.converse(session), citizen=said.citizen)
    return RedirectResponse(f"/agreements/receipt/{said.record}", status_code=303)


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
        if code:
            holding(desk.assistant.consents, code)
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
        record = end(desk.assistant.consents, code, by=session.person_id, channel="page")
    except FrontlineError as error:
        return _citizen_page(request, given, error)
    if session.citizen == code:
        request.state.session = replace(desk.sessions.converse(session), citizen="")
    return RedirectResponse(f"/agreements/receipt/{record}", status_code=303)


@router.get("/agreements/receipt/{record_id}")
def show_receipt(request: Request, record_id: str, format: str = "page") -> Response:
    """The receipt of a record: to print, or as JSON-LD."""
    desk = desk_of(request)
    session = signed_in(request)
    record = record_for(desk, record_id, session.person, channel="page", reason=session.reading_for)
    if format == "jsonld":
        return JSONResponse(receipt(record), media_type="application/ld+json")
    return desk.page(
        request, "receipt.html", record=record, said=SAID, yours=record["person"] == session.person_id
    )


def _citizen_page(request: Request, given: Citizen, error: FrontlineError | None = None) -> Response:
    desk = desk_of(request)
    notice = desk.assistant.consents.current_notice(CITIZEN_PARTICIPATION)
    needed = required(desk.assistant.consents)
    return desk.page(
        request, "citizen.html", status=error.status if error else 200, given=given, error=error, notice=notice,
        text=drawn(notice.text), required=[SAID[purpose] for purpose in needed],
        further=[(purpose.value, SAID[purpose]) for purpose in map(Purpose, notice.terms.purposes) if purpose not in needed],
    )  # fmt: skip


def _texts(desk: Desk) -> dict[str, object]:
    return {name: drawn(desk.assistant.consents.current_notice(name).text) for name in OWN}
