"""Why: the register of agreements is read far more often than it is written, and reading it changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select

from governance import tables as t
from governance.agreement import (
    CITIZEN_PARTICIPATION,
    COLLEAGUE_EVALUATION,
    COLLEAGUE_USE,
    OBJECTION,
    Purpose,
    State,
    new_id,
)
from governance.decision import Decision, standing
from governance.errors import AgreementUnknown, PersonUnknown
from governance.ledger import Ledger
from governance.notice import Notice
from governance.stamps import stamp
from governance.store import Store


class Register:
    """The agreements of a store, for whoever reads them or decides by them."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        *,
        clock: Callable[[], dt.datetime],
        notices: Callable[[str], Notice],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._notice = notices

    def current_notice(self, notice_id: str = COLLEAGUE_USE) -> Notice:
        """The text to show now. Raises ``NoticeUnknown``."""
        return self._notice(notice_id)

    def decide(
        self, purpose: Purpose, person_id: str, notice_id: str = COLLEAGUE_USE, *,
        connection: Connection | None = None,
    ) -> Decision:  # fmt: skip
        """Whether data may be used for a purpose now; inside the caller's transaction where one is given."""
        notice, now = self._notice(notice_id), stamp(self._clock())
        if connection is not None:
            return standing(rows_of(connection, person_id), notice, purpose, now, person_id)
        with self._store.read() as reading:
            return standing(rows_of(reading, person_id), notice, purpose, now, person_id)

    def ended(self, connection: Connection, person_id: str) -> bool:
        """Whether a person has agreed to something and none of it stands any more."""
        notices = {row.notice_id for row in rows_of(connection, person_id)}
        now = stamp(self._clock())
        latest = [row for n in notices if (row := latest_of(connection, person_id, n)) is not None]
        return bool(latest) and not any(
            row.state == State.GIVEN and not (row.expires and row.expires <= now) for row in latest
        )

    def new_person(self) -> str:
        """A pseudonym for a citizen: random, so that it says nothing. It stands on the receipt."""
        return new_id("z")

    def history(self, person_id: str) -> list[dict[str, Any]]:
        """Every record about a person, oldest first, with all fields. Raises ``PersonUnknown``."""
        found = [entry.body for entry in self._ledger.about(person_id) if entry.type.startswith("agreement.")]
        if not found:
            raise PersonUnknown(
                f"No agreement of {person_id!r} is on record.", do="Check the code on the receipt."
            )
        return found

    def record(self, record_id: str) -> dict[str, Any]:
        """One record, with all fields. Raises ``AgreementUnknown``."""
        with self._store.read() as connection:
            query = select(t.consents.c.entry_index).where(t.consents.c.record_id == record_id)
            index = connection.execute(query).scalar()
        if index is None:
            raise AgreementUnknown(f"No agreement has the record {record_id!r}.", do="Check the record's id.")
        return self._ledger.entry(index).body

    def subjects(self, role: str) -> list[str]:
        """Pseudonyms of everyone of a role who is on record."""
        notices = {name for name in (COLLEAGUE_USE, COLLEAGUE_EVALUATION, CITIZEN_PARTICIPATION)
                   if self._notice(name).terms.role == role}  # fmt: skip
        with self._store.read() as connection:
            c = t.consents.c
            query = select(c.person).where(c.notice_id.in_(notices)).distinct().order_by(c.person)
            return list(connection.execute(query).scalars())


def rows_of(connection: Connection, person_id: str) -> list[Any]:
    """A person's rows, oldest first."""
    query = select(t.consents).where(t.consents.c.person == person_id).order_by(t.consents.c.entry_index)
    return list(connection.execute(query))


def latest_of(connection: Connection, person_id: str, notice_id: str) -> Any:
    """Where a person's agreement to a notice stands: its newest row, or None."""
    rows = [r for r in rows_of(connection, person_id) if r.notice_id == notice_id]
    agreements = [row for row in rows if row.agreement_type != OBJECTION]
    return agreements[-1] if agreements else None


def run_out(connection: Connection, now: str) -> list[Any]:
    """Agreements that stand as given and whose time has run out."""
    latest: dict[tuple[str, str], Any] = {}
    query = select(t.consents).where(t.consents.c.agreement_type != OBJECTION)
    for row in connection.execute(query.order_by(t.consents.c.entry_index)):
        latest[row.person, row.notice_id] = row
    return [r for r in latest.values() if r.state == State.GIVEN and r.expires and r.expires <= now]
