"""Why: whoever runs the service must see over weeks what becomes of questions, and for which step people wait, without
reading one of them. Both are counted where the answers are kept, so that they hold for every process and after a restart.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from assistant.answers import Outcome
from assistant.record import ENTRY_TYPE
from governance import tables as t
from governance.ledger import inside
from governance.stamps import stamp
from governance.store import Store

WEEKS = 12
"""How many weeks are counted, this one among them."""
NEWEST = 1000
"""How many of the newest answers are timed."""


@dataclass(frozen=True)
class Week:
    """What became of the questions of a week."""

    begins: dt.date
    """Its Monday, in UTC."""
    outcomes: Counter[Outcome]


@dataclass(frozen=True)
class StageTime:
    """How long one step took."""

    stage: str
    n: int
    median: float
    """Milliseconds."""
    p95: float
    """Milliseconds that 95 of 100 stayed under."""


class Trends:
    """Counts and times over the answers of a ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def weeks(self, today: dt.date, number: int = WEEKS) -> list[Week]:
        """The last weeks, the oldest first, those without a question too."""
        this = today - dt.timedelta(days=today.weekday())
        begins = [this - dt.timedelta(weeks=back) for back in reversed(range(number))]
        found = {monday: Week(monday, Counter()) for monday in begins}
        day = func.substr(t.entries.c.time, 1, 10)
        outcome = t.cards.c.outcome
        query = (
            select(day.label("day"), outcome.label("outcome"), func.count().label("n"))
            .join_from(t.entries, t.cards, t.cards.c.entry_index == t.entries.c.index)
            .where(t.entries.c.type == ENTRY_TYPE, t.entries.c.time >= begins[0].isoformat())
            .group_by("day", "outcome")
        )
        with self._store.read() as connection:
            for on, what, n in connection.execute(query):
                date = dt.date.fromisoformat(on)
                week = found.get(date - dt.timedelta(days=date.weekday()))
                if week is not None and what in set(Outcome):
                    week.outcomes[Outcome(what)] += n
        return list(found.values())

    def stages(self, since: dt.datetime, newest: int = NEWEST) -> list[StageTime]:
        """The steps of the newest answers, in the order in which they were taken."""
        stages = inside.value(self._store.dialect, "body", "identity", "stages")
        query = select(stages).where(t.entries.c.type == ENTRY_TYPE, t.entries.c.time >= stamp(since))
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(t.entries.c.index.desc()).limit(newest)).scalars().all()
        taken: dict[str, list[float]] = {}
        for row in rows:
            for stage in json.loads(row or "[]"):
                taken.setdefault(stage["name"], []).append(stage["milliseconds"])
        return [StageTime(name, len(ms), statistics.median(ms), _p95(ms)) for name, ms in taken.items()]


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]
