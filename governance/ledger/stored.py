"""How entries and the tree over them lie in the tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Select, select

from governance import tables as t
from governance.errors import EntryUnknown, LedgerBroken
from governance.ledger import tree
from governance.ledger.entry import Entry, decode


def decoded(index: int, data: Any) -> Entry:
    """The entry that a row holds. Raises ``LedgerBroken``."""
    try:
        return decode(bytes(data))
    except (ValueError, TypeError) as error:
        raise LedgerBroken(f"Entry {index} cannot be read: {error}.", do="Verify the ledger.") from error


def row(entry: Entry) -> dict[str, Any]:
    """An entry as a row, with the columns that help to find it."""
    return {
        "index": entry.index, "data": entry.data, "leaf_hash": entry.leaf_hash, "time": stamp(entry.time),
        "type": entry.type, "actor": entry.actor, "subject": entry.subject,
    }  # fmt: skip


def stamp(time: dt.datetime) -> str:
    """UTC with microseconds, so that text order is time order."""
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")


def finished(connection: Connection, entry: Entry) -> list[dict[str, Any]]:
    """Subtrees that an entry completes: one for each low bit of its index that is set."""
    of = node(connection)
    rows = []
    level, position, root = 0, entry.index, entry.leaf_hash
    while position & 1:
        root = tree.node_hash(of(level, position - 1), root)
        level += 1
        position >>= 1
        rows.append({"level": level, "position": position, "hash": root})
    return rows


def node(connection: Connection) -> tree.Node:
    """Hashes of complete subtrees, as they are stored. Asking for one raises ``LedgerBroken`` where it is not there."""

    def stored(level: int, position: int) -> bytes:
        if level == 0:
            query: Select[Any] = select(t.entries.c.leaf_hash).where(t.entries.c.index == position)
        else:
            query = select(t.nodes.c.hash).where(t.nodes.c.level == level, t.nodes.c.position == position)
        value = connection.execute(query).scalar()
        if not isinstance(value, bytes):
            raise LedgerBroken(f"The ledger's node {level}/{position} is not there.", do="Verify the ledger.")
        return value

    return stored


def within(size: int, whole: int) -> int:
    """A size that the ledger has had. Raises ``EntryUnknown``."""
    if not 0 <= size <= whole:
        raise EntryUnknown(f"The ledger holds {whole} entries, not {size}.", do="Choose a smaller size.")
    return size
