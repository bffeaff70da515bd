"""Why: an officer asks "which answers of last week went unanswered in Wales?", not for indices.

Columns narrow the search down; what stands only in the entries' bytes (role, outcome, prompt, snapshot) is read there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Connection, Select, select

from governance import tables as t
from governance.errors import LedgerBroken
from governance.ledger import inside
from governance.ledger.entry import Entry
from governance.ledger.stored import decoded
from governance.stamps import stamp

_BATCH = 500
ANSWER = "answer"


class Spoken(Protocol):
    """What can be asked what stands in an entry."""

    @property
    def index(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def body(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Sketch:
    """An entry as its columns say, for lists of many; its bytes are read when its body is asked for, and not verified."""

    index: int
    time: dt.datetime
    type: str
    actor: str
    subject: str
    data: bytes

    @cached_property
    def body(self) -> dict[str, Any]:
        """What the entry says. Raises ``LedgerBroken``."""
        try:
            said: dict[str, Any] = json.loads(self.data)["body"]
        except (ValueError, KeyError, TypeError) as error:
            raise LedgerBroken(f"Entry {self.index} cannot be read.", do="Verify the ledger.") from error
        return said


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

    def fits(self, entry: Spoken) -> bool:
        """Whether an entry's bytes say what is wanted."""
        if self.answers_only and entry.type != ANSWER:
            return False
        return (
            (self.role is None or self.role == role_of(entry))
            and (self.outcome is None or self.outcome == outcome_of(entry))
            and (self.prompt is None or self.prompt in _prompts(entry))
            and (self.snapshot is None or self.snapshot == snapshot_of(entry))
        )


def found(connection: Connection, wanted: Wanted) -> Iterator[Entry]:
    """Entries that are wanted, in order."""
    query = _narrowed(select(t.entries.c.index, t.entries.c.data), wanted, connection.dialect.name)
    for index, data in _pages(connection, query, wanted):
        entry = decoded(index, data)
        if wanted.fits(entry):
            yield entry


def sketched(connection: Connection, wanted: Wanted) -> Iterator[Sketch]:
    """The same as sketches."""
    e = t.entries.c
    columns = select(e.index, e.time, e.type, e.actor, e.subject, e.data)
    for row in _pages(connection, _narrowed(columns, wanted, connection.dialect.name), wanted):
        sketch = Sketch(row[0], dt.datetime.fromisoformat(row[1]), row[2], row[3], row[4], bytes(row[5]))
        if wanted.fits(sketch):
            yield sketch


def _narrowed(query: Select[Any], wanted: Wanted, dialect: str) -> Select[Any]:
    """What columns say, and of what stands in the bytes alone, that the words are somewhere in them."""
    column = t.entries.c.index
    query = query.where(column > wanted.after).limit(_BATCH)
    query = query.order_by(column.desc() if wanted.newest_first else column)
    type_ = ANSWER if wanted.answers_only and wanted.type is None else wanted.type
    for where, value in ((t.entries.c.actor, wanted.actor), (t.entries.c.subject, wanted.subject)):
        if value is not None:
            query = query.where(where == value)
    for name, value in (("role", wanted.role), ("outcome", wanted.outcome), ("snapshot_id", wanted.snapshot)):
        if value is not None:
            query = query.where(inside.holds(dialect, name, value))
    if type_ is not None:
        begins = type_.endswith("*")
        query = query.where(
            t.entries.c.type.startswith(type_[:-1], autoescape=True) if begins else t.entries.c.type == type_
        )
    if wanted.since is not None:
        query = query.where(t.entries.c.time >= stamp(wanted.since))
    if wanted.until is not None:
        query = query.where(t.entries.c.time < stamp(wanted.until))
    return query


def _pages(connection: Connection, query: Select[Any], wanted: Wanted) -> Iterator[Any]:
    """Rows, a batch at a time."""
    column, page = t.entries.c.index, query
    while rows := connection.execute(page).all():
        yield from rows
        last = rows[-1][0]
        page = query.where(column < last if wanted.newest_first else column > last)


def role_of(entry: Spoken) -> str:
    """Role of whoever acted; empty where the entry does not say."""
    return str(_in(entry.body, "people", "role") or entry.body.get("role") or "")


def outcome_of(entry: Spoken) -> str:
    """Outcome of an answer; empty for another entry."""
    return str(_in(entry.body, "decision", "outcome") or "")


def snapshot_of(entry: Spoken) -> str:
    """State of the guidance that an answer was made from; empty where nothing was searched."""
    return str(_in(entry.body, "retrieval", "snapshot_id") or "")


def _prompts(entry: Spoken) -> tuple[str, ...]:
    name, version = _in(entry.body, "prompt", "template_id"), _in(entry.body, "prompt", "version")
    return (str(name), f"{name}/{version}") if name else ()


def _in(body: dict[str, Any], *names: str) -> Any:
    value: Any = body
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
