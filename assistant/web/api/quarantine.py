"""Files that wait for a person before they may be quoted, and what was decided about them."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from assistant.web.api.callers import Caller, allow, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Given, Limit, Start, turned
from assistant.web.desk import desk_of
from assistant.web.tasks.quarantine import DECIDES, LONGEST, READS, opened, settle
from ingest.quarantine import Held

router = APIRouter(tags=["guidance"], route_class=Once)


class Waiting(BaseModel):
    """A page of files, the oldest first."""

    held: list[Held]
    next: int | None
    """Give it as ``start`` to get the next page; null: these are the last."""


class Settled(Given):
    """A decision, for exactly the bytes that were seen."""

    decision: Literal["release", "reject"]
    why: str = Field(min_length=1, max_length=LONGEST)


@router.get("/guidance/quarantine", responses=may_answer())
def waiting(
    request: Request, person: Caller, state: Literal["waiting", "all"] = "waiting", start: Start = 0, limit: Limit = 25
) -> Waiting:  # fmt: skip
    """What waits, with why; with `state=all`, what was decided too."""
    allow(person, READS, "see what waits to be taken in")
    with opened(desk_of(request), person.id) as quarantine:
        shown, more = turned(quarantine.list(everything=state == "all"), start, limit)
    return Waiting(held=shown, next=more)


@router.post(
    "/guidance/quarantine/{held_id}/decision",
    dependencies=[Depends(documented)],
    responses=may_answer(404, 413, 415),
)
def decide(request: Request, held_id: str, given: Settled, person: Caller) -> Held:
    """Let a file in at the next ingestion, or keep it out; for experts and administrators."""
    allow(person, DECIDES, "decide what is taken in")
    release = given.decision == "release"
    return settle(desk_of(request), held_id, release=release, why=given.why, by=person.id)
