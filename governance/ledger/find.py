"""Why: an officer asks "which answers of last week went unanswered in Wales?", not for indices.

Columns and cards narrow the search down. Of an entry that is found its bytes are read, and must say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, false, func, or_, select

from governance import tables as t
from governance.ledger.card import may_stand, outcome_of, prompts_of, role_of, snapshot_of
from governance.ledger.entry import Entry
from governance.ledger.stored import decoded
from governance.stamps import stamp

_BATCH = 500
ANSWER = "answer"


@dataclass(frozen=True)
class Sketch:
    """An entry as its columns and its card say, for lists of many; its bytes are not read."""

    index: int
    time: dt.datetime
    type: str
    actor: str
    subject: str
    role: str
    """Role of whoever acted; empty where the entry does not say."""
    outcome: str
    """Outcome of an answer; empty for another entry."""


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
        return (
            (self.role is None or self.role == role_of(entry))
            and (self.outcome is None or self.outcome == outcome_of(entry))
            and (self.prompt is None or self.prompt in prompts_of(entry))
            and (self.snapshot is None or self.snapshot == snapshot_of(entry))
        )


def found(connection: Connection, wanted: Wanted) -> Iterator[Entry]:
    """Entries that are wanted, in order."""
    query = _narrowed(select(t.entries.c.index, t.entries.c.data), wanted)
    for index, data in _pages(connection, query, wanted):
        entry = decoded(index, data)
        if wanted.fits(entry):
            yield entry


def sketched(connection: Connection, wanted: Wanted) -> Iterator[Sketch]:
    """The same as sketches."""
    e, c = t.entries.c, t.cards.c
    columns = select(
        e.index, e.time, e.type, e.actor, e.subject, func.coalesce(c.role, ""), func.coalesce(c.outcome, "")
    )
    for index, time, *said in _pages(connection, _narrowed(columns, wanted), wanted):
        yield Sketch(index, dt.datetime.fromisoformat(time), *said)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """What columns say of an entry, and its card."""
    on_card = list(_on_card(wanted))
    column = _along(wanted)
    query = query.join_from(
        t.entries, t.cards, t.cards.c.entry_index == t.entries.c.index, isouter=not on_card
    )
    query = query.where(column > wanted.after, *on_card).limit(_BATCH)
    query = query.order_by(column.desc() if wanted.newest_first else column)
    for where, value in ((t.entries.c.actor, wanted.actor), (t.entries.c.subject, wanted.subject)):
        if value is not None:
            query = query.where(where == value)
    if wanted.answers_only:
        query = query.where(t.entries.c.type == ANSWER)
    if wanted.type is not None:
        begins = wanted.type.endswith("*")
        query = query.where(
            t.entries.c.type.startswith(wanted.type[:-1], autoescape=True)
            if begins
            else t.entries.c.type == wanted.type
        )
    if wanted.since is not None:
        query = query.where(t.entries.c.time >= stamp(wanted.since))
    if wanted.until is not None:
        query = query.where(t.entries.c.time < stamp(wanted.until))
    return query


def _on_card(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    c = t.cards.c
    for column, value in ((c.role, wanted.role), (c.outcome, wanted.outcome), (c.snapshot, wanted.snapshot)):
        if value:
            yield _says(column, value)
    if wanted.prompt:
        yield or_(_says(c.prompt, wanted.prompt), _says(c.prompt + "/" + c.prompt_version, wanted.prompt))


def _says(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return column == value if may_stand(value) else false()


def _along(wanted: Wanted) -> Column[Any]:
    """What a search goes along: the cards where one of their indices leads to what is wanted, in order."""
    indexed = wanted.role or wanted.outcome
    return t.cards.c.entry_index if indexed else t.entries.c.index


def _pages(connection: Connection, query: Select[Any], wanted: Wanted) -> Iterator[Any]:
    """Rows, a batch at a time."""
    column, page = _along(wanted), query
    while rows := connection.execute(page).all():
        yield from rows
        last = rows[-1][0]
        page = query.where(column < last if wanted.newest_first else column > last)
