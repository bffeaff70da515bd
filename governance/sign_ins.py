"""Why: a cookie cannot be called back. Who is signed in is kept here, so that signing out, or losing a role, holds
at the next request, in every process that serves the pages.

Each beginning and end is in the ledger, in the same transaction as the change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from governance import tables as t
from governance.ledger import Ledger
from governance.stamps import stamp
from governance.store import Store

KEPT = dt.timedelta(days=2)
"""How long a row outlives its beginning; no session is longer than a day."""


@dataclass(frozen=True)
class SignIn:
    """One person's sign-in, as it stands now."""

    person: str
    """Pseudonym."""
    role: str
    """The role they act in."""
    roles: tuple[str, ...]
    """All the roles they hold."""
    way: str
    """``local`` or ``oidc``."""
    checked: dt.datetime
    sealed: bytes
    """What is needed to ask the provider again, encrypted; empty: nothing."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SignIns:
    """Beginnings and ends of sessions in a store."""

    def __init__(self, store: Store, ledger: Ledger, *, clock: Callable[[], dt.datetime] = _utc_now) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock

    def begin(
        self, session: str, *, person: str, role: str, roles: Sequence[str], way: str, sealed: bytes = b""
    ) -> None:
        """Keep and record that a session began; rows that no session can use any more go."""
        now = self._clock()
        row = {
            "id_sha256": _name(session), "person": person, "role": role, "roles": list(roles), "way": way,
            "began": stamp(now), "checked": stamp(now), "ended": "", "sealed": sealed,
        }  # fmt: skip
        with self._store.write() as connection:
            connection.execute(delete(t.sign_ins).where(t.sign_ins.c.began < stamp(now - KEPT)))
            connection.execute(insert(t.sign_ins).values(**row))
            body = {"role": role, "channel": "page", "way": way}
            self._ledger.append("session.began", body, actor=person, subject=person, connection=connection)

    def find(self, session: str) -> SignIn | None:
        """The sign-in of a session; None where there is none, or it was ended."""
        query = select(t.sign_ins).where(t.sign_ins.c.id_sha256 == _name(session), t.sign_ins.c.ended == "")
        with self._store.read() as connection:
            row: Any = connection.execute(query).first()
        if row is None:
            return None
        checked = dt.datetime.fromisoformat(row.checked)
        return SignIn(row.person, row.role, tuple(row.roles), row.way, checked, row.sealed)

    def still(self, session: str, roles: Sequence[str], sealed: bytes) -> None:
        """Note that the provider was asked, and what it said."""
        values = {"roles": list(roles), "checked": stamp(self._clock()), "sealed": sealed}
        with self._store.write() as connection:
            connection.execute(
                update(t.sign_ins).where(t.sign_ins.c.id_sha256 == _name(session)).values(**values)
            )

    def end(self, session: str, why: str) -> None:
        """End a session and record why; nothing where it was ended before."""
        row = t.sign_ins.c
        with self._store.write() as connection:
            found: Any = connection.execute(
                select(row.person, row.role).where(row.id_sha256 == _name(session), row.ended == "")
            ).first()
            if found is None:
                return
            connection.execute(
                update(t.sign_ins)
                .where(row.id_sha256 == _name(session))
                .values(ended=stamp(self._clock()), sealed=b"")
            )
            body = {"role": found.role, "channel": "page", "why": why}
            self._ledger.append(
                "session.ended", body, actor=found.person, subject=found.person, connection=connection
            )


def _name(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()
