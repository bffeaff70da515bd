"""Why: whether data may be used for a purpose is decided each time it is used, from what was agreed, and the
decision is kept with the use.

A record is never changed: a withdrawal is a new record. Nothing agreed means no. A colleague's
acknowledgement of the notice is not consent as a lawful basis (a public body rarely relies on that, and a
colleague's consent to an employer is weak): it is recorded as what it is. This is an engineering assumption
until a data protection officer has signed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from governance import tables as t
from governance.agreement import (
    CITIZEN_PARTICIPATION,
    COLLEAGUE_EVALUATION,
    COLLEAGUE_USE,
    OBJECTION,
    Event,
    Purpose,
    State,
    purposes_of,
    record,
    step,
)
from governance.decision import Decision
from governance.errors import AgreementState
from governance.ledger import Ledger
from governance.notice import Notice, current_notice
from governance.register import Register, latest_of, rows_of, run_out
from governance.stamps import stamp
from governance.store import Store

__all__ = [
    "ACKNOWLEDGED_FOR",
    "CITIZEN_PARTICIPATION",
    "COLLEAGUE_EVALUATION",
    "COLLEAGUE_USE",
    "Consents",
    "Decision",
    "Ended",
    "Purpose",
    "State",
]

ACKNOWLEDGED_FOR = (Purpose.ANSWER, Purpose.AUDIT)
"""What acknowledging the colleague's notice covers; every other purpose needs its own agreement."""


@dataclass(frozen=True)
class Ended:
    """An agreement, or a part of it, that has just ended."""

    person: str
    purposes: tuple[Purpose, ...]
    state: State
    record_id: str
    actor: str


OnEnd = Callable[[Connection, Ended], Mapping[str, Any]]
"""What must follow when an agreement ends, in the same transaction; gives the evidence of what was done."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Consents(Register):
    """Agreements in a store, each of whose changes is in the ledger."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        *,
        clock: Callable[[], dt.datetime] = _utc_now,
        notices: Callable[[str], Notice] = current_notice,
        controller: str = "the organisation that runs this service",
        stored: str = "the organisation's own machines",
        on_end: OnEnd | None = None,
    ) -> None:
        super().__init__(store, ledger, clock=clock, notices=notices)
        self._controller = controller
        self._stored = stored
        self._on_end = on_end

    # --- what people do -------------------------------------------------------------------------------------

    def acknowledge(
        self, person_id: str, notice_id: str = COLLEAGUE_USE, *, actor: str, channel: str,
        valid_for: dt.timedelta | None = None,
    ) -> str:  # fmt: skip
        """Record that a person was shown the notice and acknowledged it; gives the record's id.

        ``channel`` is how it was shown ("page", "command line"). Raises ``NoticeUnknown``.
        """
        return self.give(person_id, notice_id, actor=actor, channel=channel, valid_for=valid_for)

    def request(
        self,
        person_id: str,
        notice_id: str,
        *,
        purposes: Iterable[str] | None = None,
        actor: str,
        channel: str,
    ) -> str:
        """Record that a person was asked. Raises ``NoticeUnknown``, ``PurposeUnknown`` or ``AgreementState``."""
        return self._happen(State.REQUESTED, person_id, notice_id, purposes, actor, channel)

    def refuse(self, person_id: str, notice_id: str, *, actor: str, channel: str) -> str:
        """Record that a person said no. Raises ``NoticeUnknown`` or ``AgreementState``."""
        return self._happen(State.REFUSED, person_id, notice_id, None, actor, channel)

    def give(
        self, person_id: str, notice_id: str, *, purposes: Iterable[str] | None = None, actor: str, channel: str,
        valid_for: dt.timedelta | None = None, evidence: str = "",
    ) -> str:  # fmt: skip
        """Record that a person agreed, to the purposes given and those the notice cannot be had without.

        An agreement that stands is superseded by it. Raises ``NoticeUnknown`` or ``PurposeUnknown``.
        """
        notice = self._notice(notice_id)
        agreed = purposes_of(notice, purposes)
        days = notice.terms.valid_days
        lasting = valid_for or (dt.timedelta(days=days) if days else None)
        expires = stamp(self._clock() + lasting) if lasting else ""
        with self._store.write() as connection:
            latest = latest_of(connection, person_id, notice_id)
            if latest is not None and latest.state == State.GIVEN:
                over = tuple(Purpose(name) for name in latest.purposes)
                superseded = Event(State.SUPERSEDED, actor, channel, over, evidence="agreed anew")
                self._keep(connection, superseded, person_id, notice, latest)
                lost = tuple(p for p in over if p not in agreed)
                if lost:
                    self._end(connection, Ended(person_id, lost, State.SUPERSEDED, latest.record_id, actor))
            event = Event(State.GIVEN, actor, channel, agreed, expires, evidence)
            return self._keep(connection, event, person_id, notice, None)

    def withdraw(
        self, person_id: str, notice_id: str = COLLEAGUE_USE, *, purposes: Iterable[str] | None = None, actor: str,
        channel: str,
    ) -> str:  # fmt: skip
        """Record that a person withdraws, all of it or some purposes; from now on every decision about these is no,
        and what was kept for them is erased in the same transaction.

        Raises ``AgreementState`` where nothing is given.
        """
        return self._finish(State.WITHDRAWN, person_id, notice_id, purposes, actor, channel, "")

    def withdraw_all(
        self, connection: Connection, person_id: str, *, actor: str, channel: str, reason: str
    ) -> list[str]:
        """Withdraw everything a person agreed to, in the caller's transaction; gives the ids of the records."""
        given = {r.notice_id for r in rows_of(connection, person_id) if r.agreement_type != OBJECTION}
        return [
            self._finished(connection, State.WITHDRAWN, person_id, notice_id, None, actor, channel, reason)
            for notice_id in sorted(given)
            if latest_of(connection, person_id, notice_id).state == State.GIVEN
        ]

    def invalidate(self, person_id: str, notice_id: str, *, actor: str, channel: str, reason: str) -> str:
        """Record that an agreement should never have counted (given under pressure, or by the wrong person)."""
        return self._finish(State.INVALIDATED, person_id, notice_id, None, actor, channel, reason)

    def object(
        self,
        person_id: str,
        notice_id: str,
        *,
        purposes: Iterable[str],
        actor: str,
        channel: str,
        reason: str,
    ) -> str:
        """Record that a person objects to purposes; it outweighs any agreement until ``object`` is called with none."""
        notice = self._notice(notice_id)
        against = tuple(Purpose(p) for p in purposes)
        event = Event(State.GIVEN if against else State.WITHDRAWN, actor, channel, against, evidence=reason)
        with self._store.write() as connection:
            record_id = self._keep(connection, event, person_id, notice, None, OBJECTION)
            if against:
                self._end(connection, Ended(person_id, against, State.WITHDRAWN, record_id, actor))
        return record_id

    def expire_due(self, *, actor: str) -> list[str]:
        """Record what has run out, with all that follows; gives the ids of the records. Decisions need no such
        record: they judge expiry themselves, at use."""
        due = []
        with self._store.write() as connection:
            for latest in run_out(connection, stamp(self._clock())):
                event = Event(
                    State.EXPIRED, actor, "schedule", tuple(Purpose(p) for p in latest.purposes),
                    evidence=f"ran out on {latest.expires[:10]}",
                )  # fmt: skip
                record_id = self._keep(
                    connection, event, latest.person, self._notice(latest.notice_id), latest
                )
                self._end(connection, Ended(latest.person, event.purposes, State.EXPIRED, record_id, actor))
                due.append(record_id)
        return due

    # --- keeping --------------------------------------------------------------------------------------------

    def _happen(
        self,
        state: State,
        person_id: str,
        notice_id: str,
        purposes: Iterable[str] | None,
        actor: str,
        channel: str,
    ) -> str:
        notice = self._notice(notice_id)
        asked = purposes_of(notice, notice.terms.purposes if purposes is None else purposes)
        with self._store.write() as connection:
            latest = latest_of(connection, person_id, notice_id)
            return self._keep(connection, Event(state, actor, channel, asked), person_id, notice, latest)

    def _finish(
        self, state: State, person_id: str, notice_id: str, purposes: Iterable[str] | None, actor: str, channel: str,
        reason: str,
    ) -> str:  # fmt: skip
        wanted = None if purposes is None else {Purpose(p) for p in purposes}
        with self._store.write() as connection:
            return self._finished(connection, state, person_id, notice_id, wanted, actor, channel, reason)

    def _finished(
        self, connection: Connection, state: State, person_id: str, notice_id: str, wanted: set[Purpose] | None,
        actor: str, channel: str, reason: str,
    ) -> str:  # fmt: skip
        notice, latest = self._notice(notice_id), latest_of(connection, person_id, notice_id)
        step(latest.state if latest else None, state)
        agreed = [Purpose(name) for name in latest.purposes]
        gone = tuple(p for p in agreed if wanted is None or p in wanted)
        if not gone:
            raise AgreementState(
                f"The agreement does not cover {', '.join(sorted(wanted or ()))}.",
                do=f"It covers: {', '.join(agreed)}.",
            )
        if set(notice.terms.required) & set(gone):
            gone = tuple(agreed)
        left = tuple(p for p in agreed if p not in gone)
        event = Event(state, actor, channel, gone, evidence=reason)
        record_id = self._keep(connection, event, person_id, notice, latest)
        if left:
            what = f"what is left of {latest.record_id}"
            rest = Event(State.GIVEN, actor, channel, left, latest.expires, what)
            self._keep(connection, rest, person_id, notice, None)
        self._end(connection, Ended(person_id, gone, state, record_id, actor))
        return record_id

    def _end(self, connection: Connection, ended: Ended) -> None:
        if self._on_end is None:
            return
        done = self._on_end(connection, ended)
        body = {"record_id": ended.record_id, "purposes": [p.value for p in ended.purposes], **done}
        self._ledger.append(
            "withdrawal.carried_out", body, actor=ended.actor, subject=ended.person, connection=connection
        )

    def _keep(
        self,
        connection: Connection,
        event: Event,
        person_id: str,
        notice: Notice,
        latest: Any,
        type_: str = "",
    ) -> str:
        if type_ != OBJECTION and event.state in (State.REQUESTED, State.REFUSED):
            step(latest.state if latest is not None else None, event.state)
        goes_on = latest is not None and latest.state in (State.REQUESTED, State.GIVEN)
        body = record(
            event, person=person_id, notice=notice, follows=latest.record_id if goes_on else "",
            type_=type_ or notice.terms.type, time=stamp(self._clock()), controller=self._controller,
            stored=self._stored,
        )  # fmt: skip
        entry = self._ledger.append(
            f"agreement.{event.state}", body, actor=event.actor, subject=person_id, connection=connection
        )
        row = {name: body[name] for name in t.consents.columns.keys() if name in body}  # noqa: SIM118
        connection.execute(insert(t.consents).values(**row, entry_index=entry.index))
        return str(body["record_id"])
