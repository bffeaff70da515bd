"""A database is opened, brought up to date, refused or found broken; and its guards hold without our code."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Executable, Table, delete, event, insert, select, text, update
from sqlalchemy.exc import DatabaseError

import governance
import ingest
from governance import tables
from governance.errors import DataFromNewerVersion, LedgerBroken, StorageFull, StorageUnwritable
from governance.ledger import Ledger
from governance.storage import newest
from governance.store import Store
from governance.tables import APPEND_ONLY

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_kept_outlives_the_process(url: str, ledger: Ledger, store: Store, signer: Any) -> None:
    ledger.append("answer", {"n": 1}, actor="p1")
    store.close()
    again = Store.open(url)
    assert Ledger(again, signer=signer).entry(0).body == {"n": 1}
    again.close()


def test_a_newer_schema_is_refused_and_left_alone(url: str, store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version_governance SET version_num = '9999'"))
    store.close()
    with pytest.raises(DataFromNewerVersion, match="9999"):
        Store.open(url)
    with store.read() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version_governance")).scalar()
    assert found == "9999"


@pytest.mark.parametrize("room", [governance, ingest])
def test_the_newest_migration_is_told_by_the_names_of_files(room: ModuleType) -> None:
    folder = Path(str(room.__file__)).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    script = ScriptDirectory.from_config(config)
    assert newest(folder) == script.get_current_head()
    assert all(Path(r.path).name.startswith(f"{r.revision}_") for r in script.walk_revisions())


def test_a_database_that_is_as_it_should_be_needs_no_alembic(url: str, store: Store) -> None:
    store.close()
    code = "import sys; from governance.store import Store; Store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_all_of_a_transaction_or_none(store: Store, ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="on purpose"), store.write() as connection:
        ledger.append("answer", {}, actor="p1", connection=connection)
        ledger.append("answer", {}, actor="p1", connection=connection)
        raise RuntimeError("on purpose")
    assert ledger.size() == 0
    with store.write() as connection:
        ledger.append("answer", {}, actor="p1", connection=connection)
        ledger.append("answer", {}, actor="p1", connection=connection)
    assert ledger.size() == 2
    assert ledger.verify().ok


def test_sqlite_survives_a_loss_of_power(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    with store.read() as connection:
        said = [connection.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "synchronous")]
    store.close()
    assert said == ["wal", 2]


def changing(verb: str, table: Table) -> Executable:
    """A statement that would change or lose a record."""
    if verb == "UPDATE":
        column = list(table.columns)[-1]
        return update(table).values({column: column})
    if verb == "DELETE":
        return delete(table)
    if verb == "TRUNCATE":
        return text(f"TRUNCATE {table.name}")
    return insert(table).prefix_with("OR REPLACE").from_select(list(table.columns), select(table))


VERBS = {"sqlite": ("UPDATE", "DELETE", "REPLACE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_itself_refuses_to_change_a_record(filled: Store, table: str) -> None:
    before = rows(filled, table)
    assert before
    for verb in VERBS[filled.dialect]:
        with pytest.raises(DatabaseError, match="append-only"), filled.write() as connection:
            connection.execute(changing(verb, tables.metadata.tables[table]))
        assert rows(filled, table) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_number_is_a_way_round_the_guard(filled: Store, table: str) -> None:
    """``INSERT OR REPLACE`` by a hidden row number would delete a row under another key."""
    if filled.dialect == "postgresql":
        return  # it has neither
    names = [column.name for column in tables.metadata.tables[table].columns]
    into = ", ".join(["rowid", *(f'"{name}"' for name in names)])
    row = ", ".join(["rowid", "99", *(f'"{name}"' for name in names[1:])])
    statement = " ".join(
        ["INSERT OR REPLACE INTO", table, f"({into})", "SELECT", row, "FROM", table, "LIMIT 1"]
    )
    before = rows(filled, table)
    with filled.write() as connection:
        connection.execute(text("PRAGMA recursive_triggers = OFF"))
    with contextlib.suppress(DatabaseError), filled.write() as connection:
        connection.execute(text(statement))
    assert set(before) <= set(rows(filled, table))


def rows(store: Store, table: str) -> list[Any]:
    with store.read() as connection:
        return [tuple(map(str, row)) for row in connection.execute(select(tables.metadata.tables[table]))]


def test_a_full_disk_is_named_and_nothing_is_half_written(tmp_path: Path, signer: Any) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    ledger = Ledger(store, signer=signer)
    ledger.append("answer", {}, actor="p1")
    with store.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageFull, match="is full"):
        ledger.append("answer", {"text": "x" * 500_000}, actor="p1")
    assert ledger.size() == 1
    assert ledger.verify().ok
    store.close()


def test_a_database_that_may_not_be_written_is_named(tmp_path: Path, signer: Any) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    ledger = Ledger(store, signer=signer)

    def only_read(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    store.close()
    event.listen(Engine, "connect", only_read)
    try:
        with pytest.raises(StorageUnwritable, match="cannot be opened or written"):
            ledger.append("answer", {}, actor="p1")
    finally:
        event.remove(Engine, "connect", only_read)
        store.close()


def test_what_stands_where_the_database_should_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StorageUnwritable):
        Store.open(f"sqlite:///{tmp_path / 'folder.db'}")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageUnwritable, match="cannot be made"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'governance.db'}")
    (tmp_path / "text.db").write_text("This is a letter and not a database. " * 300, encoding="utf-8")
    with pytest.raises(LedgerBroken, match="damaged"):
        Store.open(f"sqlite:///{tmp_path / 'text.db'}")
    assert (tmp_path / "text.db").read_text(encoding="utf-8").startswith("This is a letter")


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(StorageUnwritable, match="cannot be reached"):
        Store.open("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_processes_may_open_a_new_database_at_once(url: str, tmp_path: Path) -> None:
    code = "import sys; from governance.store import Store; Store.open(sys.argv[1]).close()"
    running = [
        subprocess.Popen([sys.executable, "-c", code, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in "ab"
    ]
    assert [process.communicate()[1] for process in running] == ["", ""]
    store = Store.open(url)
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM entries")).scalar() == 0
    store.close()


def test_the_migrations_make_the_tables_that_the_code_reads(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "alembic_version_governance"})
        assert compare_metadata(context, tables.metadata) == []


def test_threads_may_open_databases_at_the_same_time(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / f'{n % 6}' / 'governance.db'}" for n in range(12)]
    together = threading.Barrier(len(urls))

    def opened(url: str) -> Any:
        together.wait()
        store = Store.open(url)
        with store.read() as connection:
            found = (
                connection.execute(text("SELECT version_num FROM alembic_version_governance")).scalars().all()
            )
        store.close()
        return found

    with ThreadPoolExecutor(len(urls)) as threads:
        versions = list(threads.map(opened, urls))
    assert len({*map(tuple, versions)}) == 1
    assert len(versions[0]) == 1
