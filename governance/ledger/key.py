"""Why: whoever holds the signing key speaks for the ledger, so the key is made here once and only its owner reads it.

A key's file is PEM. A ledger's key that took over from another says before it whose name it signs under.
"""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.errors import KeyUnusable, StorageFull, StorageUnwritable

_ORIGIN = b"Origin: "


def key_at(path: Path) -> Ed25519PrivateKey:
    """The key in a file, made on first use with mode 0600; two processes that make it at once get the same.

    Raises ``KeyUnusable`` where the file holds something else, ``StorageUnwritable`` or ``StorageFull``.
    """
    return named_key_at(path)[0]


def named_key_at(path: Path) -> tuple[Ed25519PrivateKey, str]:
    """The same, with the name that it signs under; empty: the one made from itself."""
    if not path.exists():
        keep(Ed25519PrivateKey.generate(), path)
    try:
        data = path.read_bytes()
        key = serialization.load_pem_private_key(data, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(f"No signing key can be read from {path}: {error}", do=_DO) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} holds a key, but not an Ed25519 one.", do=_DO)
    first = data.partition(b"\n")[0]
    return key, first.removeprefix(_ORIGIN).decode("ascii") if first.startswith(_ORIGIN) else ""


_DO = "Put the file back from a backup. A new key cannot vouch for what the old one signed."


def keep(key: Ed25519PrivateKey, path: Path, *, origin: str = "", replace: bool = False) -> None:
    """Write a key whole, and to the disk; one that is there already stands, unless it is to be replaced.

    Raises ``StorageUnwritable`` or ``StorageFull``.
    """
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_ORIGIN + origin.encode("ascii") + b"\n" + pem if origin else pem)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                Path(scratch).replace(path)
            else:
                os.link(scratch, path)
        except FileExistsError:
            pass  # another process was first; its key stands
        finally:
            Path(scratch).unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageUnwritable
        raise kind(
            f"No signing key could be made at {path}: {error.strerror}.",
            do="Free space or mend permissions; nothing was half-written.",
        ) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last, not only the files' content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
