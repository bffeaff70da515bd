"""Guidance as a whole: every document, what is due for review, what was asked and is not there, what came in last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.plural import plural
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.pages import plots
from assistant.web.pages.listing import Column, Listing, listing
from assistant.web.tasks import readings
from assistant.web.tasks.gaps import GAPS_OF, Gap, unanswered
from assistant.web.tasks.library import MINDS_GUIDANCE, due_for_review, in_use, ingestions, this_day
from assistant.web.wording import nations
from governance.ledger import Entry
from ingest.documents import Version

router = APIRouter()

DRAWN = 10
"""How many of them are drawn, those asked most."""


@router.get("/guidance")
def documents(request: Request) -> Response:
    """Every document, with the version that is in force today, or its last."""
    signed_in(request)
    desk = desk_of(request)
    today = this_day()
    columns: tuple[Column[Version], ...] = (
        Column("title", "Document", lambda v: v.metadata.title, _address),
        Column("nations", "Applies in", lambda v: nations(v.metadata.nations)),
        Column("from", "In force from", lambda v: v.metadata.valid_from),
        Column("to", "To", lambda v: v.metadata.valid_to),
        Column("due", "Review due", lambda v: v.metadata.review_due),
        Column("state", "Today", lambda v: "In force" if v.in_force(today) else "Not in force"),
        Column("kind", "Kind", lambda v: v.metadata.kind.value.capitalize()),
    )
    made = listing(request, "Documents", columns, in_use(desk, today), sort="title")
    return _page(request, made, "guidance.html", "documents")


@router.get("/guidance/due")
def due(request: Request) -> Response:
    """Documents in force whose review is past or near, the longest overdue first."""
    signed_in(request)
    today = this_day()
    rows = due_for_review(desk_of(request), today)
    columns: tuple[Column[Version], ...] = (
        Column("title", "Document", lambda v: v.metadata.title, _address),
        Column("due", "Review due", lambda v: v.metadata.review_due),
        Column("days", "Days left", lambda v: _days(today, v.metadata.review_due)),
        Column("publisher", "Publisher", lambda v: v.metadata.publisher),
    )
    made = listing(request, "Due for review", columns, rows, sort="due")
    return _page(request, made, "guidance.html", "due")


@router.get("/guidance/gaps")
def gaps(request: Request) -> Response:
    """What was asked and is not in the guidance, most often first. Questions are shown as they were kept: redacted."""
    session = signed_in(request)
    require(session, MINDS_GUIDANCE, "see what was asked and not found")
    desk = desk_of(request)
    readings.read(desk, session, "guidance gaps")
    found = unanswered(desk)
    columns: tuple[Column[Gap], ...] = (
        Column("question", "Asked", lambda g: g.question),
        Column("uncovered", "Not covered", lambda g: g.uncovered),
        Column("nation", "Nation", lambda g: nations([g.nation]) if g.nation else "All nations"),
        Column("times", "Times", lambda g: g.times),
        Column("last", "Last asked", lambda g: g.last),
    )
    made = listing(request, "Gaps in the guidance", columns, found, sort="times", descending=True)
    return _page(request, made, "guidance.html", "gaps", plot=_most(found))


@router.get("/guidance/changes")
def changes(request: Request) -> Response:
    """What the last ingestions did, newest first."""
    require(signed_in(request), MINDS_GUIDANCE, "see what came in")
    desk = desk_of(request)
    columns: tuple[Column[Entry], ...] = (
        Column("time", "When", lambda e: e.time),
        Column("source", "Source", lambda e: str(e.body.get("source", ""))),
        Column("added", "Added", lambda e: _count(e, "added")),
        Column("changed", "Changed", lambda e: _count(e, "changed")),
        Column("removed", "Removed", lambda e: _count(e, "removed")),
        Column("failed", "Not taken in", lambda e: _count(e, "failed")),
        Column("passages", "Passages", lambda e: _count(e, "passages")),
    )
    made = listing(request, "Ingestions", columns, ingestions(desk), sort="time", descending=True)
    return _page(request, made, "guidance.html", "changes")


def _most(found: Iterable[Gap]) -> plots.Plot | None:
    """The questions that were declined most."""
    most = sorted(found, key=lambda gap: (gap.times, gap.last), reverse=True)[:DRAWN]
    if not most:
        return None
    said = f"Asked most: “{most[0].question}”, {plural(most[0].times, 'time')} in {GAPS_OF.days} days."
    values = [plots.Value(gap.question, gap.times) for gap in most]
    return plots.bars("gaps", "Questions declined most", said, values, ("Question", "Times"))


def _address(version: Version) -> str:
    return f"/guidance/{version.document_id}?version={version.id}"


def _count(entry: Entry, name: str) -> int:
    return int(entry.body.get(name, 0))


def _days(today: dt.date, day: dt.date | None) -> int | None:
    return (day - today).days if day else None


def _page(
    request: Request, made: Listing | Response, template: str, view: str, plot: plots.Plot | None = None
) -> Response:
    if isinstance(made, Response):
        return made
    role = signed_in(request).person.role
    return desk_of(request).page(
        request, template, listing=made, view=view, minds_guidance=role in MINDS_GUIDANCE, most=plot
    )
