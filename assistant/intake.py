"""Why: taking guidance in lasts from seconds to minutes. It may not hold up whoever pressed a button, and it may not be
forgotten when the program stops before it is done.

So what is to be taken in is owed, in the database, until a run that began afterwards has ended. A run that was cut off
is done again at the next start; where another process takes something in, this one waits its turn.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, insert, select, update

from governance import tables as t
from governance.errors import FrontlineError, IngestRunning
from governance.stamps import stamp
from governance.store import Store

if TYPE_CHECKING:
    from ingest.report import Report

log = logging.getLogger(__name__)

LOOK_AGAIN = 1.0
"""Seconds between looks whether another process has finished its run."""
_LET_END = 10.0
"""Seconds that a run is given to end when the program stops; then it is owed still."""


class IntakeState(StrEnum):
    """How far the taking in of a source has come."""

    OWED = "owed"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Taken:
    """Where the taking in of a source stands."""

    source: str
    state: IntakeState
    asked: dt.datetime
    """When it was last asked for."""
    ended: dt.datetime | None
    told: dict[str, Any]
    """The figures of the run that is done, or the error document of one that failed."""

    @property
    def under_way(self) -> bool:
        """Whether something is still to come."""
        return self.state in (IntakeState.OWED, IntakeState.RUNNING)


class Intake:
    """Takes sources in, one after the other, in the background of this process."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], dt.datetime],
        run: Callable[[str], Report],
        *,
        pause: float = LOOK_AGAIN,
    ) -> None:
        """``run`` takes one source in by its name and raises what ``Ingestor.run`` raises."""
        self._store = store
        self._clock = clock
        self._run = run
        self._pause = pause
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def owe(self, source: str, *, begin: bool = True) -> None:
        """Have a source taken in soon, whatever happens to this process.

        Without ``begin``, before it is changed: so that a change is taken in even where the program stops just after it.
        """
        c = t.intakes.c
        now = {"state": IntakeState.OWED.value, "asked": stamp(self._clock())}
        with self._store.write() as connection:
            if not connection.execute(
                update(t.intakes).where(c.source == source).values(**now, asks=c.asks + 1)
            ).rowcount:
                connection.execute(insert(t.intakes).values(**now, source=source, asks=1, ended="", told={}))
        if begin:
            self.resume()

    def resume(self) -> None:
        """Work on what is owed, in the background; nothing happens where nothing is, or it is worked on already."""
        with self._lock:
            if self._thread is None and not self._stop.is_set() and self._next() is not None:
                self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
                self._thread.start()

    def standing(self, source: str) -> Taken | None:
        """Where a source stands; None where it was never asked for here."""
        with self._store.read() as connection:
            row = connection.execute(select(t.intakes).where(t.intakes.c.source == source)).first()
        if row is None:
            return None
        ended = dt.datetime.fromisoformat(row.ended) if row.ended else None
        return Taken(
            row.source, IntakeState(row.state), dt.datetime.fromisoformat(row.asked), ended, row.told
        )

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until nothing is worked on here any more."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def close(self) -> None:
        """Begin nothing more, and let what runs end; what does not in ten seconds is owed at the next start."""
        self._stop.set()
        self.wait(_LET_END)

    def _work(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                row = self._next()
                if row is None:
                    self._thread = None
                    return
            try:
                self._take(row)
            except IngestRunning:
                self._stop.wait(self._pause)

    def _take(self, row: Row[Any]) -> None:
        self._set(row, IntakeState.RUNNING)
        try:
            report = self._run(row.source)
        except IngestRunning:
            raise
        except FrontlineError as error:
            self._set(row, IntakeState.FAILED, error.as_dict())
            log.error("%s could not be taken in: %s [%s]", row.source, error.message, error.code)  # noqa: TRY400
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the next source is taken in
            broke = FrontlineError("Something broke on the way.", do="Try again; report it if it lasts.")
            self._set(row, IntakeState.FAILED, broke.as_dict())
            log.error("taking %s in broke: %s", row.source, type(error).__name__)  # noqa: TRY400
        else:
            told = {name: value for name, value in asdict(report).items() if isinstance(value, int | float)}
            self._set(row, IntakeState.DONE, {**told, "failed": len(report.failed)})

    def _next(self) -> Row[Any] | None:
        owed = select(t.intakes).where(
            t.intakes.c.state.in_([IntakeState.OWED.value, IntakeState.RUNNING.value])
        )
        with self._store.read() as connection:
            return connection.execute(owed.order_by(t.intakes.c.asked)).first()

    def _set(self, row: Row[Any], state: IntakeState, told: dict[str, Any] | None = None) -> None:
        """Keep a state, unless the source was asked for again since: then it is owed still."""
        c = t.intakes.c
        values: dict[str, Any] = {"state": state.value}
        if told is not None:
            values |= {"told": told, "ended": stamp(self._clock())}
        with self._store.write() as connection:
            connection.execute(
                update(t.intakes).where(c.source == row.source, c.asks == row.asks).values(values)
            )
