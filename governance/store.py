"""Why: records are kept by one database that either has all of a change or none of it, on SQLite and PostgreSQL.

SQLite runs in WAL mode with synchronous=FULL: what was committed survives a loss of power. A write takes the
write lock at once (BEGIN IMMEDIATE; on PostgreSQL an advisory lock held to the end of the transaction), so
that what it reads cannot change before it writes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from governance.errors import (
    DataFromNewerVersion,
    FrontlineError,
    LedgerBroken,
    StorageFull,
    StorageUnwritable,
)
from governance.opening import one_at_a_time

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
            _make_folder(Path(parsed.database).parent)
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
                _migrate(connection, parsed.render_as_string())
            unless_opened.pop_all()
        return store

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction with the write lock: all of it is kept, or none."""
        with (
            storage_errors(str(self._engine.url.database)),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view."""
        with storage_errors(str(self._engine.url.database)), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Release every connection."""
        self._engine.dispose()


@contextlib.contextmanager
def storage_errors(where: str) -> Iterator[None]:
    """Turn what the database says of its disk, its file or its server into an error a person can act on."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig).lower()
        for signs, kind, message, do in _TROUBLES:
            if any(sign in said for sign in signs):
                raise kind(message.format(where=where), do=do) from error
        raise


_TROUBLES: tuple[tuple[tuple[str, ...], type[FrontlineError], str, str], ...] = (
    (
        ("disk is full", "no space left", "disk full"), StorageFull,
        "The disk that holds {where} is full. Nothing was half-written.", "Free space.",
    ),
    (
        ("readonly database", "unable to open database", "read-only transaction", "disk i/o error"), StorageUnwritable,
        "{where} cannot be opened or written.", "Free space on its disk, mend its permissions, or choose another FRONTLINE_DATA_DIR.",
    ),
    (
        ("database is locked", "lock timeout"), StorageUnwritable,
        "{where} is held by another program.", "Let it finish, or stop it, and try again.",
    ),
    (
        ("connection failed", "connection refused", "could not connect", "terminating connection", "connection is lost",
         "server closed the connection"), StorageUnwritable,
        "The database server of {where} cannot be reached.", "Start it, or mend the address in the settings.",
    ),
    (
        ("file is not a database", "malformed"), LedgerBroken,
        "{where} is damaged: it is not a database any more.", "Put it back from a backup; keep the damaged file.",
    ),
)  # fmt: skip
"""Parts of what SQLite and PostgreSQL say, and what a person should read instead."""


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnwritable(
            f"{folder} cannot be made: {error.strerror}.", do="Choose another FRONTLINE_DATA_DIR."
        ) from error


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _migrate(connection: Connection, where: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    found = None
    if inspect(connection).has_table(_VERSION_TABLE):
        found = connection.exec_driver_sql(f"SELECT version_num FROM {_VERSION_TABLE}").scalar()  # noqa: S608
    if found == script.get_current_head():
        return
    try:
        if found is not None:
            script.get_revision(found)
    except CommandError as error:
        raise DataFromNewerVersion(
            f"{where} was written by a newer version of this program (records {found}).",
            do="Update the program, or choose another FRONTLINE_DATA_DIR.",
        ) from error
    command.upgrade(config, "head")
