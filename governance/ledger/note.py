"""Why: a checkpoint signed today cannot be denied tomorrow, and anyone can check it with a public key alone.

The form is that of C2SP signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): origin,
size and root, a blank line, then signature lines. Keys are Ed25519.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from governance.ledger.key import keep, named_key_at

ED25519 = b"\x01"
"""Type of a plain signature, in a verifier key and a key id."""
DASH = "\u2014 "
"""Beginning of a signature line."""
CHECKPOINT_EVERY = 64
"""Entries between checkpoints that are signed without being asked for; verification expects each of them."""


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


class Signer:
    """Holds a signing key. The name it signs under is made from the ledger's first key, so that no two ledgers share
    one, and stays when the key is changed."""

    def __init__(self, key: Ed25519PrivateKey, *, name: str = "", path: Path | None = None) -> None:
        self.private = key
        self.public = key.public_key().public_bytes_raw()
        self.name = name or f"frontline-assistant/{hashlib.sha256(self.public).hexdigest()[:16]}"
        self.path = path
        """File of the key; None: it is in memory only, and cannot be rotated."""

    @classmethod
    def at(cls, path: Path) -> Signer:
        """With the key in a file, which is made on first use. Raises ``KeyUnusable``, ``StorageUnwritable``."""
        key, name = named_key_at(path)
        return cls(key, name=name, path=path)

    def successor(self) -> Signer:
        """A new key under the same name, in memory."""
        return Signer(Ed25519PrivateKey.generate(), name=self.name, path=self.path)

    def keep(self, path: Path, *, replace: bool = False) -> None:
        """Write the key to a file. Raises ``StorageUnwritable`` or ``StorageFull``."""
        keep(self.private, path, origin=self.name, replace=replace)

    def vouch(self, statement: bytes) -> str:
        """A signature over a statement, base64."""
        return _b64(self.private.sign(statement))

    @property
    def verifier(self) -> str:
        """The public key as a C2SP verifier key: name, key id, key."""
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{_b64(ED25519 + self.public)}"

    def sign(self, size: int, root: bytes) -> str:
        """A signed checkpoint."""
        body = f"{self.name}\n{size}\n{_b64(root)}\n"
        signature = key_id(self.name, self.public) + self.private.sign(body.encode())
        return f"{body}\n{DASH}{self.name} {_b64(signature)}\n"


def key_id(name: str, public: bytes, algorithm: bytes = ED25519) -> bytes:
    """First four bytes of SHA-256 over name, newline, algorithm and key (c2sp.org/signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + algorithm + public).digest()[:4]


def parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a signed note, and its signatures as (name, key id and signature). Raises ValueError."""
    if any(ord(character) < 32 and character != "\n" for character in note):
        raise ValueError("the note holds control characters")
    text, parted, lines = note.rpartition("\n\n")
    if not parted or not lines.endswith("\n"):
        raise ValueError("the note is not a signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        raw = base64.b64decode(encoded, validate=True)
        if not line.startswith(DASH) or not name or len(raw) <= 4:
            raise ValueError("a signature line is not one")
        signatures.append((name, raw))
    return text + "\n", signatures


def open_checkpoint(note: str, verifier: str) -> Checkpoint:
    """What a note says, once a signature by the verifier's key was found good. Raises ValueError."""
    name, public = parse_verifier(verifier)
    text, signatures = parts(note)
    wanted = key_id(name, public)
    own = [raw[4:] for signer, raw in signatures if signer == name and raw[:4] == wanted]
    if not own:
        raise ValueError(f"the note is not signed by {name}")
    for signature in own:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
        except InvalidSignature as error:
            raise ValueError("the signature does not match") from error
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin != name:
        raise ValueError(f"the note speaks for {checkpoint.origin}, not for {name}")
    return checkpoint


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
    if len(raw) != 33 or raw[:1] != ED25519 or key_id(name, raw[1:]).hex() != identifier:
        raise ValueError("the verifier key is not a well-formed Ed25519 key")
    return name, raw[1:]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
