"""The ledger for officers, and the switch for administrators."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.answers import Person, Role
from assistant.switch import SwitchState
from assistant.web.api.callers import Caller, caller, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.desk import desk_of
from governance.errors import NotPermitted

router = APIRouter(tags=["records"], route_class=Once)


class EntryShown(BaseModel):
    """One entry of the ledger."""

    index: int
    time: dt.datetime
    type: str
    actor: str
    subject: str
    body: dict[str, Any]
    leaf_hash: str


class Entries(BaseModel):
    """A page of entries, oldest first."""

    entries: list[EntryShown]
    after: int | None
    """Give it as ``after`` to get the next page; null: these are the last."""


class Verified(BaseModel):
    """The ledger, derived again from its stored bytes."""

    ok: bool
    size: int
    root: str
    problems: list[str]


class Switching(BaseModel):
    """Stopping answers, or letting them go on."""

    model_config = ConfigDict(extra="forbid")

    search_only: bool
    reason: str = Field(min_length=1, max_length=500)


Reason = Annotated[str, Query(min_length=3, max_length=200, description="Why it is read; recorded.")]


@router.get("/ledger/entries", responses=may_answer())
def entries(
    request: Request,
    person: Caller,
    reason: Reason,
    type: Annotated[str | None, Query(max_length=64)] = None,
    actor: Annotated[str | None, Query(max_length=128)] = None,
    after: Annotated[int, Query(ge=-1, le=2**53)] = -1,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Entries:
    """Entries of the ledger. That they were read, and why, is an entry too."""
    _officer(person, "read the ledger")
    ledger = desk_of(request).assistant.ledger
    found = ledger.entries(type=type, actor=actor, after=after, limit=limit + 1)
    shown, more = found[:limit], len(found) > limit
    body = {"entries": len(shown), "channel": "api", "reason": reason}
    ledger.append("ledger.read", body, actor=person.id)
    return Entries(
        entries=[
            EntryShown(
                index=e.index, time=e.time, type=e.type, actor=e.actor, subject=e.subject, body=e.body,
                leaf_hash=e.leaf_hash.hex(),
            )
            for e in shown
        ],
        after=shown[-1].index if more else None,
    )  # fmt: skip


@router.get("/ledger/entries/{index}/proof", responses=may_answer(404))
def proof(request: Request, index: int, person: Caller, reason: Reason) -> dict[str, Any]:
    """One entry with all that shows it to be in the ledger."""
    _officer(person, "export a proof")
    ledger = desk_of(request).assistant.ledger
    made = ledger.prove(index)
    ledger.append("ledger.read", {"proof_of": index, "channel": "api", "reason": reason}, actor=person.id)
    return made


@router.get("/ledger/verification", responses=may_answer())
def verify(request: Request, person: Caller) -> Verified:
    """Derive the ledger again, and name every difference."""
    _officer(person, "verify the ledger")
    found = desk_of(request).assistant.ledger.verify()
    return Verified(
        ok=found.ok, size=found.size, root=found.root, problems=[str(one) for one in found.problems]
    )


@router.get("/switch", dependencies=[Depends(caller)], responses=may_answer())
def switch(request: Request) -> SwitchState:
    """Whether answers are given."""
    return desk_of(request).assistant.switch.state()


@router.post("/switch", dependencies=[Depends(documented)], responses=may_answer(413, 415))
def throw(request: Request, given: Switching, person: Caller) -> SwitchState:
    """Stop answers from the next question on, or let them go on; for administrators."""
    return desk_of(request).assistant.switch.set(
        search_only=given.search_only, reason=given.reason, by=person
    )


def _officer(person: Person, what: str) -> None:
    if person.role not in (Role.OFFICER, Role.OPERATOR):
        raise NotPermitted(f"A {person.role} may not {what}.", do="Ask an information governance officer.")
