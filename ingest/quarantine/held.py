"""Why: a file that waits is neither lost nor quoted, and a person's decision about it holds for exactly the bytes that
the person saw: a file that changes is looked at again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from governance.errors import QuarantineDecided, QuarantineUnknown, ReasonMissing
from ingest.catalogue import Catalogue
from ingest.catalogue_tables import quarantine as table
from ingest.quarantine.finding import Finding, Trouble

Record = Callable[[str, Mapping[str, Any]], None]


class Standing(StrEnum):
    """What became of a file that was held."""

    WAITING = "waiting"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Held:
    """One file that waits, or waited, for a person."""

    id: str
    """``q`` and 12 hex digits of SHA-256 over source, path and content."""
    source: str
    path: str
    sha256: str
    """Of the file's bytes with its sidecar's: the decision is about these and no others."""
    findings: tuple[Finding, ...]
    found_at: dt.datetime
    standing: Standing = Standing.WAITING
    by: str = ""
    why: str = ""
    decided_at: dt.datetime | None = None


class Quarantine:
    """The files of one data directory that wait for a person. ``record`` is the ledger's way in."""

    def __init__(self, catalogue: Catalogue, record: Record = lambda _type, _body: None) -> None:
        self._catalogue = catalogue
        self._record = record

    def list(self, *, everything: bool = False) -> list[Held]:
        """What waits, the oldest first; with ``everything``, what was decided too."""
        query = select(table).order_by(table.c.found_at, table.c.id)
        if not everything:
            query = query.where(table.c.standing == Standing.WAITING)
        with self._catalogue.read() as connection:
            return [_held(row) for row in connection.execute(query)]

    def one(self, held_id: str) -> Held:
        """One of them. Raises ``QuarantineUnknown``."""
        with self._catalogue.read() as connection:
            row = connection.execute(select(table).where(table.c.id == held_id)).first()
        if row is None:
            raise QuarantineUnknown(
                f"Nothing in quarantine is called {held_id!r}.",
                do="`frontline guidance quarantine list` shows what is.",
            )
        return _held(row)

    def released(self, source: str, path: str, sha256: str) -> bool:
        """Whether a person released exactly this content of this file."""
        query = select(table.c.standing).where(table.c.id == held_id(source, path, sha256))
        with self._catalogue.read() as connection:
            return connection.execute(query).scalar() == Standing.RELEASED

    def hold(
        self,
        connection: Connection,
        source: str,
        path: str,
        sha256: str,
        findings: Sequence[Finding],
        at: dt.datetime,
    ) -> None:
        """Keep a file waiting, within the caller's transaction; what was decided about the same bytes stands."""
        name = held_id(source, path, sha256)
        self.forget(connection, source, path, besides=name)
        if connection.execute(select(table.c.id).where(table.c.id == name)).first() is None:
            connection.execute(
                insert(table).values(
                    id=name, source_id=source, path=path, content_hash=sha256,
                    findings=[asdict(finding) for finding in findings],
                    found_at=at.astimezone(dt.UTC).replace(tzinfo=None), standing=Standing.WAITING,
                )
            )  # fmt: skip

    def forget(self, connection: Connection, source: str, path: str, *, besides: str = "") -> None:
        """Let go of a file that is gone or has changed and that nobody has decided about."""
        of_file = (table.c.source_id == source) & (table.c.path == path) & (table.c.id != besides)
        connection.execute(delete(table).where(of_file & (table.c.standing == Standing.WAITING)))

    def release(self, held_id: str, *, by: str, why: str, now: dt.datetime) -> Held:
        """Let a file in at the next run, unless it changes. Raises as ``reject`` does."""
        return self._decide(held_id, Standing.RELEASED, by, why, now)

    def reject(self, held_id: str, *, by: str, why: str, now: dt.datetime) -> Held:
        """Keep a file out for good, unless it changes.

        Raises ``QuarantineUnknown``, ``QuarantineDecided`` or ``ReasonMissing``.
        """
        return self._decide(held_id, Standing.REJECTED, by, why, now)

    def _decide(self, held_id: str, standing: Standing, by: str, why: str, now: dt.datetime) -> Held:
        held = self.one(held_id)
        if held.standing is not Standing.WAITING:
            raise QuarantineDecided(
                f"{held.path} was {held.standing} by {held.by} already.",
                do="To decide otherwise, change the file; it is then looked at again.",
            )
        if not why.strip():
            raise ReasonMissing("A decision needs its reason.", do="Say why, in a sentence.")
        body = {
            "held": held.id, "source": held.source, "path": held.path, "sha256": held.sha256, "by": by, "why": why,
            "findings": sorted({f"{finding.trouble}: {finding.what}" for finding in held.findings}),
        }  # fmt: skip
        self._record(f"quarantine.{standing}", body)
        values = {
            "standing": standing,
            "by": by,
            "why": why,
            "decided_at": now.astimezone(dt.UTC).replace(tzinfo=None),
        }
        with self._catalogue.write() as connection:
            connection.execute(update(table).where(table.c.id == held.id).values(**values))
        return self.one(held_id)


def held_id(source: str, path: str, sha256: str) -> str:
    """Name of some bytes at some place."""
    return "q" + hashlib.sha256(f"{source}\0{path}\0{sha256}".encode()).hexdigest()[:12]


def _held(row: Row[Any]) -> Held:
    return Held(
        id=row.id, source=row.source_id, path=row.path, sha256=row.content_hash,
        findings=tuple(Finding(**{**f, "trouble": Trouble(f["trouble"])}) for f in row.findings),
        found_at=row.found_at.replace(tzinfo=dt.UTC), standing=Standing(row.standing), by=row.by or "", why=row.why or "",
        decided_at=row.decided_at.replace(tzinfo=dt.UTC) if row.decided_at else None,
    )  # fmt: skip
