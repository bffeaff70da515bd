"""The ledger for an information governance officer: its last entries, and whether it verifies."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.answers import Role
from assistant.web.desk import desk_of, require, signed_in

router = APIRouter()

SHOWN = 50
"""How many of the last entries are listed."""


@router.get("/audit")
def audit(request: Request) -> Response:
    """Derive the ledger again from its stored bytes, and list its end. That it was read is itself recorded."""
    session = signed_in(request)
    require(session, {Role.OFFICER}, "read the ledger")
    desk = desk_of(request)
    ledger = desk.assistant.ledger
    began = time.perf_counter()
    verification = ledger.verify()
    seconds = time.perf_counter() - began
    entries = ledger.entries(limit=SHOWN, newest_first=True)
    ledger.append("ledger.read", {"entries": len(entries), "channel": "page"}, actor=session.person_id)
    return desk.page(request, "audit.html", verification=verification, seconds=seconds, entries=entries)
