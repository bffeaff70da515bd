"""Files that wait for a person before they may be quoted: why each waits, and the decision with its reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.web.desk import desk_of, require, signed_in
from assistant.web.tasks.quarantine import DECIDES, LONGEST, READS, opened, settle
from governance.errors import FrontlineError, RequestInvalid

router = APIRouter()


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
