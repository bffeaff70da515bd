"""Why: whoever holds the signing key speaks for the ledger, so the key is made here once and only its owner reads it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.errors import KeyUnusable, StorageFull, StorageUnwritable


def key_at(path: Path) -> Ed25519PrivateKey:
    """The key in a file, made on first use with mode 0600; two processes that make it at once get the same.

    Raises ``KeyUnusable`` where the file holds something else, ``StorageUnwritable`` or ``StorageFull``.
    """
    if not path.exists():
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(f"No signing key can be read from {path}: {error}", do=_DO) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} holds a key, but not an Ed25519 one.", do=_DO)
    return key


_DO = "Put the file back from a backup. A new key cannot vouch for what the old one signed."


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(scratch, path)
        except FileExistsError:
            pass  # another process was first; its key stands
        finally:
            Path(scratch).unlink()
    except OSError as error:
        kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageUnwritable
        raise kind(
            f"No signing key could be made at {path}: {error.strerror}.",
            do="Free space or mend permissions; nothing was half-written.",
        ) from error
