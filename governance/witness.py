"""Why: a ledger that could show one history to us and another to an auditor would prove nothing. A witness, with its
own key and its own record, kept by information governance on another machine, signs a checkpoint only where it holds
everything that the witness signed before.

It follows c2sp.org/tlog-witness (add-checkpoint) and c2sp.org/tlog-cosignature (Ed25519). The steps, in order: read
the request; know the ledger; check its signature; start from the last checkpoint signed; check the proof; write the
checkpoint down; only then sign.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from governance.errors import CheckpointMalformed, CheckpointUntrusted, HistoryChanged, WitnessConflict
from governance.ledger import rotation
from governance.ledger.key import key_at
from governance.ledger.note import (
    DASH,
    Checkpoint,
    key_id,
    open_checkpoint,
    parse_checkpoint,
    parse_verifier,
    parts,
)
from governance.ledger.tree import EMPTY_ROOT, check_consistency
from governance.witness_record import Known, Record

COSIGNATURE = b"\x04"
"""Type of a timestamped signature, in a verifier key and a key id."""
MOST_HASHES = 63
"""A proof has no more hashes than this, by the specification."""
MOST_CHARACTERS = 100_000
"""Of a request; a checkpoint with sixteen signatures and a whole proof is far shorter."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Witness:
    """A witness, with all it holds in one folder: its key, the ledgers it knows, the last checkpoint of each."""

    def __init__(self, folder: Path, *, clock: Callable[[], dt.datetime] = _utc_now) -> None:
        """Raises ``KeyUnusable`` or ``StorageUnwritable``; the key is made on first use."""
        self._key = key_at(folder / "witness.pem")
        self._public = self._key.public_key().public_bytes_raw()
        self._record = Record(folder / "witness.json")
        self._lock = FileLock(folder / "witness.lock")
        self._clock = clock
        self.name = f"frontline-witness/{hashlib.sha256(self._public).hexdigest()[:16]}"

    @property
    def verifier(self) -> str:
        """The public key, as auditors hold it: name, key id, key."""
        identifier = key_id(self.name, self._public, COSIGNATURE).hex()
        return f"{self.name}+{identifier}+{_b64(COSIGNATURE + self._public)}"

    def trust(self, verifier: str) -> None:
        """From now on, witness the ledger with this public key. Raises ``CheckpointMalformed``."""
        with self._lock:
            known = self._record.read()
            fresh = Known.of(verifier)
            if fresh.origin not in known:
                self._record.write({**known, fresh.origin: fresh})

    def rotate(self, handed_over: str) -> None:
        """Take the new key of a ledger whose old key, which is known here, signed it.

        ``handed_over`` is JSON as the ledger prints it: one rotation, or a list of them, oldest first. Raises
        ``CheckpointMalformed``, or ``CheckpointUntrusted`` where the known key signed none of them.
        """
        rotations = _rotations(handed_over)
        with self._lock:
            known = self._known(parse_verifier(rotations[0]["old"])[0])
            fresh = known.verifier
            for each in rotations:
                if each["old"] == fresh:
                    fresh = each["new"]
            if fresh == known.verifier and rotations[-1]["new"] != fresh:
                raise CheckpointUntrusted(
                    f"The key of {known.origin} that is known here signed none of these.",
                    do="Send every rotation since, oldest first.",
                )
            self._record.replace(replace(known, verifier=fresh))

    def size(self, origin: str) -> int:
        """How many entries of a ledger have been witnessed. Raises ``CheckpointUntrusted``."""
        return self._known(origin).size

    def evidence(self, origin: str) -> tuple[str, ...]:
        """Checkpoints that a ledger signed and that do not fit its history: with the last one that was
        witnessed, proof that its keeper showed two. Raises ``CheckpointUntrusted``."""
        return self._known(origin).evidence

    def add_checkpoint(self, request: str) -> str:
        """Check a request, write its checkpoint down, and give the witness's signature line for it.

        Raises ``CheckpointMalformed``, ``CheckpointUntrusted``, ``WitnessConflict`` (it starts from another size
        than the last one signed: a rollback, or an old request), ``HistoryChanged``, ``WitnessBroken`` or
        ``StorageUnwritable``; and then signs nothing.
        """
        old, proof, note = _read(request)
        try:
            text, _ = parts(note)
            stated = parse_checkpoint(text)
        except ValueError as error:
            raise CheckpointMalformed(f"No checkpoint can be read: {error}.", do=_SEND) from error
        with self._lock:
            known = self._known(stated.origin)
            try:
                checkpoint = open_checkpoint(note, known.verifier)
            except ValueError as error:
                raise CheckpointUntrusted(
                    f"The checkpoint is not that of {known.origin}: {error}.",
                    do="Sign it with the ledger's key.",
                ) from error
            self._check(known, old, proof, checkpoint, note)
            self._record.replace(known.seen(checkpoint, note))
            return self._sign(text)

    def _check(self, known: Known, old: int, proof: list[bytes], checkpoint: Checkpoint, note: str) -> None:
        if old > checkpoint.size:
            raise CheckpointMalformed(
                f"The checkpoint speaks for {checkpoint.size} entries, fewer than the {old} it starts from.",
                do=_SEND,
            )
        if old != known.size:
            raise WitnessConflict(
                f"{known.size} entries of {known.origin} were witnessed; the request starts from {old}.",
                do=f"Send a proof from {known.size} entries. A ledger that has fewer was rolled back.",
            )
        try:
            if old == 0:
                if proof or (checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT):
                    raise ValueError("from no entries there is nothing to prove")
                return
            check_consistency(old, checkpoint.size, known.root, checkpoint.root, proof)
        except ValueError as error:
            self._record.replace(known.contradicted(note))
            raise HistoryChanged(
                f"{known.origin} does not show that its {checkpoint.size} entries begin with the {old} witnessed: "
                f"{error}.",
                do="Keep both checkpoints as evidence, and verify the ledger.",
            ) from error

    def _known(self, origin: str) -> Known:
        known = self._record.read().get(origin)
        if known is None:
            raise CheckpointUntrusted(
                f"No ledger {origin!r} is known to this witness.",
                do="Let it trust the ledger's public key first.",
            )
        return known

    def _sign(self, text: str) -> str:
        seconds = int(self._clock().timestamp())
        signature = self._key.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        identifier = key_id(self.name, self._public, COSIGNATURE)
        return f"{DASH}{self.name} {_b64(identifier + seconds.to_bytes(8, 'big') + signature)}\n"


_SEND = "Send what the ledger makes for a witness, unchanged."


def _read(request: str) -> tuple[int, list[bytes], str]:
    """Old size, proof and checkpoint of a request."""
    head, parted, note = request.partition("\n\n")
    first, *hashes = head.split("\n")
    if len(request) > MOST_CHARACTERS or not parted or len(hashes) > MOST_HASHES:
        raise CheckpointMalformed("The request is not one to a witness, or too long for one.", do=_SEND)
    old = re.fullmatch("old (0|[1-9][0-9]{0,18})", first)
    if old is None:
        raise CheckpointMalformed(f"The first line is {first[:40]!r}, not an old size.", do=_SEND)
    try:
        return int(old[1]), [base64.b64decode(line, validate=True) for line in hashes], note
    except (binascii.Error, ValueError) as error:
        raise CheckpointMalformed(f"The proof cannot be read: {error}.", do=_SEND) from error


def _rotations(text: str) -> list[dict[str, str]]:
    """Rotations whose signatures were found good."""
    try:
        found = json.loads(text)
        listed = found if isinstance(found, list) else [found]
        for each in listed:
            rotation.check(each)
        if not listed:
            raise ValueError("there is none")
    except ValueError as error:
        raise CheckpointMalformed(f"No change of key can be read: {error}.", do=_SEND) from error
    return listed


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
