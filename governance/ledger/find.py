"""Why: an officer asks "which answers of last week went unanswered in Wales?", not for indices.

Columns narrow the search down; what stands only in the entries' bytes (role, outcome, prompt, snapshot) is read there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from governance import tables as t
from governance.ledger.entry import Entry
from governance.ledger.stored import decoded
from governance.stamps import stamp

_BATCH = 500
ANSWER = "answer"


@dataclass(frozen=True)
class Wanted:
    """What to look for; None: anything."""

    type: str | None = None
    """A whole type, or the beginning of one with a star (``egress.*``)."""
    actor: str | None = None
    subject: str | None = None
    since: dt.datetime | None = None
    """Included."""
    until: dt.datetime | None = None
    """Not included."""
    role: str | None = None
    """Role of whoever asked, or acted."""
    outcome: str | None = None
    """Of answers."""
    prompt: str | None = None
    """Template of answers, as ``id`` or ``id/version``."""
    snapshot: str | None = None
    """Id of the guidance's state that answers were made from."""
    after: int = -1
    newest_first: bool = False

    @property
    def answers_only(self) -> bool:
        """Whether only an answer can fit."""
        return any((self.outcome, self.prompt, self.snapshot))

    def fits(self, entry: Entry) -> bool:
        """Whether an entry's bytes say what is wanted."""
        if self.answers_only and entry.type != ANSWER:
            return False
        wanted = (
            (self.role, (role_of(entry),)),
            (self.outcome, (outcome_of(entry),)),
            (self.prompt, _prompts(entry)),
            (self.snapshot, (snapshot_of(entry),)),
        )
        return all(value is None or value in said for value, said in wanted)


def found(connection: Connection, wanted: Wanted) -> Iterator[Entry]:
    """Entries that are wanted, in order."""
    column = t.entries.c.index
    query = select(column, t.entries.c.data).where(column > wanted.after).limit(_BATCH)
    query = query.order_by(column.desc() if wanted.newest_first else column)
    type_ = ANSWER if wanted.answers_only and wanted.type is None else wanted.type
    for where, value in ((t.entries.c.actor, wanted.actor), (t.entries.c.subject, wanted.subject)):
        if value is not None:
            query = query.where(where == value)
    if type_ is not None:
        begins = type_.endswith("*")
        query = query.where(
            t.entries.c.type.startswith(type_[:-1], autoescape=True) if begins else t.entries.c.type == type_
        )
    if wanted.since is not None:
        query = query.where(t.entries.c.time >= stamp(wanted.since))
    if wanted.until is not None:
        query = query.where(t.entries.c.time < stamp(wanted.until))
    page = query
    while rows := connection.execute(page).all():
        for index, data in rows:
            entry = decoded(index, data)
            if wanted.fits(entry):
                yield entry
        last = rows[-1][0]
        page = query.where(column < last if wanted.newest_first else column > last)


def role_of(entry: Entry) -> str:
    """Role of whoever acted; empty where the entry does not say."""
    return str(_in(entry.body, "people", "role") or entry.body.get("role") or "")


def outcome_of(entry: Entry) -> str:
    """Outcome of an answer; empty for another entry."""
    return str(_in(entry.body, "decision", "outcome") or "")


def snapshot_of(entry: Entry) -> str:
    """State of the guidance that an answer was made from; empty where nothing was searched."""
    return str(_in(entry.body, "retrieval", "snapshot_id") or "")


def _prompts(entry: Entry) -> tuple[str, ...]:
    name, version = _in(entry.body, "prompt", "template_id"), _in(entry.body, "prompt", "version")
    return (str(name), f"{name}/{version}") if name else ()


def _in(body: dict[str, Any], *names: str) -> Any:
    value: Any = body
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
