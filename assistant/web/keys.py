"""Why: a session must hold across restarts and a pseudonym for years, so their key is kept, readable by the owner only."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from governance.errors import StorageFull, StorageUnwritable

NAME = "session.key"
_BYTES = 32


def session_key(data_dir: Path) -> bytes:
    """The key that signs sessions and derives pseudonyms, made the first time it is wanted.

    32 random bytes in ``<data_dir>/keys/session.key``, mode 0600. Raises ``StorageUnwritable`` or
    ``StorageFull``.
    """
    path = data_dir / "keys" / NAME
    try:
        return path.read_bytes() if path.is_file() else _make(path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFull(f"No room to write {path}.", do="Free some disk and start again.") from error
        raise StorageUnwritable(
            f"The key {path} cannot be read or written: {error.strerror}.",
            do="Give the user who runs this program its data directory.",
        ) from error


def _make(path: Path) -> bytes:
    """Write a new key whole; where another process was quicker, its key stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        return path.read_bytes()
    finally:
        draft.unlink(missing_ok=True)
