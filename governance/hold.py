"""Why: a court, an appeal or an inquiry may need what somebody else asks to have erased. A legal hold stops erasure
and retention for one person, on a named authority, until a stated day or until it is lifted; and it is on record.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from governance import tables as t
from governance.errors import HoldUnknown, OptionInvalid
from governance.ledger import Ledger
from governance.stamps import stamp
from governance.store import Store


@dataclass(frozen=True)
class Hold:
    """One hold that is in force."""

    hold_id: str
    subject: str
    authority: str
    """Who ordered it, and under what: "First-tier Tribunal, SSCS appeal"."""
    placed: str
    expires: str
    """UTC; empty: until it is lifted."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Holds:
    """Legal holds in a store, each of whose changes is in the ledger."""

    def __init__(self, store: Store, ledger: Ledger, *, clock: Callable[[], dt.datetime] = _utc_now) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock

    def place(
        self, subject: str, *, authority: str, reason: str, actor: str, days: int | None = None
    ) -> Hold:
        """Forbid erasure of what is kept about a person. Raises ``OptionInvalid`` without an authority."""
        if not authority.strip():
            raise OptionInvalid("A hold needs an authority.", do="Say who ordered it, and under what.")
        now = self._clock()
        expires = stamp(now + dt.timedelta(days=days)) if days is not None else ""
        hold = Hold("h" + secrets.token_hex(8), subject, authority.strip()[:256], stamp(now), expires)
        with self._store.write() as connection:
            self._keep(connection, "placed", hold, reason=reason, actor=actor)
        return hold

    def lift(self, hold_id: str, *, reason: str, actor: str) -> Hold:
        """End a hold. Raises ``HoldUnknown``."""
        with self._store.write() as connection:
            found = [hold for hold in self._active(connection, None) if hold.hold_id == hold_id]
            if not found:
                raise HoldUnknown(
                    f"No hold {hold_id!r} is in force.", do="See `frontline privacy hold list`."
                )
            self._keep(connection, "lifted", found[0], reason=reason, actor=actor)
        return found[0]

    def active(self, subject: str | None = None, *, connection: Connection | None = None) -> list[Hold]:
        """Holds in force now, of one person or of all. Whether a hold has run out is judged here, at use."""
        if connection is not None:
            return self._active(connection, subject)
        with self._store.read() as reading:
            return self._active(reading, subject)

    def _active(self, connection: Connection, subject: str | None) -> list[Hold]:
        query = select(t.holds).order_by(t.holds.c.entry_index)
        if subject is not None:
            query = query.where(t.holds.c.subject == subject)
        standing: dict[str, Hold] = {}
        for row in connection.execute(query):
            if row.event == "placed":
                standing[row.hold_id] = Hold(row.hold_id, row.subject, row.authority, row.time, row.expires)
            else:
                standing.pop(row.hold_id, None)
        now = stamp(self._clock())
        return [hold for hold in standing.values() if not hold.expires or hold.expires > now]

    def _keep(self, connection: Connection, event: str, hold: Hold, *, reason: str, actor: str) -> None:
        row = {
            "event_id": "e" + secrets.token_hex(12), "hold_id": hold.hold_id, "event": event, "subject": hold.subject,
            "authority": hold.authority, "expires": hold.expires, "time": stamp(self._clock()),
        }  # fmt: skip
        entry = self._ledger.append(
            f"hold.{event}",
            {**row, "reason": reason},
            actor=actor,
            subject=hold.subject,
            connection=connection,
        )
        connection.execute(insert(t.holds).values(**row, entry_index=entry.index))
