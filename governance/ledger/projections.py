"""Why: agreements, holds and hand-overs are looked up in tables of their own, so each table is held to the entries it
was made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

from governance import tables as t
from governance.ledger.entry import Entry

TABLES = (("agreement.", t.consents), ("hold.", t.holds), ("handover.", t.handovers))
"""What the type of an entry begins with, and the table in which such an entry has one row."""


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it must be."""

    where: str
    """Table and row: "entries 17"."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def as_stored(table: Table) -> list[ColumnElement[Any]]:
    """The columns of a table, read as they lie there: a value of the wrong type is found, not stumbled over."""
    return [type_coerce(column, NullType()).label(column.name) for column in table.columns]


class Projection:
    """Rows of one table, each of which one entry accounts for."""

    def __init__(self, connection: Connection, prefix: str, table: Table) -> None:
        self._prefix = prefix
        self._table = table.name
        self._key = next(iter(table.primary_key.columns)).name
        self._rows: dict[Any, list[dict[str, Any]]] = {}
        for row in connection.execute(select(*as_stored(table))).mappings():
            self._rows.setdefault(row["entry_index"], []).append(dict(row))

    def check(self, entry: Entry) -> Sequence[Problem]:
        """What the row of an entry has wrong; nothing for an entry of another type."""
        if not entry.type.startswith(self._prefix):
            return ()
        rows = self._rows.pop(entry.index, [])
        if len(rows) != 1:
            what = f"{len(rows)} rows for entry {entry.index}, where there must be one"
            return (Problem(f"{self._table} {entry.body.get(self._key)}", what),)
        said = {**entry.body, "entry_index": entry.index}
        return [
            Problem(
                f"{self._table} {rows[0][self._key]}",
                f"column {name} is {value!r}, entry {entry.index} says {said.get(name)!r}",
            )
            for name, value in rows[0].items()
            if _plain(name, value) != said.get(name)
        ]

    def left(self) -> list[Problem]:
        """Rows that no entry accounts for."""
        return [
            Problem(f"{self._table} {row[self._key]}", f"no entry {index} records it")
            for index, rows in self._rows.items()
            for row in rows
        ]


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it; SQLite keeps a list as text."""
    if name != "purposes" or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
