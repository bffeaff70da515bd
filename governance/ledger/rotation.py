"""Why: a key that has served long, or whose keeper left, is changed, and what it signed must stay good.

The old key signs the new one and the new one signs the old, over one statement; the entry keeps both signatures. From
that entry on the new key signs, under the same name. Whoever holds an old public key can follow to the present one.
Between writing the new key's file and the commit of its entry a crash leaves both; opening settles which stands.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from filelock import FileLock
from sqlalchemy import Connection, select

from governance import tables as t
from governance.errors import KeyUnusable
from governance.ledger.entry import decode
from governance.ledger.key import sync_folder
from governance.ledger.note import Signer, parse_verifier
from governance.ledger.projections import Problem
from governance.ledger.types import KEY_ROTATED

_NAMED = "frontline-assistant/"
FIELDS = frozenset({"old", "new", "signed_by_old", "signed_by_new"})


@dataclass(frozen=True)
class Keys:
    """The keys of a ledger, each with the number of entries from which on it signs."""

    since: tuple[tuple[int, str], ...]
    handed_over: tuple[Mapping[str, str], ...]
    problems: tuple[Problem, ...]

    def of(self, size: Any) -> str:
        """The verifier key that signs checkpoints of this size; the newest where it is no size."""
        fitting = [key for first, key in self.since if isinstance(size, int) and first <= size]
        return fitting[-1] if fitting else self.since[-1][1]


def keys(connection: Connection, present: str) -> Keys:
    """The chain of keys that the entries tell, which must end with the present one."""
    since: list[tuple[int, str]] = []
    handed_over = []
    problems = []
    for index, body in _told(connection):
        where = f"entries {index}"
        try:
            check(body)
        except ValueError as error:
            problems.append(Problem(where, f"its change of key does not hold: {error}"))
            continue
        if since and since[-1][1] != body["old"]:
            problems.append(Problem(where, "it hands over from a key that was not in force"))
            continue
        since = since or [(0, body["old"])]
        since.append((index + 1, body["new"]))
        handed_over.append({name: body[name] for name in sorted(FIELDS)})
    if since and since[-1][1] != present:
        problems.append(Problem("keys", "the key in use is not the one that the entries say is in force"))
    return Keys(tuple(since) or ((0, present),), tuple(handed_over), tuple(problems))


def newest(connection: Connection) -> str | None:
    """The key that the last change handed over to; None where the key was never changed."""
    query = select(t.entries.c.data).where(t.entries.c.type == KEY_ROTATED)
    data = connection.execute(query.order_by(t.entries.c.index.desc()).limit(1)).scalar()
    return None if data is None else str(decode(bytes(data)).body["new"])


def check(body: Any) -> None:
    """Raise ValueError unless both keys signed the change from one to the other."""
    if not isinstance(body, Mapping) or not set(body) >= FIELDS:
        raise ValueError("it does not have the fields of a change of key")
    (name, old), (new_name, new) = parse_verifier(str(body["old"])), parse_verifier(str(body["new"]))
    if name != new_name:
        raise ValueError("it is to the key of another ledger")
    for public, signature in ((old, body["signed_by_old"]), (new, body["signed_by_new"])):
        try:
            raw = base64.b64decode(str(signature), validate=True)
            Ed25519PublicKey.from_public_bytes(public).verify(raw, _statement(body["old"], body["new"]))
        except (InvalidSignature, binascii.Error) as error:
            raise ValueError("a signature of it is not good") from error


def handing_over(old: Signer, new: Signer) -> dict[str, str]:
    """What an entry says of a change of key."""
    statement = _statement(old.verifier, new.verifier)
    return {
        "old": old.verifier, "new": new.verifier, "signed_by_old": old.vouch(statement),
        "signed_by_new": new.vouch(statement),
    }  # fmt: skip


def next_to(signer: Signer) -> Path:
    """Where the next key lies until its entry is kept."""
    if signer.path is None:
        raise KeyUnusable(
            "This key is in no file, so none can take over from it.", do="Give the ledger a key file."
        )
    return signer.path.with_name(f"{signer.path.stem}.next{signer.path.suffix}")


@contextlib.contextmanager
def one_at_a_time(signer: Signer) -> Iterator[None]:
    """Let one process change, or settle, a ledger's key at a time."""
    with FileLock(next_to(signer).with_suffix(".lock")):
        yield


def take_over(new: Signer) -> None:
    """Put the new key's file in the old one's place; the old private key is gone then."""
    next_to(new).replace(_path(new))
    sync_folder(_path(new).parent)


def signer_at(path: Path, connection: Connection) -> Signer:
    """The key of a ledger from its file; made where the ledger is empty.

    Raises ``KeyUnusable`` where the ledger is not empty and the file is gone, or holds the key of another.
    """
    empty = connection.execute(select(t.entries.c.index).limit(1)).first() is None
    if not empty and not path.exists():
        raise KeyUnusable(
            f"The ledger is there, and the key that signs it is not: {path}.",
            do="Put the file back from a backup. A new key cannot vouch for what the lost one signed.",
        )
    signer = settle(Signer.at(path), connection)
    note = connection.execute(select(t.checkpoints.c.note).limit(1)).scalar()
    origin = str(note).partition("\n")[0]
    if note is not None and origin.startswith(_NAMED) and origin != signer.name:
        raise KeyUnusable(
            f"The key in {path} is that of {signer.name}; the ledger here is {origin}.",
            do="Put the right key's file back from a backup.",
        )
    return signer


def settle(signer: Signer, connection: Connection) -> Signer:
    """After a crash in the middle of a change: the key that the entries say is in force, and no other file."""
    if not next_to(signer).exists():
        return signer
    with one_at_a_time(signer):
        at = next_to(signer)
        if not at.exists():
            return Signer.at(_path(signer))
        waiting = Signer.at(at)
        if newest(connection) == waiting.verifier:
            at.replace(_path(signer))
        else:
            at.unlink()
        sync_folder(at.parent)
        return Signer.at(_path(signer))


def read_again(signer: Signer, newest: str) -> Signer:
    """The key in force, from its file. Raises ``KeyUnusable`` where that holds another."""
    for path in [] if signer.path is None else [signer.path, next_to(signer)]:
        if path.exists() and (found := Signer.at(path)).verifier == newest:
            return Signer(found.private, name=found.name, path=signer.path)
    raise KeyUnusable(
        "The ledger's key was changed, and the key in force is not in its file.",
        do="Put the newest key's file back from a backup.",
    )


def _path(signer: Signer) -> Path:
    return next_to(signer).with_name(Path(str(signer.path)).name)


def _told(connection: Connection) -> Sequence[tuple[int, Any]]:
    query = select(t.entries.c.index, t.entries.c.data).where(t.entries.c.type == KEY_ROTATED)
    told = []
    for index, data in connection.execute(query.order_by(t.entries.c.index)):
        try:
            told.append((int(index), decode(bytes(data)).body))
        except (ValueError, TypeError):
            continue  # the entry itself is named by whoever derives the ledger again
    return told


def _statement(old: str, new: str) -> bytes:
    return f"frontline-key-rotation/1\n{old}\n{new}\n".encode()
