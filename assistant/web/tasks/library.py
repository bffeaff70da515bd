"""Guidance as a whole: what everybody may read, what is in force, what is due for review, what came in last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from assistant.answers import Role
from assistant.web.desk import Desk
from governance.ledger import Entry
from governance.ledger.find import Wanted
from ingest.documents import Clearance, Version

SOON = dt.timedelta(days=60)
"""How long before its day a review is listed as due."""
INGESTIONS_OF = dt.timedelta(days=365)
"""How far back ingestions are listed."""
MINDS_GUIDANCE = frozenset({Role.EXPERT, Role.OFFICER, Role.ADMINISTRATOR})
"""Roles that see what was asked and not found, and what came in."""


def readable(versions: Iterable[Version]) -> list[Version]:
    """Those that everyone who may sign in may read."""
    return [version for version in versions if Clearance.OFFICIAL.reads(version.metadata.clearance)]


def usual(versions: Sequence[Version], today: dt.date) -> Version:
    """The version in force on a day, else the last."""
    return next((one for one in reversed(versions) if one.in_force(today)), versions[-1])


def in_use(desk: Desk, today: dt.date) -> list[Version]:
    """Every document, in the version in force on a day, or its last."""
    by_document: dict[str, list[Version]] = {}
    for version in readable(desk.assistant.snapshots.current().documents()):
        by_document.setdefault(version.document_id, []).append(version)
    return [usual(versions, today) for versions in by_document.values()]


def due_for_review(desk: Desk, today: dt.date) -> list[Version]:
    """Documents in force whose review is past or near."""
    return [
        v
        for v in in_use(desk, today)
        if v.metadata.review_due and v.in_force(today) and v.metadata.review_due <= today + SOON
    ]


def ingestions(desk: Desk) -> list[Entry]:
    """What the ingestions of a year did, oldest first."""
    since = dt.datetime.now(dt.UTC) - INGESTIONS_OF
    return list(desk.assistant.ledger.scan(Wanted(type="ingestion.finished", since=since)))


def this_day() -> dt.date:
    """The day on the reader's calendar."""
    return dt.datetime.now().astimezone().date()
