"""How entries and the tree over them lie in the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    CompoundSelect,
    Connection,
    LargeBinary,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from governance import tables as t
from governance.errors import EntryUnknown, LedgerBroken
from governance.ledger import tree
from governance.ledger.entry import Entry, decode
from governance.stamps import stamp

_Result = TypeVar("_Result")
_MOST = 2**31
"""More entries than the column of their indices can number."""


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


def finished(connection: Connection, entry: Entry) -> list[dict[str, Any]]:
    """Subtrees that an entry completes: one for each low bit of its index that is set."""
    levels = range((~entry.index & (entry.index + 1)).bit_length() - 1)
    _, of = _read(connection, [(level, (entry.index >> level) - 1) for level in levels])
    rows = []
    root = entry.leaf_hash
    for level in levels:
        root = tree.node_hash(of(level, (entry.index >> level) - 1), root)
        rows.append({"level": level + 1, "position": entry.index >> (level + 1), "hash": root})
    return rows


def derived(connection: Connection, size: int, work: Callable[[tree.Node], _Result]) -> _Result:
    """What ``work`` derives from hashes of complete subtrees among the first ``size`` entries.

    It is run twice: first to see which hashes it asks for, then with them, all read by one statement. Raises
    ``EntryUnknown`` where there are fewer entries, ``LedgerBroken`` where a hash is not there.
    """
    asked: list[tuple[int, int]] = []

    def note(level: int, position: int) -> bytes:
        asked.append((level, position))
        return tree.EMPTY_ROOT

    if 0 <= size < _MOST:
        work(note)
    whole, of = _read(connection, asked)
    within(size, whole)
    return work(of)


@lru_cache(maxsize=256)
def _hashes(nodes: int) -> CompoundSelect[Any]:
    """One statement for the number of entries, leaves, and so many nodes.

    Each node is asked for by a pair of its own: PostgreSQL reads every node of a level where levels and positions are two
    lists, and SQLite the whole table where pairs are one; by "or", both go by the table's key.
    """
    table = t.nodes.c
    pairs = [
        and_(table.level == bindparam(f"level{n}"), table.position == bindparam(f"position{n}"))
        for n in range(nodes)
    ]
    return union_all(
        select(
            literal(-1).label("level"),
            func.coalesce(func.max(t.entries.c.index) + 1, 0).label("position"),
            literal(None, LargeBinary).label("hash"),
        ),
        select(literal(0), t.entries.c.index, t.entries.c.leaf_hash).where(
            t.entries.c.index.in_(bindparam("leaves", expanding=True))
        ),
        select(table.level, table.position, table.hash).where(or_(false(), *pairs)),
    )


def _read(connection: Connection, asked: Sequence[tuple[int, int]]) -> tuple[int, tree.Node]:
    """How many entries there are, and the hashes asked for."""
    nodes = [each for each in dict.fromkeys(asked) if each[0]]
    wanted: dict[str, Any] = {"leaves": [position for level, position in asked if level == 0]}
    for n, (level, position) in enumerate(nodes):
        wanted |= {f"level{n}": level, f"position{n}": position}
    rows = connection.execute(_hashes(len(nodes)), wanted).all()
    found = {(level, position): value for level, position, value in rows}
    (whole,) = (position for level, position in found if level == -1)

    def of(level: int, position: int) -> bytes:
        value = found.get((level, position))
        if not isinstance(value, bytes):
            raise LedgerBroken(f"The ledger's node {level}/{position} is not there.", do="Verify the ledger.")
        return value

    return int(whole), of


def within(size: int, whole: int) -> int:
    """A size that the ledger has had. Raises ``EntryUnknown``."""
    if not 0 <= size <= whole:
        raise EntryUnknown(f"The ledger holds {whole} entries, not {size}.", do="Choose a smaller size.")
    return size
