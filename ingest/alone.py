"""Why: two runs that write, or one that writes while another compares, would each see half of what the other does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from governance.errors import IngestRunning


@contextlib.contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold a data directory against every other run, until the end or the death of this one.

    Raises ``IngestRunning`` at once where another holds it.
    """
    lock = FileLock(data_dir / "ingest.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IngestRunning(
            f"Another ingest is running in {data_dir}.", do="Wait until it has finished, then run it again."
        ) from error
    try:
        yield
    finally:
        lock.release()
