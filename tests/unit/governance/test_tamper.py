"""Whoever owns the database can change anything in it; verification finds each change and names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, delete, insert, select, text, update

from governance import tables as t
from governance.consent import Consents
from governance.ledger import Ledger, Signer
from governance.ledger.entry import decode, encode
from governance.ledger.tree import Roots
from governance.store import Store
from governance.tables import APPEND_ONLY, ERASABLE

TABLES = (*APPEND_ONLY, *ERASABLE)
COLUMNS = [(table, column.name) for table in TABLES for column in t.metadata.tables[table].columns]


def unguard(connection: Connection) -> None:
    """Take the guards off, as whoever owns the database can."""
    if connection.dialect.name == "sqlite":
        names = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        )
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def other(column: Column[Any], value: Any) -> Any:
    """Another value that the column can hold."""
    if column.name == "purposes":
        return [*value, "evaluation_reuse"]
    if isinstance(column.type, LargeBinary):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(column.type, Integer):
        return value + 1000
    if column.name == "time":
        return value.replace("2026", "2025")
    return ("x" + value[1:]) if value else "x"


def rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
    return [dict(row) for row in found]


def key(table: Table, row: dict[str, Any]) -> Any:
    columns = [column == row[column.name] for column in table.primary_key.columns]
    whole = columns[0]
    for column in columns[1:]:
        whole &= column
    return whole


def named(table: str, row: dict[str, Any]) -> str:
    """How a row is named in a problem."""
    first = list(t.metadata.tables[table].primary_key.columns)
    return f"{table} " + "/".join(str(row[column.name]) for column in first)


def test_every_table_of_records_is_in_the_matrix() -> None:
    assert set(TABLES) | set(t.PASSING) == set(t.metadata.tables)


@pytest.mark.parametrize(("table_name", "column_name"), COLUMNS)
def test_each_changed_column_of_each_row_is_found_and_named(
    ledger: Ledger, filled: Store, table_name: str, column_name: str
) -> None:
    table = t.metadata.tables[table_name]
    column = table.columns[column_name]
    with filled.write() as connection:
        unguard(connection)
        kept = rows(connection, table)
    assert len(kept) >= 2
    for row in kept:
        changed = {**row, column_name: other(column, row[column_name])}
        with filled.write() as connection:
            connection.execute(update(table).where(key(table, row)).values({column: changed[column_name]}))
        verified = ledger.verify()
        assert not verified.ok, (row, column_name)
        said = {problem.where for problem in verified.problems}
        assert said & {named(table_name, row), named(table_name, changed)}, (row, said)
        if table_name not in ("nodes", "checkpoints") and column_name not in (
            "wrapped",
            "sealed",
            "event_id",
            "payload_id",
            "key_id",
            "data",
            "leaf_hash",
            "record_id",
            "entry_index",
        ):
            assert any(f"column {column_name} is" in problem.what for problem in verified.problems)
        with filled.write() as connection:
            connection.execute(update(table).where(key(table, changed)).values({column: row[column_name]}))
        assert ledger.verify().ok


@pytest.mark.parametrize("table_name", TABLES)
def test_each_missing_row_is_found_and_named(ledger: Ledger, filled: Store, table_name: str) -> None:
    table = t.metadata.tables[table_name]
    with filled.write() as connection:
        unguard(connection)
        kept = rows(connection, table)
    newest = kept[-1] if table_name in ("entries", "checkpoints") else None
    for row in kept:
        with filled.write() as connection:
            connection.execute(delete(table).where(key(table, row)))
        verified = ledger.verify()
        said = {problem.where for problem in verified.problems}
        if table_name == "checkpoints":
            pass  # the remaining ones still hold; that one is gone is what a witness is for
        elif row is newest:
            assert any(where.startswith("checkpoints ") for where in said)
        else:
            assert named(table_name, row) in said, (row, said)
        with filled.write() as connection:
            connection.execute(insert(table).values(row))
        assert ledger.verify().ok


@pytest.mark.parametrize("table_name", TABLES)
def test_each_added_row_is_found_and_named(ledger: Ledger, filled: Store, table_name: str) -> None:
    table = t.metadata.tables[table_name]
    with filled.write() as connection:
        row = rows(connection, table)[-1]
        first = next(iter(table.primary_key.columns))
        extra = {**row, first.name: other(first, row[first.name])}
        if table_name == "vault_keys":
            extra["subject"] = "z9"  # no person has two keys; the database itself refuses that
        connection.execute(insert(table).values(extra))
    said = [problem.where for problem in ledger.verify().problems]
    assert named(table_name, extra) in said or table_name in ("consents", "holds", "handovers")
    assert said


def test_two_entries_that_change_places_are_found(ledger: Ledger, filled: Store) -> None:
    with filled.write() as connection:
        unguard(connection)
        one, two = rows(connection, t.entries)[1:3]
        connection.execute(delete(t.entries).where(t.entries.c.index.in_([1, 2])))
        connection.execute(insert(t.entries).values({**one, "index": 2}))
        connection.execute(insert(t.entries).values({**two, "index": 1}))
    said = [str(problem) for problem in ledger.verify().problems]
    assert "entries 1: column index is 1, its bytes say 2" in said
    assert "entries 2: column index is 2, its bytes say 1" in said


def rebuilt(connection: Connection, start: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Roots:
    """Write a whole new history, with every hash, column and node in agreement."""
    roots = Roots()
    old = rows(connection, t.entries)
    connection.execute(delete(t.entries))
    connection.execute(delete(t.nodes))
    for row in old:
        entry = decode(row["data"])
        body = change(entry.body) if entry.index == start else entry.body
        data = encode(index=entry.index, time=entry.time, type=entry.type, actor=entry.actor, subject=entry.subject,
                      body=body)  # fmt: skip
        connection.execute(
            insert(t.entries).values({**row, "data": data, "leaf_hash": decode(data).leaf_hash})
        )
        for level, position, value in roots.add(decode(data).leaf_hash):
            connection.execute(insert(t.nodes).values(level=level, position=position, hash=value))
    return roots


def test_a_history_rewritten_whole_is_betrayed_by_the_checkpoints(ledger: Ledger, filled: Store) -> None:
    with filled.write() as connection:
        unguard(connection)
        rebuilt(connection, 2, lambda body: {**body, "n": 99})
    problems = ledger.verify().problems
    assert {str(problem) for problem in problems} == {
        "checkpoints 7: the entries do not have the root that was signed",
        f"checkpoints {ledger.size()}: the entries do not have the root that was signed",
    }


def test_checkpoints_signed_again_with_another_key_are_betrayed_by_it(ledger: Ledger, filled: Store) -> None:
    forger = Signer(Ed25519PrivateKey.generate())
    with filled.write() as connection:
        unguard(connection)
        roots = rebuilt(connection, 2, lambda body: {**body, "n": 99})
        connection.execute(delete(t.checkpoints))
        connection.execute(
            insert(t.checkpoints).values(size=roots.size, note=forger.sign(roots.size, roots.root()))
        )
    (problem,) = ledger.verify().problems
    assert problem.where == f"checkpoints {ledger.size()}"
    assert "not signed by" in problem.what


def test_a_good_checkpoint_under_another_size_is_found(ledger: Ledger, filled: Store) -> None:
    with filled.write() as connection:
        unguard(connection)
        connection.execute(update(t.checkpoints).where(t.checkpoints.c.size == 7).values(size=5))
    (problem,) = ledger.verify().problems
    assert str(problem) == "checkpoints 5: it was signed for 7 entries"


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE entries SET data = 'text' WHERE \"index\" = 3", "entries 3"),
        ("UPDATE entries SET leaf_hash = 'text' WHERE \"index\" = 3", "entries 3"),
        ("UPDATE entries SET leaf_hash = 7, data = 7 WHERE \"index\" = 3", "entries 3"),
        ("UPDATE entries SET time = 5 WHERE \"index\" = 3", "entries 3"),
        ("UPDATE entries SET \"index\" = -4611686018427387905 WHERE \"index\" = 3", "entries 3"),
        ("UPDATE cards SET outcome = 5 WHERE entry_index = 3", "cards 3"),
        ("UPDATE cards SET role = x'00ff' WHERE entry_index = 3", "cards 3"),
        ("UPDATE nodes SET hash = 'text' WHERE level = 1 AND position = 0", "nodes 1/0"),
        ("UPDATE nodes SET level = 'text' WHERE level = 1 AND position = 0", "nodes 1/0"),
        ("UPDATE checkpoints SET note = x'00ff' WHERE size = 7", "checkpoints 7"),
        ("UPDATE consents SET purposes = 'text' WHERE entry_index = 0", "consents c"),
        ("UPDATE consents SET entry_index = 'text' WHERE entry_index = 0", "consents c"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_found_and_not_stumbled_over(
    tmp_path: Any, signer: Signer, statement: str, where: str
) -> None:
    """SQLite lets any column hold any type."""
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    ledger = Ledger(store, signer=signer)
    Consents(store, ledger).acknowledge("p1", actor="p1", channel="page")
    for n in range(6):
        ledger.append("answer", {"n": n, "decision": {"outcome": "answered"}}, actor="p1")
    ledger.checkpoint()
    with store.write() as connection:
        unguard(connection)
        connection.execute(text(statement))
    said = [problem.where for problem in ledger.verify().problems]
    store.close()
    assert any(found.startswith(where) for found in said), said


def test_bytes_that_say_the_same_in_another_way_are_found(ledger: Ledger, filled: Store) -> None:
    with filled.write() as connection:
        unguard(connection)
        data = rows(connection, t.entries)[4]["data"]
        connection.execute(
            update(t.entries).where(t.entries.c.index == 4).values(data=data.replace(b":", b": ", 1))
        )
    assert "entries 4: its bytes cannot be read: its bytes are not canonical JSON" in {
        str(problem) for problem in ledger.verify().problems
    }


def test_an_agreement_that_no_entry_records_is_found(ledger: Ledger, filled: Store) -> None:
    with filled.write() as connection:
        row = rows(connection, t.consents)[0]
        connection.execute(insert(t.consents).values({**row, "record_id": "cforged", "entry_index": 3}))
    assert [str(problem) for problem in ledger.verify().problems] == [
        "consents cforged: no entry 3 records it"
    ]
