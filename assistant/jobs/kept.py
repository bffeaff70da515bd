"""Why: the page may be served by another process than the one that answers, or be opened again after the
connection broke. So what a job says is kept in the governance database until it expires; nothing is in memory only.

No question is kept here, and no text that did not pass the evidence contract: see ``running``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from assistant.jobs.job import Event, EventKind, Job, JobState
from governance import tables as t
from governance.errors import AnswerLost, JobUnknown
from governance.stamps import stamp
from governance.store import Store

Said = tuple[EventKind, Mapping[str, Any]]


@dataclass(frozen=True)
class Kept:
    """Jobs and their events in one store."""

    store: Store
    clock: Callable[[], dt.datetime]
    keep: dt.timedelta
    """How long events are kept after a job was started."""
    longest: dt.timedelta
    """How long a job may run; one that has not ended by then counts as lost."""

    def begin(self, job_id: str, person: str) -> Job:
        """Keep a new job, and forget those that have expired."""
        now = self.clock()
        row = {
            "id": job_id, "person": person, "state": JobState.RUNNING.value, "cancelling": False,
            "started": stamp(now), "overdue": stamp(now + self.longest), "expires": stamp(now + self.keep),
        }  # fmt: skip
        with self.store.write() as connection:
            _forget(connection, now)
            connection.execute(insert(t.jobs).values(row))
        return Job(job_id, person, JobState.RUNNING, now, now + self.keep)

    def forget_expired(self) -> int:
        """Delete jobs past their time, with their events; gives how many."""
        with self.store.write() as connection:
            return _forget(connection, self.clock())

    def add(self, job_id: str, said: Sequence[Said], *, ends: JobState | None = None) -> bool:
        """Keep what a running job said, and its end where it ended, all at once.

        Gives False, and keeps nothing, where the job is no longer running.
        """
        with self.store.write() as connection:
            if _state(connection, job_id) is not JobState.RUNNING:
                return False
            last = select(func.max(t.job_events.c.number)).where(t.job_events.c.job == job_id)
            number = connection.execute(last).scalar() or 0
            rows = [
                {"job": job_id, "number": number + n, "kind": kind.value, "data": dict(data)}
                for n, (kind, data) in enumerate(said, start=1)
            ]
            connection.execute(insert(t.job_events), rows)
            if ends is not None:
                connection.execute(update(t.jobs).where(t.jobs.c.id == job_id).values(state=ends.value))
        return True

    def cancel(self, job_id: str) -> bool:
        """Ask a running job to stop; False where it has ended."""
        with self.store.write() as connection:
            running = (t.jobs.c.id == job_id) & (t.jobs.c.state == JobState.RUNNING.value)
            return bool(connection.execute(update(t.jobs).where(running).values(cancelling=True)).rowcount)

    def cancelling(self, job_id: str) -> bool:
        """Whether a job was asked to stop."""
        with self.store.read() as connection:
            wanted = select(t.jobs.c.cancelling).where(t.jobs.c.id == job_id)
            return bool(connection.execute(wanted).scalar())

    def job(self, job_id: str) -> Job:
        """A job as it stands; one that is overdue is ended as lost first. Raises ``JobUnknown``."""
        row = self._row(job_id)
        if row["state"] == JobState.RUNNING.value and row["overdue"] < stamp(self.clock()):
            lost = AnswerLost(
                "The answer was lost: whatever was making it stopped, or took too long.", do="Ask again."
            )
            self.add(job_id, [(EventKind.ERROR, lost.as_dict())], ends=JobState.FAILED)
            row = self._row(job_id)
        return Job(
            row["id"],
            row["person"],
            JobState(row["state"]),
            dt.datetime.fromisoformat(row["started"]),
            dt.datetime.fromisoformat(row["expires"]),
        )

    def events(self, job_id: str, after: int = 0) -> list[Event]:
        """The events of a job after a number, in order."""
        wanted = (
            select(t.job_events)
            .where(t.job_events.c.job == job_id, t.job_events.c.number > after)
            .order_by(t.job_events.c.number)
        )
        with self.store.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [Event(r["job"], r["number"], EventKind(r["kind"]), r["data"]) for r in rows]

    def _row(self, job_id: str) -> RowMapping:
        with self.store.read() as connection:
            row = connection.execute(select(t.jobs).where(t.jobs.c.id == job_id)).mappings().first()
        if row is None:
            raise JobUnknown(
                f"No answer is being made, or was lately made, under the reference {job_id!r}.",
                do="Ask again, or look the reference up among the answers.",
            )
        return row


def _state(connection: Connection, job_id: str) -> JobState | None:
    state = connection.execute(select(t.jobs.c.state).where(t.jobs.c.id == job_id)).scalar()
    return None if state is None else JobState(state)


def _forget(connection: Connection, now: dt.datetime) -> int:
    expired = select(t.jobs.c.id).where(t.jobs.c.expires < stamp(now))
    connection.execute(delete(t.job_events).where(t.job_events.c.job.in_(expired)))
    return int(connection.execute(delete(t.jobs).where(t.jobs.c.expires < stamp(now))).rowcount)
