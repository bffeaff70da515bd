"""The register of agreements, for officers: who agreed to what under which code, and each person's history."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.agreements import latest
from assistant.answers import Role
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.pages.agreements import SAID
from assistant.web.pages.listing import Column, listing
from assistant.web.tasks import readings
from governance.consent import Purpose

router = APIRouter()


@router.get("/consents")
def register(request: Request) -> Response:
    """Where each agreement stands, the newest first."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read the consent register")
    desk = desk_of(request)
    readings.read(desk, session, "consent register", form=request.query_params.get("format", "page"))
    columns: tuple[Column[dict[str, Any]], ...] = (
        Column("person", "Code", lambda r: r["person"], lambda r: f"/consents/{r['person']}"),
        Column("role", "Who", lambda r: r["subject_role"].capitalize()),
        Column("notice", "Notice", lambda r: f"{r['notice_id']} {r['notice_version']}"),
        Column("state", "State", lambda r: r["state"].capitalize()),
        Column("purposes", "Purposes", lambda r: ", ".join(r["purposes"]).replace("_", " ")),
        Column("time", "Since", lambda r: r["time"][:16].replace("T", " ")),
        Column("expires", "Until", lambda r: r["expires"][:10]),
    )
    made = listing(
        request, "Agreements", columns, latest(desk.assistant.consents), sort="time", descending=True
    )
    return made if isinstance(made, Response) else desk.page(request, "consents.html", listing=made)


@router.get("/consents/{person_id}")
def person(request: Request, person_id: str) -> Response:
    """Every record about one person, oldest first."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read the consent register")
    desk = desk_of(request)
    records = desk.assistant.consents.history(person_id)
    readings.read(desk, session, "agreements of a person", about=person_id)
    decisions = [
        (SAID[purpose], desk.assistant.consents.decide(purpose, person_id, records[-1]["notice_id"]))
        for purpose in Purpose
    ]
    return desk.page(
        request, "person.html", records=records, person_id=person_id, decisions=decisions, said=SAID
    )
