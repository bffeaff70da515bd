"""The ledger for an information governance officer: found by what is asked for, and whether it verifies."""

from __future__ import annotations

import itertools
import time

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.answers import Outcome, Role
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.pages.listing import Column, listing
from assistant.web.tasks import readings
from assistant.web.tasks.audit import wanted
from governance.errors import DateInvalid, FrontlineError
from governance.ledger.find import Sketch

router = APIRouter()

MOST = 2000
"""How many entries are looked through at most; narrower filters reach the rest."""
FILTERS = ("type", "outcome", "role", "actor", "subject", "prompt", "snapshot", "since", "until")


@router.get("/audit")
def audit(request: Request) -> Response:
    """Entries that the filters want, newest first. That they were read is itself recorded."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read the ledger")
    desk = desk_of(request)
    asked = {name: value for name in FILTERS if (value := request.query_params.get(name, "").strip())}
    error: FrontlineError | None = None
    try:
        entries = list(itertools.islice(desk.assistant.ledger.sketches(wanted(asked)), MOST))
    except DateInvalid as invalid:
        entries, error = [], invalid
    form = request.query_params.get("format", "page")
    readings.read(desk, session, "ledger", entries=len(entries), form=form, **asked)
    columns: tuple[Column[Sketch], ...] = (
        Column("index", "Entry", lambda e: e.index, lambda e: f"/audit/{e.index}"),
        Column("time", "Time (UTC)", lambda e: e.time),
        Column("type", "Type", lambda e: e.type),
        Column("outcome", "Outcome", lambda e: e.outcome.replace("_", " ")),
        Column("role", "Role", lambda e: e.role),
        Column("actor", "By", lambda e: e.actor),
        Column("subject", "About", lambda e: e.subject, lambda e: _about(e)),
    )
    made = listing(request, "Entries", columns, entries, sort="index", descending=True)
    if isinstance(made, Response):
        return made
    return desk.page(
        request, "audit.html", status=error.status if error else 200, listing=made, asked=asked, error=error,
        outcomes=[outcome.value for outcome in Outcome], roles=[role.value for role in Role], most=MOST,
        cut=len(entries) == MOST, reading_for=session.reading_for,
    )  # fmt: skip


@router.get("/audit/verification")
def verification(request: Request) -> Response:
    """Derive the whole ledger again from its stored bytes."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "verify the ledger")
    desk = desk_of(request)
    began = time.perf_counter()
    found = desk.assistant.ledger.verify()
    seconds = time.perf_counter() - began
    readings.read(desk, session, "verification", ok=found.ok)
    return desk.page(request, "verification.html", verification=found, seconds=seconds)


@router.get("/audit/{index}")
def entry(request: Request, index: int) -> Response:
    """One entry, as it stands, and everything else about the same thing."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read the ledger")
    desk = desk_of(request)
    found = desk.assistant.ledger.entry(index)
    about = desk.assistant.ledger.about(found.subject)
    readings.read(desk, session, "entry", about=found.subject, entry=index)
    return desk.page(request, "entry.html", entry=found, about=about, text=found.data.decode("utf-8"))


def _about(entry: Sketch) -> str:
    return f"/answers/{entry.subject}/explanation" if entry.type == "answer" else ""
