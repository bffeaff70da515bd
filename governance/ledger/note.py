"""Why: a checkpoint signed today cannot be denied tomorrow, and anyone can check it with a public key alone.

The form is that of C2SP signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): origin,
size and root, a blank line, then signature lines. Keys are Ed25519.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "\u2014 "


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


class Signer:
    """Holds a signing key; its name is made from the public key, so that no two ledgers share one."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw()
        self.name = f"frontline-assistant/{hashlib.sha256(self.public).hexdigest()[:16]}"

    @classmethod
    def at(cls, path: Path) -> Signer:
        """The key in a file, made on first use; the file is readable by its owner only."""
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            pem = Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            scratch = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(scratch, path)  # fails where another process was first, whose key then stands
            except FileExistsError:
                pass
            finally:
                scratch.unlink()
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} holds no Ed25519 key")  # noqa: TRY004 - the file is wrong, not the call
        return cls(key)

    @property
    def verifier(self) -> str:
        """The public key as a C2SP verifier key: name, key id, key."""
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{_b64(_ED25519 + self.public)}"

    def sign(self, size: int, root: bytes) -> str:
        """A signed checkpoint."""
        body = f"{self.name}\n{size}\n{_b64(root)}\n"
        signature = key_id(self.name, self.public) + self._key.sign(body.encode())
        return f"{body}\n{_DASH}{self.name} {_b64(signature)}\n"


def key_id(name: str, public: bytes) -> bytes:
    """First four bytes of SHA-256 over name, newline, algorithm and key (c2sp.org/signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def open_checkpoint(note: str, verifier: str) -> Checkpoint:
    """What a note says, once a signature by the verifier's key was found good. Raises ValueError."""
    name, public = parse_verifier(verifier)
    body, parted, signatures = note.rpartition("\n\n")
    if not parted or not note.endswith("\n"):
        raise ValueError("the note is not a signed note")
    body += "\n"
    wanted = key_id(name, public)
    for line in signatures.splitlines():
        signer, _, encoded = line.removeprefix(_DASH).partition(" ")
        raw = base64.b64decode(encoded, validate=True) if line.startswith(_DASH) else b""
        if signer == name and raw[:4] == wanted:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], body.encode())
            except InvalidSignature as error:
                raise ValueError("the signature does not match") from error
            return parse_checkpoint(body)
    raise ValueError(f"the note is not signed by {name}")


def parse_checkpoint(body: str) -> Checkpoint:
    """Origin, size and root of a checkpoint's text. Raises ValueError."""
    lines = body.split("\n")
    if len(lines) < 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdecimal():
        raise ValueError("the note does not hold a checkpoint")
    if lines[1] != str(int(lines[1])):
        raise ValueError("the size is not written plainly")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != 32:
        raise ValueError("the root is not a SHA-256 hash")
    return Checkpoint(lines[0], int(lines[1]), root)


def parse_verifier(verifier: str) -> tuple[str, bytes]:
    """Name and public key of a C2SP verifier key. Raises ValueError."""
    name, _, rest = verifier.partition("+")
    identifier, _, encoded = rest.partition("+")
    raw = base64.b64decode(encoded, validate=True)
    if len(raw) != 33 or raw[:1] != _ED25519 or key_id(name, raw[1:]).hex() != identifier:
        raise ValueError("the verifier key is not a well-formed Ed25519 key")
    return name, raw[1:]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
