"""Why: what a database or the operating system says of its disk is turned, in one place, into what a person
can do about it, and every database is brought up to date in one way."""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DatabaseError

from governance.errors import DataFromNewerVersion, FrontlineError, StorageFull, StorageUnwritable

_TROUBLES: tuple[tuple[tuple[str, ...], type[FrontlineError], str, str], ...] = (
    (
        ("disk is full", "no space left", "disk full"), StorageFull,
        "The disk that holds {where} is full. Nothing was half-written.", "Free space, then do it again.",
    ),
    (
        ("readonly database", "unable to open database", "read-only transaction", "disk i/o error"), StorageUnwritable,
        "{where} cannot be opened or written.",
        "Free space on its disk, mend its permissions, or choose another FRONTLINE_DATA_DIR.",
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
)  # fmt: skip
"""Parts of what SQLite and PostgreSQL say, and what a person should read instead."""
_one_thread = threading.Lock()
_DAMAGED = ("file is not a database", "malformed")


@contextlib.contextmanager
def storage_errors(where: str, damaged: type[FrontlineError], mend: str) -> Iterator[None]:
    """Turn what is said of a disk, a file or a server into ``StorageFull``, ``StorageUnwritable`` or ``damaged``.

    ``mend`` says what to do about a damaged database. Anything else is raised as it is.
    """
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig).lower()
        for signs, kind, message, do in _TROUBLES:
            if any(sign in said for sign in signs):
                raise kind(message.format(where=where), do=do) from error
        if any(sign in said for sign in _DAMAGED):
            raise damaged(f"{where} is damaged: it is not a database any more.", do=mend) from error
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(
                f"The disk that holds {where} is full. What stood before stands.",
                do="Free space, then do it again.",
            ) from error
        if isinstance(error, PermissionError):
            raise StorageUnwritable(
                f"{where} cannot be opened or written: {error.strerror}.",
                do="Mend its permissions, or choose another FRONTLINE_DATA_DIR.",
            ) from error
        raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises ``StorageUnwritable``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnwritable(
            f"{folder} cannot be made: {error.strerror}.", do="Choose another FRONTLINE_DATA_DIR."
        ) from error


def bring_up_to_date(connection: Connection, migrations: Path, version_table: str, where: str) -> None:
    """Run the Alembic migrations of a folder that a database has not seen; one thread at a time, because Alembic keeps
    what it is migrating in a global of the process.

    Raises ``DataFromNewerVersion`` where it has seen one that this program does not know.
    """
    with _one_thread:
        _bring_up_to_date(connection, migrations, version_table, where)


def newest(migrations: Path) -> str:
    """The newest revision in a folder of migrations, whose files begin with their revisions' four digits: known without
    Alembic, which takes a third of a second to import and has nothing to do where a database is as it should be."""
    return max(path.name[:4] for path in (migrations / "versions").glob("[0-9]*.py"))


def _bring_up_to_date(connection: Connection, migrations: Path, version_table: str, where: str) -> None:
    found = None
    if inspect(connection).has_table(version_table):
        found = connection.exec_driver_sql(f"SELECT version_num FROM {version_table}").scalar()  # noqa: S608
    if found == newest(migrations):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        if found is not None:
            ScriptDirectory.from_config(config).get_revision(found)
    except CommandError as error:
        raise DataFromNewerVersion(
            f"{where} was written by a newer version of this program ({version_table} {found}).",
            do="Update the program, or choose another FRONTLINE_DATA_DIR.",
        ) from error
    command.upgrade(config, "head")
