"""Files that wait for a person before they may be quoted: why each waits, and the decision with its reason."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.answers import Role
from assistant.web.desk import Desk, desk_of, require, signed_in
from governance.errors import FrontlineError, ReasonMissing, RequestInvalid
from ingest.catalogue import Catalogue
from ingest.quarantine import Held, Quarantine
from ingest.sources.uploads import NAME as UPLOADS

router = APIRouter()

DECIDES = frozenset({Role.EXPERT, Role.ADMINISTRATOR})
"""Roles that let a file in or keep it out."""
READS = DECIDES | {Role.OFFICER}
LONGEST = 500


class Decided(BaseModel):
    """The form under a file, as it was typed."""

    decision: str = ""
    why: str = ""
    token: str = ""


@router.get("/guidance/quarantine")
def waiting(request: Request, state: str = "waiting") -> Response:
    """What waits, the oldest first; with ``state=all``, what was decided too."""
    require(signed_in(request), READS, "see what waits to be taken in")
    return _page(request, everything=state == "all")


@router.post("/guidance/quarantine/{held_id}")
def decide(request: Request, held_id: str, given: Annotated[Decided, Form()]) -> Response:
    """Let a file in at the next ingestion, or keep it out; for exactly the bytes that were seen."""
    desk = desk_of(request)
    session = signed_in(request)
    require(session, DECIDES, "decide what is taken in")
    try:
        desk.sessions.check(session, given.token)
        if given.decision not in ("release", "reject"):
            raise RequestInvalid("Nothing was decided.", do="Choose whether the file is let in.")
        settle(desk, held_id, release=given.decision == "release", why=given.why, by=session.person_id)
    except FrontlineError as error:
        return _page(request, at=held_id, given=given, error=error)
    return RedirectResponse("/guidance/quarantine", status_code=303)


def settle(desk: Desk, held_id: str, *, release: bool, why: str, by: str) -> Held:
    """Let a file in at the next ingestion, which begins where it was uploaded, or keep it out.

    Raises ``ReasonMissing``, ``RedactionFailed``, ``QuarantineUnknown`` or ``QuarantineDecided``.
    """
    why = " ".join(why.split())
    if not 0 < len(why) <= LONGEST:
        raise ReasonMissing(f"A reason of 1 to {LONGEST} characters is needed.", do="Say why, in a sentence.")
    reason = desk.assistant.redactor.redact(why).text
    with opened(desk, by) as quarantine:
        decision = quarantine.release if release else quarantine.reject
        held = decision(held_id, by=by, why=reason, now=dt.datetime.now(dt.UTC))
    if release and held.source == UPLOADS:
        desk.assistant.intake.owe(UPLOADS)
    return held


@contextlib.contextmanager
def opened(desk: Desk, person: str) -> Iterator[Quarantine]:
    """What waits in the catalogue; decisions are recorded as the person's."""

    def record(type_: str, body: Mapping[str, Any]) -> None:
        desk.assistant.ledger.append(type_, body, actor=person, subject=str(body["held"]))

    catalogue = Catalogue.open(desk.assistant.settings.data_dir)
    try:
        yield Quarantine(catalogue, record)
    finally:
        catalogue.close()


def _page(
    request: Request,
    *,
    everything: bool = False,
    at: str = "",
    given: Decided | None = None,
    error: FrontlineError | None = None,
) -> Response:
    desk = desk_of(request)
    session = signed_in(request)
    with opened(desk, session.person_id) as quarantine:
        held = quarantine.list(everything=everything)
    return desk.page(
        request, "quarantine.html", status=error.status if error else 200, held=held, everything=everything,
        may_decide=session.person.role in DECIDES, at=at, given=given or Decided(), error=error, longest=LONGEST,
    )  # fmt: skip
