"""Why: the keys of the vault are no use to whoever steals the database, because a key kept elsewhere wraps them.

That master key comes from a file, from the environment (through the settings), or from a key management service:
anything with ``id``, ``wrap`` and ``unwrap`` will do, and ours never sees a service's key.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from governance.errors import MasterKeyMissing, MasterKeyWrong, StorageUnwritable
from governance.vault.seal import KEY_BYTES, new_key, seal, unseal


class MasterKey(Protocol):
    """Wraps data keys. The shape of a key management service: the key itself never leaves it."""

    @property
    def id(self) -> str:
        """Names this key and no other; it is kept beside everything the key wraps."""
        ...

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """The data key, sealed for one context."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The data key. Raises ValueError where it was wrapped by another key or for another context."""
        ...


class MasterKeys(Protocol):
    """Where the vault finds its master key."""

    def key(self, wanted: str | None) -> MasterKey:
        """The master key with the id ``wanted``, by which keys are wrapped already; None: nothing is wrapped yet,
        and one may be made. Raises ``MasterKeyMissing`` or ``MasterKeyWrong``."""
        ...


class LocalMaster:
    """A master key of 32 bytes held in memory."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.id = "m" + hashlib.sha256(b"frontline-assistant master key\x00" + key).hexdigest()[:16]

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """See ``MasterKey.wrap``."""
        return seal(self._key, data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """See ``MasterKey.unwrap``."""
        return unseal(self._key, wrapped, context)


class GivenMaster:
    """A master key that is handed in: from the settings, or a key management service."""

    def __init__(self, given: MasterKey) -> None:
        self._given = given

    @classmethod
    def from_text(cls, text: str) -> GivenMaster:
        """From base64 of 32 bytes. Raises ``MasterKeyWrong`` where the text is something else."""
        return cls(LocalMaster(_decoded(text, "the setting vault_master_key")))

    def key(self, wanted: str | None) -> MasterKey:
        """See ``MasterKeys.key``."""
        if wanted not in (None, self._given.id):
            raise _wrong(wanted, [self._given.id], "the settings")
        return self._given


class FileMaster:
    """A master key in a file, readable by its owner only. Made on first use, and never again once it was used.

    A rotation writes the new key beside it first (``.new``); whichever of the two the database is wrapped by is the
    key, so that a rotation cut off anywhere leaves a vault that opens.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def key(self, wanted: str | None) -> MasterKey:
        """See ``MasterKeys.key``."""
        found = [LocalMaster(_read(path)) for path in (self.path, self._next) if path.is_file()]
        if wanted is None:
            return found[0] if found else LocalMaster(_make(self.path))
        if not found:
            raise MasterKeyMissing(
                f"The vault's master key {wanted} is not at {self.path}.",
                do="Put the file back from its backup. What is sealed stays as it is until then; without the key "
                "nobody can open it.",
            )
        for key in found:
            if key.id == wanted:
                return key
        raise _wrong(wanted, [key.id for key in found], str(self.path))

    def prepare(self) -> MasterKey:
        """A new key beside the one in use, for a rotation."""
        self._next.unlink(missing_ok=True)
        return LocalMaster(_make(self._next))

    def adopt(self) -> None:
        """Put the new key in the place of the old, once everything is wrapped by it."""
        self._next.replace(self.path)

    @property
    def _next(self) -> Path:
        return self.path.with_name(self.path.name + ".new")


def from_settings(text: str, path: Path) -> GivenMaster | FileMaster:
    """The master key of the settings: as text where it is given, else in a file."""
    return GivenMaster.from_text(text) if text else FileMaster(path)


def _wrong(wanted: str | None, found: Sequence[str], where: str) -> MasterKeyWrong:
    return MasterKeyWrong(
        f"The vault is wrapped by the master key {wanted}; {where} holds {', '.join(found)}.",
        do="Give the key that belongs to this data directory. Nothing was changed.",
    )


def _read(path: Path) -> bytes:
    try:
        return _decoded(path.read_text(encoding="ascii").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise MasterKeyMissing(
            f"The vault's master key at {path} cannot be read: {error}.",
            do="Run as the owner of the data directory, or put the file back from its backup.",
        ) from error


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyWrong(
            f"A master key is 32 bytes in base64; {where} holds something else.",
            do="Put the right key back. Nothing was changed.",
        )
    return key


def _make(path: Path) -> bytes:
    """A new key in a file of mode 0600; of two processes that make it at once, both get the first one's."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(base64.b64encode(new_key()) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(scratch, path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise StorageUnwritable(
            f"No master key could be made at {path}: {error.strerror}.",
            do="Free space or mend permissions; nothing was half-written.",
        ) from error
    return _read(path)
