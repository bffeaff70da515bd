"""Why: whether data may be used for a purpose is decided each time it is used, from what was agreed, and the
decision is kept with the use.

A record is never changed: a withdrawal is a new record. Nothing agreed means no. A colleague's
acknowledgement of the notice is not consent as a lawful basis (a public body rarely relies on that, and a
colleague's consent to an employer is weak): it is recorded as what it is. This is an engineering assumption
until a data protection officer has signed it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from governance import tables as t
from governance.ledger import Ledger
from governance.notice import Notice, current_notice
from governance.store import Store

COLLEAGUE_USE = "colleague-use"
"""The notice that a colleague acknowledges before asking."""


class Purpose(StrEnum):
    """What data may be used for: a closed list."""

    ANSWER = "answer"
    AUDIT = "audit"
    EVALUATION_REUSE = "evaluation_reuse"
    SERVICE_IMPROVEMENT = "service_improvement"
    HANDOVER = "handover"


ACKNOWLEDGED_FOR = (Purpose.ANSWER, Purpose.AUDIT)
"""What acknowledging the colleague's notice covers; every other purpose needs its own agreement."""


class State(StrEnum):
    """Where an agreement stands after a record."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Decision:
    """Whether a use was allowed, and why, as it was decided at that moment."""

    purpose: Purpose
    allowed: bool
    reason: str
    record_id: str | None = None
    notice_version: str | None = None


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Consents:
    """Agreements in a store, each of whose changes is in the ledger."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        *,
        clock: Callable[[], dt.datetime] = _utc_now,
        notices: Callable[[str], Notice] = current_notice,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._notice = notices

    def current_notice(self, notice_id: str = COLLEAGUE_USE) -> Notice:
        """The text to show now. Raises ``NoticeUnknown``."""
        return self._notice(notice_id)

    def acknowledge(
        self,
        person_id: str,
        notice_id: str = COLLEAGUE_USE,
        *,
        actor: str,
        channel: str,
        valid_for: dt.timedelta | None = None,
    ) -> str:
        """Record that a person was shown the notice and acknowledged it; gives the record's id.

        ``channel`` is how it was shown ("page", "command line"). Raises ``NoticeUnknown``.
        """
        return self._keep(
            person_id, notice_id, State.GIVEN, actor=actor, channel=channel, valid_for=valid_for
        )

    def withdraw(self, person_id: str, notice_id: str = COLLEAGUE_USE, *, actor: str, channel: str) -> str:
        """Record that a person withdraws; from now on every decision about them is no."""
        return self._keep(person_id, notice_id, State.WITHDRAWN, actor=actor, channel=channel)

    def decide(
        self,
        purpose: Purpose,
        person_id: str,
        notice_id: str = COLLEAGUE_USE,
        *,
        connection: Connection | None = None,
    ) -> Decision:
        """Whether data may be used for a purpose now; inside the caller's transaction where one is given."""
        notice = self._notice(notice_id)
        if connection is not None:
            latest = _latest(connection, person_id, notice_id)
        else:
            with self._store.read() as reading:
                latest = _latest(reading, person_id, notice_id)
        reason = self._why_not(latest, notice, purpose)
        if latest is None:
            return Decision(purpose, False, reason, None, notice.version)
        return Decision(purpose, not reason, reason or _yes(notice), latest.record_id, latest.notice_version)

    def _why_not(self, latest: Any, notice: Notice, purpose: Purpose) -> str:
        if latest is None:
            return f"The notice {notice.id} {notice.version} has not been acknowledged."
        if latest.state != State.GIVEN:
            return f"The agreement was {latest.state}."
        if latest.expires and latest.expires <= _stamp(self._clock()):
            return f"The agreement ran out on {latest.expires[:10]}."
        if latest.notice_sha256 != notice.sha256:
            return f"The notice has changed since: {latest.notice_version} was acknowledged, {notice.version} is in force."
        if purpose not in latest.purposes:
            return f"The agreement does not cover the purpose {purpose}."
        return ""

    def _keep(
        self,
        person_id: str,
        notice_id: str,
        state: State,
        *,
        actor: str,
        channel: str,
        valid_for: dt.timedelta | None = None,
    ) -> str:
        notice = self._notice(notice_id)
        now = self._clock()
        record = {
            "record_id": "c" + secrets.token_hex(12), "person": person_id,
            "agreement_type": "notice_acknowledgement", "state": state.value, "notice_id": notice.id,
            "notice_version": notice.version, "notice_sha256": notice.sha256,
            "purposes": [purpose.value for purpose in ACKNOWLEDGED_FOR], "time": _stamp(now),
            "expires": _stamp(now + valid_for) if valid_for else "",
        }  # fmt: skip
        with self._store.write() as connection:
            body = {**record, "schema_version": 1, "language": notice.language, "channel": channel}
            entry = self._ledger.append(
                f"agreement.{state}", body, actor=actor, subject=person_id, connection=connection
            )
            connection.execute(insert(t.consents).values(**record, entry_index=entry.index))
        return str(record["record_id"])


def _latest(connection: Connection, person_id: str, notice_id: str) -> Any:
    query = select(t.consents).where(t.consents.c.person == person_id, t.consents.c.notice_id == notice_id)
    return connection.execute(query.order_by(t.consents.c.entry_index.desc()).limit(1)).first()


def _stamp(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _yes(notice: Notice) -> str:
    return f"The notice {notice.id} {notice.version} was acknowledged."
