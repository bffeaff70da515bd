"""What is held: documents, the passages of a version, what changed, what is due, what was asked and is not there."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from assistant.web.api.callers import Caller, ReasonIfAny, allow, caller, may_answer
from assistant.web.api.shapes import Limit, Start, turned
from assistant.web.desk import desk_of
from assistant.web.tasks import readings
from assistant.web.tasks.gaps import Gap, unanswered
from assistant.web.tasks.library import MINDS_GUIDANCE, due_for_review, ingestions, readable, this_day
from assistant.web.tasks.versions import Compared, compared
from governance.errors import DocumentUnknown
from ingest.documents import Passage, Version

router = APIRouter(tags=["guidance"])


class Documents(BaseModel):
    """A page of versions, by title."""

    versions: list[Version]
    next: int | None
    """Give it as ``start`` to get the next page; null: these are the last."""


class Document(BaseModel):
    """A version and its passages."""

    version: Version
    passages: list[Passage]


class Gaps(BaseModel):
    """A page of what was asked and is not in the guidance, the most often asked first."""

    gaps: list[Gap]
    next: int | None


class Ingestion(BaseModel):
    """What one run took in."""

    entry: int
    """Of the ledger."""
    time: dt.datetime
    told: dict[str, Any]
    """Its source and its figures."""


class Ingestions(BaseModel):
    """A page of runs, the newest first."""

    ingestions: list[Ingestion]
    next: int | None


@router.get("/guidance", dependencies=[Depends(caller)], responses=may_answer())
def documents(request: Request, start: Start = 0, limit: Limit = 25) -> Documents:
    """Every version that is searched."""
    found = readable(desk_of(request).assistant.snapshots.current().documents())
    shown, more = turned(sorted(found, key=lambda one: (one.metadata.title, one.id)), start, limit)
    return Documents(versions=shown, next=more)


@router.get("/guidance/due", dependencies=[Depends(caller)], responses=may_answer())
def due(request: Request, start: Start = 0, limit: Limit = 25) -> Documents:
    """Documents in force whose review is past or within 60 days, the longest overdue first."""
    found = due_for_review(desk_of(request), this_day())
    shown, more = turned(sorted(found, key=lambda one: str(one.metadata.review_due)), start, limit)
    return Documents(versions=shown, next=more)


@router.get("/guidance/gaps", responses=may_answer())
def gaps(request: Request, person: Caller, reason: ReasonIfAny, start: Start = 0, limit: Limit = 25) -> Gaps:
    """What was asked in 90 days and is not in the guidance, redacted; for experts, officers and administrators."""
    allow(person, MINDS_GUIDANCE, "see what was asked and not found")
    desk = desk_of(request)
    readings.record(desk, person, reason, "guidance gaps", channel="api")
    shown, more = turned(sorted(unanswered(desk), key=lambda gap: gap.times, reverse=True), start, limit)
    return Gaps(gaps=shown, next=more)


@router.get("/guidance/ingestions", responses=may_answer())
def came_in(request: Request, person: Caller, start: Start = 0, limit: Limit = 25) -> Ingestions:
    """What the ingestions of a year did; for experts, officers and administrators."""
    allow(person, MINDS_GUIDANCE, "see what came in")
    shown, more = turned(ingestions(desk_of(request))[::-1], start, limit)
    return Ingestions(
        ingestions=[Ingestion(entry=e.index, time=e.time, told=e.body) for e in shown], next=more
    )


@router.get("/guidance/{document_id}", dependencies=[Depends(caller)], responses=may_answer(404))
def document(
    request: Request,
    document_id: str,
    version: Annotated[str, Query(max_length=64, description="Which version; none: the last.")] = "",
) -> Document:
    """One version of a document, whole."""
    snapshot = desk_of(request).assistant.snapshots.current()
    held = [one for one in readable(snapshot.document(document_id)) if version in ("", one.id)]
    if not held:
        raise DocumentUnknown("No guidance is kept here under this id.", do="List the guidance.")
    return Document(version=held[-1], passages=list(snapshot.passages_of(held[-1].id)))


@router.get("/guidance/{document_id}/changes", dependencies=[Depends(caller)], responses=may_answer(404))
def changes(
    request: Request,
    document_id: str,
    before: Annotated[str, Query(max_length=64, description="Id of a version.")] = "",
    after: Annotated[str, Query(max_length=64, description="Id of a version.")] = "",
) -> Compared:
    """What changed from one version to another; of the last two, where none are named."""
    return compared(desk_of(request).assistant.snapshots.current(), document_id, before, after)
