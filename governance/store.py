"""Why: records are kept by one database that either has all of a change or none of it, on SQLite and PostgreSQL.

SQLite runs in WAL mode with synchronous=FULL: what was committed survives a loss of power; and with secure_delete=ON:
what was deleted is overwritten. A write takes the
write lock at once (BEGIN IMMEDIATE; on PostgreSQL an advisory lock held to the end of the transaction), so
that what it reads cannot change before it writes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from governance.errors import LedgerBroken
from governance.opening import one_at_a_time
from governance.storage import bring_up_to_date, make_folder, storage_errors

_WRITE_LOCK = 0x46524F4E  # any number, the same in every process: "FRON"
_VERSION_TABLE = "alembic_version_governance"


class Store:
    """One database of records, shared by the threads of a process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """Open or create the database and bring its schema up to date.

        Raises ``DataFromNewerVersion``, ``StorageFull`` or ``StorageUnwritable``.
        """
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        if sqlite and parsed.database:
            make_folder(Path(parsed.database).parent)
        engine = create_engine(
            parsed, connect_args={"timeout": 30} if sqlite else {}, pool_pre_ping=not sqlite
        )
        if sqlite:
            event.listen(engine, "connect", _on_connect)
            event.listen(engine, "begin", _on_begin)
        store = cls(engine)
        with contextlib.ExitStack() as unless_opened:
            unless_opened.callback(store.close)
            taking_turns = (
                one_at_a_time(Path(parsed.database))
                if sqlite and parsed.database
                else contextlib.nullcontext()
            )
            with taking_turns, store.write() as connection:
                bring_up_to_date(
                    connection,
                    Path(__file__).parent / "migrations",
                    _VERSION_TABLE,
                    parsed.render_as_string(),
                )
            unless_opened.pop_all()
        return store

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def database(self) -> str:
        """Name of the database, or path of its file."""
        return str(self._engine.url.database)

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction with the write lock: all of it is kept, or none."""
        with (
            _storage_errors(str(self._engine.url.database)),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view."""
        with _storage_errors(str(self._engine.url.database)), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def scrub(self, tables: Sequence[str]) -> bool:
        """Have what was deleted from ``tables`` gone from the files too; False where a reader stood in the way.

        SQLite has overwritten it in the database already, and here empties the write-ahead log, which still holds the
        old pages. PostgreSQL rewrites the tables. What a server's archived log or a backup holds stays there.
        """
        with _storage_errors(str(self._engine.url.database)):
            engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            if self.dialect == "postgresql":
                with engine.connect() as connection:
                    for table in tables:
                        connection.execute(text(f"VACUUM FULL {table}"))
                    connection.execute(text("CHECKPOINT"))
                return True
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.close()
            finally:
                raw.close()
            return not busy

    def close(self) -> None:
        """Release every connection."""
        self._engine.dispose()


def _storage_errors(where: str) -> contextlib.AbstractContextManager[None]:
    return storage_errors(where, LedgerBroken, "Put it back from a backup; keep the damaged file.")


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
