"""Why: an officer should not have to trust the database, the program that wrote it, or us.

Everything is derived again from the stored bytes: each entry's form and hash, the columns and the card that help to
find it, the agreements it records, every node of the tree, the keys that took over from one another, and the root that
every signed checkpoint states. Each
difference is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from governance import tables as t
from governance.ledger import rotation
from governance.ledger.card import FIELDS, card
from governance.ledger.entry import Entry, decode
from governance.ledger.note import CHECKPOINT_EVERY, Checkpoint, open_checkpoint
from governance.ledger.projections import TABLES, Problem, Projection, as_stored
from governance.ledger.tree import Roots
from governance.ledger.types import CLOCK_WENT_BACK
from governance.ledger.vault_rows import VaultRows

_BATCH = 1000
_ITS_CARD = t.cards.c.entry_index == t.entries.c.index


@dataclass(frozen=True)
class Verification:
    """The result of deriving the ledger again."""

    ok: bool
    size: int
    root: str
    """Root hash of all entries, in hexadecimal."""
    problems: tuple[Problem, ...]


def verify(connection: Connection, verifier: str) -> Verification:
    """Derive everything again, in one pass over the entries and bounded memory."""
    problems: list[Problem] = []
    roots = Roots()
    nodes = _Nodes(connection)
    projections: list[Projection | VaultRows] = [
        *(Projection(connection, *each) for each in TABLES),
        VaultRows(connection),
    ]
    keys = rotation.keys(connection, verifier)
    problems += keys.problems
    checkpoints, bad, sizes = _checkpoints(connection, keys)
    problems += bad
    problems += _check_root(checkpoints.pop(0, None), roots)
    expected = 0
    latest: dt.datetime | None = None
    for row in _rows(connection):
        index = row["index"]
        if index != expected:
            problems.append(Problem(f"entries {expected}", f"missing; the next is {index}"))
        expected = index + 1
        entry, wrong = _entry(row)
        problems += wrong
        problems += [] if entry is None else _card(entry, row)
        leaf = _bytes(row["leaf_hash"])
        if entry is not None:
            problems += [problem for each in projections for problem in each.check(entry)]
            leaf = entry.leaf_hash
            if latest is not None and entry.time < latest and entry.type != CLOCK_WENT_BACK:
                problems.append(
                    Problem(f"entries {index}", "its time is before that of the entry before it, unnoticed")
                )
            latest = entry.time
        for level, position, value in roots.add(leaf):
            problems += nodes.check(level, position, value)
        problems += _check_root(checkpoints.pop(roots.size, None), roots)
        if roots.size % CHECKPOINT_EVERY == 0 and roots.size not in sizes:
            problems.append(Problem(f"checkpoints {roots.size}", "missing"))
    problems += nodes.left()
    problems += _cards_of_nothing(connection)
    problems += [problem for each in projections for problem in each.left()]
    problems += [
        Problem(f"checkpoints {size}", f"it states {size} entries; there are {roots.size}")
        for size in sorted(checkpoints)
    ]
    return Verification(not problems, roots.size, roots.root().hex(), tuple(problems))


def _rows(connection: Connection) -> Iterator[Any]:
    """Entries as they are stored, each with its card where it has one."""
    cards = [column.label(f"card_{column.name}") for column in as_stored(t.cards)]
    query = select(*as_stored(t.entries), *cards).outerjoin_from(t.entries, t.cards, _ITS_CARD)
    query = query.order_by(t.entries.c.index).limit(_BATCH)
    after = query
    while True:
        rows = connection.execute(after).mappings().all()
        if not rows:
            return
        yield from rows
        after = query.where(t.entries.c.index > rows[-1]["index"])


def _entry(row: Any) -> tuple[Entry | None, list[Problem]]:
    where = f"entries {row['index']}"
    try:
        entry = decode(_bytes(row["data"]))
    except (ValueError, TypeError) as error:
        return None, [Problem(where, f"its bytes cannot be read: {error}")]
    wrong = []
    if entry.leaf_hash != row["leaf_hash"]:
        wrong.append(Problem(where, "its bytes do not have the stored leaf hash"))
    stated = {
        "index": entry.index, "time": entry.time.isoformat(timespec="microseconds"), "type": entry.type,
        "actor": entry.actor, "subject": entry.subject,
    }  # fmt: skip
    wrong += [
        Problem(where, f"column {name} is {row[name]!r}, its bytes say {value!r}")
        for name, value in stated.items()
        if row[name] != value
    ]
    return entry, wrong


def _card(entry: Entry, row: Any) -> list[Problem]:
    where = f"cards {row['index']}"
    said = card(entry)
    if row["card_entry_index"] is None or said is None:
        if said is None and row["card_entry_index"] is None:
            return []
        return [Problem(where, "missing" if said else f"entry {row['index']} says nothing for a card")]
    return [
        Problem(where, f"column {name} is {row[f'card_{name}']!r}, entry {row['index']} says {said[name]!r}")
        for name in FIELDS
        if row[f"card_{name}"] != said[name]
    ]


def _cards_of_nothing(connection: Connection) -> list[Problem]:
    entry = select(t.entries.c.index).where(_ITS_CARD).exists()
    indices = connection.execute(select(t.cards.c.entry_index).where(~entry).order_by(t.cards.c.entry_index))
    return [Problem(f"cards {index}", f"there is no entry {index}") for index in indices.scalars()]


def _checkpoints(
    connection: Connection, keys: rotation.Keys
) -> tuple[dict[int, Checkpoint], list[Problem], set[Any]]:
    """What the good ones state, what is wrong with the others, and the sizes of all."""
    found: dict[int, Checkpoint] = {}
    problems = []
    sizes = set()
    for row in connection.execute(select(*as_stored(t.checkpoints)).order_by(t.checkpoints.c.size)):
        where = f"checkpoints {row.size}"
        sizes.add(row.size)
        try:
            checkpoint = open_checkpoint(str(row.note), keys.of(row.size))
        except ValueError as error:
            problems.append(Problem(where, f"it cannot be trusted: {error}"))
            continue
        if checkpoint.size != row.size:
            problems.append(Problem(where, f"it was signed for {checkpoint.size} entries"))
        found[checkpoint.size] = checkpoint
    return found, problems, sizes


def _check_root(checkpoint: Checkpoint | None, roots: Roots) -> list[Problem]:
    if checkpoint is None or checkpoint.root == roots.root():
        return []
    return [Problem(f"checkpoints {checkpoint.size}", "the entries do not have the root that was signed")]


class _Nodes:
    """Stored nodes, read in the order in which appending made them."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(*as_stored(t.nodes)))
        self._stored = {(row.level, row.position): row.hash for row in rows}

    def check(self, level: int, position: int, value: bytes) -> list[Problem]:
        stored = self._stored.pop((level, position), None)
        if stored == value:
            return []
        return [
            Problem(
                f"nodes {level}/{position}", "missing" if stored is None else "not the hash of its leaves"
            )
        ]

    def left(self) -> list[Problem]:
        return [
            Problem(f"nodes {level}/{position}", "of no entries")
            for level, position in sorted(self._stored, key=str)
        ]


def _bytes(value: Any) -> bytes:
    """What a column holds, or nothing where it holds no bytes."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
