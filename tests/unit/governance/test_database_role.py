"""On PostgreSQL the program runs as a role that cannot change a record, whatever takes it over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from governance import tables as t
from governance.database_role import apply, may_alter, statements
from governance.errors import OptionInvalid
from governance.ledger import Ledger, Signer
from governance.store import Store

pytestmark = pytest.mark.postgres


@pytest.fixture
def role(new_postgres: str, postgres_server: str) -> Iterator[tuple[str, str]]:
    """A role for a database of its own, and the database's address for it."""
    name = f"app_{secrets.token_hex(4)}"
    owner = Store.open(new_postgres)
    with owner.write() as connection:
        apply(connection, name)
        apply(connection, name)  # again after a migration
    owner.close()
    yield name, make_url(new_postgres).set(username=name).render_as_string(hide_password=False)
    engine = create_engine(new_postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))
    engine.dispose()


def test_the_role_writes_and_verifies(role: tuple[str, str], signer: Signer) -> None:
    store = Store.open(role[1])
    ledger = Ledger(store, signer=signer)
    for n in range(70):
        ledger.append("answer", {"n": n}, actor="p", subject=f"a{n}")
    assert ledger.verify().ok
    with store.read() as connection:
        assert may_alter(connection) == []
    store.close()


@pytest.mark.parametrize("table", t.APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {table}", "TRUNCATE {table}", "DROP TABLE {table}", "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TRIGGER {table}_append_only ON {table}", "UPDATE {table} SET {column} = {column}",
        "CREATE TABLE mine (n int)", "CREATE OR REPLACE FUNCTION frontline_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
    ],
)  # fmt: skip
def test_the_role_cannot_change_a_record_nor_take_off_a_guard(
    role: tuple[str, str], signer: Signer, table: str, statement: str
) -> None:
    store = Store.open(role[1])
    Ledger(store, signer=signer).append("answer", {}, actor="p")
    column = f'"{next(iter(t.metadata.tables[table].columns)).name}"'
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        store.write() as connection,
    ):
        connection.execute(text(statement.format(table=table, column=column)))
    store.close()


def test_the_owner_is_told_from_the_role(new_postgres: str) -> None:
    store = Store.open(new_postgres)
    with store.read() as connection:
        assert set(may_alter(connection)) == set(t.APPEND_ONLY)
    store.close()


@pytest.mark.parametrize("name", ["", "Role", "a b", 'x"; DROP', "1x"])
def test_a_name_is_a_plain_one(name: str, tmp_path: Path) -> None:
    with pytest.raises(OptionInvalid):
        statements(name, "frontline")
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    with pytest.raises(OptionInvalid, match="PostgreSQL"), store.write() as connection:
        apply(connection, "app")
    store.close()
