"""Why: whoever is shown an answer should be able to check that it is in the ledger without the ledger, its database
or our code. This file needs Python and ``cryptography`` alone; copy it anywhere and read it first, it is short.

    python verify_proof.py PROOF.json --key KEY [--witness KEY …] [--show]
    python verify_proof.py PROOFS.jsonl --key KEY [--witness KEY …]       one document a line, as an export has them

PROOF.json is one JSON document:

    form        "frontline-proof/1"
    entry       the entry's bytes (canonical JSON), base64; each fact about it is in them
    index       its place in the ledger, from 0
    size        how many entries the checkpoint speaks for
    inclusion   SHA-256 hashes, base64, from the entry's sibling up (RFC 6962, 2.1.1)
    checkpoint  a signed note: origin, size, root, blank line, signatures (c2sp.org/tlog-checkpoint)
    key         the ledger's public key as name+id+key (c2sp.org/signed-note)
    rotations   only where the ledger's key was changed: [{old, new, signed_by_old, signed_by_new}], oldest first; an
                older key that you hold leads to the present one, as each signed the next

The key in the document shows only that the document agrees with itself: whoever forges one can enclose their own key.
So the key must be given, as information governance publishes it. ``--enclosed-key`` does without, and says so.
Exit status: 0 proven, 1 not proven, 2 the file or an option cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORM = "frontline-proof/1"
FIELDS = {
    "form": str,
    "entry": str,
    "index": int,
    "size": int,
    "inclusion": list,
    "checkpoint": str,
    "key": str,
}
SIGNED, COSIGNED = 1, 4  # signature types of c2sp.org/signed-note


class NotProven(ValueError):
    """The document does not show what it says; the message says why."""


@dataclass(frozen=True)
class Proven:
    """What the document shows."""

    entry: dict[str, Any]
    index: int
    size: int
    root: bytes
    key: str
    witnessed: tuple[tuple[str, int], ...]
    """Name of each witness whose signature was asked for and is good, and when it signed (seconds, UTC)."""


def verify(document: Any, *, key: str | None = None, witnesses: Sequence[str] = ()) -> Proven:
    """What a proof document shows, under ``key`` (None: the key it encloses). Raises ``NotProven``."""
    rotations = document.pop("rotations", []) if isinstance(document := copy(document), dict) else []
    if not isinstance(document, dict) or {n: type(v) for n, v in document.items()} != FIELDS:
        raise NotProven(f"the document must have the fields {', '.join(FIELDS)}, each of its type")
    if document["form"] != FORM:
        raise NotProven(f"the form is {document['form']!r}, this program reads {FORM!r}")
    if key is not None and key != document["key"] and successor(key, rotations) != document["key"]:
        raise NotProven("the document is of a ledger with another key than the one given")
    index, size = document["index"], document["size"]
    data = unpack(document["entry"], "entry")
    entry = parse(data)
    if not isinstance(entry, dict) or type(entry.get("index")) is not int or entry["index"] != index:
        raise NotProven(f"the entry does not say that it is entry {index}")
    text, signatures = split(document["checkpoint"])
    root = signed_root(text, signatures, document["key"], size)
    path = [unpack(sibling, "inclusion") for sibling in document["inclusion"]]
    if root_of(hashlib.sha256(b"\x00" + data).digest(), index, size, path) != root:
        raise NotProven("the entry is not in the tree that was signed")
    witnessed = tuple(cosigned(text, signatures, witness) for witness in witnesses)
    return Proven(entry, index, size, root, document["key"], witnessed)


def successor(key: str, rotations: Any) -> str:
    """The key that a key handed over to, by the signatures of both; itself where it did not."""
    if not isinstance(rotations, list):
        raise NotProven("rotations is not a list")
    for each in rotations:
        if not isinstance(each, dict) or set(each) != {"old", "new", "signed_by_old", "signed_by_new"}:
            raise NotProven("a rotation does not have its fields")
        if each["old"] != key:
            continue
        (name, _, old), (new_name, _, new) = read_key(each["old"], SIGNED), read_key(each["new"], SIGNED)
        if name != new_name:
            raise NotProven("a rotation is to the key of another ledger")
        statement = f"frontline-key-rotation/1\n{each['old']}\n{each['new']}\n".encode()
        check(old, unpack(each["signed_by_old"], "rotations"), statement)
        check(new, unpack(each["signed_by_new"], "rotations"), statement)
        key = each["new"]
    return key


def root_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf and its path lead to (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(sibling) != 32 for sibling in path):
        raise NotProven("the inclusion proof is malformed")
    position, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise NotProven("the inclusion proof is too long")
        if position & 1 or position == last:
            root = hashlib.sha256(b"\x01" + sibling + root).digest()
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + sibling).digest()
        position, last = position >> 1, last >> 1
    if last:
        raise NotProven("the inclusion proof is too short")
    return root


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a signed note and its signatures, as (name, key id and signature)."""
    text, parted, lines = note.rpartition("\n\n")
    if not parted or not lines.endswith("\n"):
        raise NotProven("the checkpoint is not a signed note")
    found = []
    for line in lines[:-1].split("\n"):
        words = line.split(" ")
        if len(words) != 3 or words[0] != "\u2014":
            raise NotProven("a signature line of the checkpoint is malformed")
        found.append((words[1], unpack(words[2], "checkpoint")))
    return text + "\n", found


def signed_root(text: str, signatures: list[tuple[str, bytes]], key: str, size: int) -> bytes:
    """The root in a checkpoint that ``key`` signed for ``size`` entries."""
    name, identifier, public = read_key(key, SIGNED)
    for signature in of(signatures, name, identifier):
        check(public, signature, text.encode())
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != name or lines[1] != str(size):
        raise NotProven(f"the checkpoint does not speak for {size} entries of {name}")
    return unpack(lines[2], "checkpoint")


def cosigned(text: str, signatures: list[tuple[str, bytes]], key: str) -> tuple[str, int]:
    """Name of a witness, and when it signed (c2sp.org/tlog-cosignature)."""
    name, identifier, public = read_key(key, COSIGNED)
    seconds = 0
    for stamped in of(signatures, name, identifier):
        seconds = int.from_bytes(stamped[:8], "big")
        check(public, stamped[8:], f"cosignature/v1\ntime {seconds}\n{text}".encode())
    return name, seconds


def of(signatures: list[tuple[str, bytes]], name: str, identifier: bytes) -> list[bytes]:
    """The signatures by one key, of which there must be one."""
    own = [raw[4:] for signer, raw in signatures if signer == name and raw[:4] == identifier]
    if not own:
        raise NotProven(f"the checkpoint is not signed by {name}")
    return own


def check(public: bytes, signature: bytes, message: bytes) -> None:
    """Raise ``NotProven`` where a signature is not of the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature as error:
        raise NotProven("a signature of the checkpoint is not good") from error


def read_key(key: Any, kind: int) -> tuple[str, bytes, bytes]:
    """Name, key id and public key of a verifier key."""
    if not isinstance(key, str):
        raise NotProven("a key is not text")
    name, _, rest = key.partition("+")
    identifier, _, encoded = rest.partition("+")
    raw = unpack(encoded, "key")
    wanted = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != kind or wanted.hex() != identifier:
        raise NotProven(f"{key!r} is not the public key of a {'ledger' if kind == SIGNED else 'witness'}")
    return name, wanted, raw[1:]


def unpack(text: Any, where: str) -> bytes:
    """Bytes from base64, written in the one way that is allowed."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise NotProven(f"{where} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise NotProven(f"{where} is not base64 in its plain form")
    return data


def parse(data: bytes) -> Any:
    """JSON in which no name stands twice, so that every reader sees the same."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise NotProven("a name stands twice in the JSON")
        return dict(pairs)

    try:
        return json.loads(data, object_pairs_hook=once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotProven(f"not JSON: {error}") from error


def many(path: Path, key: str | None, witnesses: Sequence[str]) -> int:
    """Check a file with one proof a line. Raises ``NotProven``, naming the line."""
    count = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                verify(parse(line), key=key, witnesses=witnesses)
            except NotProven as error:
                raise NotProven(f"line {number}: {error}") from error
            count += 1
    sys.stdout.write(f"Proven: {count} entries.\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one file; see the top of this file."""
    options = argparse.ArgumentParser(
        description="Check that an entry is in a ledger, with no ledger at hand."
    )
    options.add_argument("proof", type=Path, help="the proof, a JSON document")
    trusted = options.add_mutually_exclusive_group(required=True)
    trusted.add_argument("--key", help="the ledger's public key, as published")
    trusted.add_argument("--enclosed-key", action="store_true", help="use the key in the document")
    options.add_argument("--witness", action="append", default=[], metavar="KEY", help="must have signed too")
    options.add_argument("--show", action="store_true", help="print the entry")
    given = options.parse_args(arguments)
    try:
        if given.proof.suffix == ".jsonl":
            return many(given.proof, given.key, given.witness)
        proven = verify(parse(given.proof.read_bytes()), key=given.key, witnesses=given.witness)
    except OSError as error:
        sys.stderr.write(f"{given.proof} cannot be read: {error.strerror}\n")
        return 2
    except NotProven as error:
        sys.stderr.write(f"NOT PROVEN: {error}.\n")
        return 1
    lines = [
        f"Proven: entry {proven.index} is among the first {proven.size} of the ledger with the key",
        proven.key,
    ]
    if given.enclosed_key:
        lines.append("That key came with the document: compare it with the one that is published.")
    lines += [
        f"Also signed by the witness {name} at {seconds} s (UTC)." for name, seconds in proven.witnessed
    ]
    if given.show:
        lines.append(json.dumps(proven.entry, indent=2, ensure_ascii=False, sort_keys=True))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
