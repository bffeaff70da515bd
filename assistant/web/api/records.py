"""The ledger, for officers. Each reading is itself an entry, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from assistant.answers import Person, Role
from assistant.web.api.callers import Caller, Reason, allow, may_answer
from assistant.web.desk import Desk, desk_of
from assistant.web.tasks import readings
from assistant.web.tasks.audit import wanted
from governance.ledger import Entry

router = APIRouter(tags=["records"])
Text = Annotated[str, Query(max_length=128)]
Day = Annotated[str, Query(max_length=10, description="YYYY-MM-DD, UTC; included.")]


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


class EntryWhole(BaseModel):
    """One entry, and every entry about the same thing, oldest first."""

    entry: EntryShown
    about: list[EntryShown]


class Verified(BaseModel):
    """The ledger, derived again from its stored bytes."""

    ok: bool
    size: int
    root: str
    problems: list[str]


@router.get("/ledger/entries", responses=may_answer())
def entries(
    request: Request,
    person: Caller,
    reason: Reason,
    type: Annotated[str, Query(max_length=64, description="Whole, or its beginning with a star.")] = "",
    actor: Text = "",
    subject: Annotated[str, Query(max_length=128, description="What it is about: an answer's id, say.")] = "",
    role: Annotated[str, Query(max_length=64, description="Of whoever asked, or acted.")] = "",
    outcome: Annotated[str, Query(max_length=64, description="Of answers.")] = "",
    prompt: Annotated[str, Query(max_length=128, description="Of answers: id, or id/version.")] = "",
    snapshot: Annotated[str, Query(max_length=128, description="Of answers.")] = "",
    since: Day = "",
    until: Day = "",
    after: Annotated[int, Query(ge=-1, le=2**53)] = -1,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Entries:
    """Entries of the ledger that the filters want. That they were read, and why, is an entry too."""
    desk = _officers(request, person, "read the ledger")
    given = {"type": type, "actor": actor, "subject": subject, "role": role, "outcome": outcome, "prompt": prompt,
             "snapshot": snapshot, "since": since, "until": until}  # fmt: skip
    asked = {name: value for name, value in given.items() if value}
    sought = replace(wanted(asked), newest_first=False, after=after)
    found = desk.assistant.ledger.find(sought, limit=limit + 1)
    shown = found[:limit]
    readings.record(desk, person, reason, "ledger", channel="api", entries=len(shown), **asked)
    return Entries(entries=_shown(shown), after=shown[-1].index if len(found) > limit else None)


@router.get("/ledger/entries/{index}", responses=may_answer(404))
def entry(request: Request, index: int, person: Caller, reason: Reason) -> EntryWhole:
    """One entry, and everything else about the same thing."""
    desk = _officers(request, person, "read the ledger")
    found = desk.assistant.ledger.entry(index)
    about = desk.assistant.ledger.about(found.subject)
    readings.record(desk, person, reason, "entry", channel="api", about=found.subject, entry=index)
    return EntryWhole(entry=_shown([found])[0], about=_shown(about))


@router.get("/ledger/entries/{index}/proof", responses=may_answer(404))
def proof(request: Request, index: int, person: Caller, reason: Reason) -> dict[str, Any]:
    """One entry with all that shows it to be in the ledger."""
    desk = _officers(request, person, "export a proof")
    made = desk.assistant.ledger.prove(index)
    readings.record(desk, person, reason, "proof", channel="api", entry=index)
    return made


@router.get("/ledger/verification", responses=may_answer())
def verify(request: Request, person: Caller, reason: Reason) -> Verified:
    """Derive the ledger again, and name every difference."""
    desk = _officers(request, person, "verify the ledger")
    found = desk.assistant.ledger.verify()
    readings.record(desk, person, reason, "verification", channel="api", ok=found.ok)
    return Verified(
        ok=found.ok, size=found.size, root=found.root, problems=[str(one) for one in found.problems]
    )


def _officers(request: Request, person: Person, what: str) -> Desk:
    allow(person, {Role.OFFICER}, what)
    return desk_of(request)


def _shown(found: Sequence[Entry]) -> list[EntryShown]:
    return [
        EntryShown(
            index=e.index, time=e.time, type=e.type, actor=e.actor, subject=e.subject, body=e.body,
            leaf_hash=e.leaf_hash.hex(),
        )
        for e in found
    ]  # fmt: skip
