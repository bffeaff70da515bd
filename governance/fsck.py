"""Why: a ledger can verify and something beside it be wrong: a guard taken off, a key anybody may read, an answer whose
record says too little. This looks at all of it, and names each.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from governance import tables as t
from governance.completeness import missing_fields
from governance.database_role import may_alter
from governance.explanation import Explanation
from governance.ledger import Entry, Ledger, Problem, Wanted
from governance.ledger.note import open_checkpoint
from governance.ledger.types import known
from governance.store import Store

_SQLITE_GUARDS = ("no_update", "no_delete", "no_replace")
_POSTGRESQL_GUARDS = ("append_only", "no_truncate")


@dataclass(frozen=True)
class Checked:
    """What was found."""

    ok: bool
    entries: int
    root: str
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    """What is not wrong, and could be better."""


def check(store: Store, ledger: Ledger, *, keys: Path, witnessed: Sequence[str] = ()) -> Checked:
    """Derive the ledger again, then look at its guards, its key, its answers and the checkpoints that were witnessed.

    ``keys`` is the folder of keys; ``witnessed`` are checkpoints kept elsewhere, which the ledger must still begin with.
    """
    verification = ledger.verify()
    problems = list(verification.problems)
    remarks: list[str] = []
    with store.read() as connection:
        problems += _guards(connection)
        if able := may_alter(connection):
            remarks.append(
                f"This database role may change {', '.join(able)}: run the program as one that may not (docs/audit.md)."
            )
    problems += _keys(keys)
    if not any(problem.where.startswith("entries") for problem in problems):
        problems += [problem for entry in ledger.scan(Wanted()) for problem in _entry(entry)]
    problems += _witnessed(ledger, verification.size, witnessed)
    if not witnessed:
        remarks.append(
            "No witnessed checkpoint was given: entries removed at the end would not be seen here."
        )
    return Checked(not problems, verification.size, verification.root, tuple(problems), tuple(remarks))


def _guards(connection: Connection) -> Iterator[Problem]:
    wanted: tuple[str, ...]
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        wanted = _SQLITE_GUARDS
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        wanted = _POSTGRESQL_GUARDS
    there = set(connection.execute(text(query)).scalars())
    for table in t.APPEND_ONLY:
        for guard in wanted:
            if f"{table}_{guard}" not in there:
                yield Problem(table, f"its guard {table}_{guard} was taken off")


def _keys(folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.glob("*.pem")) if folder.is_dir() else []:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Problem(f"keys/{path.name}", "others than its owner may read it")


def _entry(entry: Entry) -> Iterator[Problem]:
    where = f"entries {entry.index}"
    if known(entry.type) is None:
        yield Problem(where, f"no kind of entry is called {entry.type!r}")
    if entry.type == "answer":
        try:
            missing = missing_fields(Explanation.from_body(entry.body))
        except ValueError as error:
            yield Problem(where, f"the record of its answer cannot be read: {error}".split("\n")[0])
        else:
            if missing:
                yield Problem(where, f"the record of its answer does not say {', '.join(missing)}")


def _witnessed(ledger: Ledger, size: int, notes: Sequence[str]) -> Iterator[Problem]:
    keys = ledger.keys()
    for note in notes:
        lines = note.split("\n")
        where = f"witnessed checkpoint of {lines[1] if len(lines) > 1 else '?'} entries"
        try:
            checkpoint = open_checkpoint(note, keys.of(int(lines[1])))
        except (ValueError, IndexError) as error:
            yield Problem(where, f"it is not this ledger's: {error}")
            continue
        if checkpoint.size > size:
            yield Problem(where, f"there are {size} now: the ledger was rolled back")
        elif ledger.root(checkpoint.size) != checkpoint.root:
            yield Problem(where, "the ledger no longer begins with them: its history was changed")
