"""Why: two processes that open a new SQLite database at the same moment must not trip over each other.

SQLite does not wait when a database is switched to write-ahead logging; a lock file beside it makes them
take turns. It is held while a database is opened and brought up to date, and never while it is used.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from governance.errors import StorageFull, StorageUnwritable

PATIENCE = 60.0
"""Seconds to wait for another process that is opening the database; a migration may take some."""


@contextlib.contextmanager
def one_at_a_time(database: Path) -> Iterator[None]:
    """Hold the lock beside a database. Raises ``StorageFull`` or ``StorageUnwritable``."""
    lock = FileLock(database.with_name(f"{database.name}.opening"))
    try:
        lock.acquire(timeout=PATIENCE)
    except TimeoutError as error:
        raise StorageUnwritable(
            f"{database} is being opened by another program.", do="Let it finish, or stop it, and try again."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"The disk that holds {database} is full.", do="Free space.") from error
        raise StorageUnwritable(
            f"{database} cannot be opened or written: {error.strerror}.",
            do="Mend its permissions, or choose another FRONTLINE_DATA_DIR.",
        ) from error
    try:
        yield
    finally:
        lock.release()
