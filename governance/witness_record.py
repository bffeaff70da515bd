"""Why: a witness is worth what it remembers. Its record is written whole, and to the disk, before it signs."""

from __future__ import annotations

import base64
import contextlib
import errno
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from governance.errors import CheckpointMalformed, StorageFull, StorageUnwritable, WitnessBroken
from governance.ledger.key import sync_folder
from governance.ledger.note import Checkpoint, parse_verifier
from governance.ledger.tree import EMPTY_ROOT

MOST_EVIDENCE = 100
"""Contradicting checkpoints kept of one ledger; the first ones count."""


@dataclass(frozen=True)
class Known:
    """A ledger that is witnessed, and where it stood."""

    origin: str
    verifier: str
    size: int = 0
    root: bytes = EMPTY_ROOT
    note: str = ""
    """The last checkpoint that was signed; empty before the first."""
    evidence: tuple[str, ...] = ()

    @classmethod
    def of(cls, verifier: str) -> Known:
        """A ledger of which nothing has been seen yet. Raises ``CheckpointMalformed``."""
        try:
            return cls(parse_verifier(verifier)[0], verifier)
        except ValueError as error:
            raise CheckpointMalformed(
                f"{verifier!r} is not a ledger's public key.", do="Give it as the ledger prints it."
            ) from error

    def seen(self, checkpoint: Checkpoint, note: str) -> Known:
        """After one more checkpoint."""
        return replace(self, size=checkpoint.size, root=checkpoint.root, note=note)

    def contradicted(self, note: str) -> Known:
        """After a checkpoint that the ledger signed and that does not fit."""
        if note in self.evidence or len(self.evidence) >= MOST_EVIDENCE:
            return self
        return replace(self, evidence=(*self.evidence, note))


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    origin: str
    verifier: str
    size: int
    root: str
    note: str
    evidence: list[str]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    form: int
    ledgers: list[_Line]


class Record:
    """The ledgers a witness knows, in one JSON file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Known]:
        """By origin; nothing where the file is not there yet. Raises ``WitnessBroken``."""
        try:
            kept = _File.model_validate_json(self._path.read_bytes())
            return {line.origin: _known(line) for line in kept.ledgers}
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError, ValueError) as error:
            raise WitnessBroken(
                f"The witness cannot read its record {self._path}: {error}",
                do="Put it back from a backup. Starting anew would let a rewritten ledger pass.",
            ) from error

    def replace(self, known: Known) -> None:
        """Keep one ledger's line in place of the one before."""
        self.write({**self.read(), known.origin: known})

    def write(self, ledgers: Mapping[str, Known]) -> None:
        """Keep all, whole and on the disk on return. Raises ``StorageFull`` or ``StorageUnwritable``."""
        content = _File(form=1, ledgers=[_line(known) for known in ledgers.values()])
        folder = self._path.parent
        try:
            descriptor, scratch = tempfile.mkstemp(dir=folder, prefix=f".{self._path.name}.")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content.model_dump_json(indent=1).encode())
                    file.flush()
                    os.fsync(file.fileno())
                Path(scratch).replace(self._path)
                sync_folder(folder)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    Path(scratch).unlink()
        except OSError as error:
            kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageUnwritable
            raise kind(
                f"The witness cannot write its record {self._path}: {error.strerror}.",
                do="Free space or mend permissions; until then it signs nothing.",
            ) from error


def _known(line: _Line) -> Known:
    root = base64.b64decode(line.root, validate=True)
    if len(root) != 32:
        raise ValueError("a root in it is not a SHA-256 hash")
    return Known(line.origin, line.verifier, line.size, root, line.note, tuple(line.evidence))


def _line(known: Known) -> _Line:
    return _Line(
        origin=known.origin, verifier=known.verifier, size=known.size,
        root=base64.b64encode(known.root).decode("ascii"), note=known.note, evidence=list(known.evidence),
    )  # fmt: skip
