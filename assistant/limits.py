"""Why: one person, or one script gone wrong, must not leave the next colleague waiting with a claimant in front of them.

Counted by the minute in the database, so that every process that serves counts together. Who is refused is told
when to try again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from assistant.answers import OPERATOR, Person
from governance import tables as t
from governance.errors import LimitReached
from governance.store import Store

EVERYBODY = "everybody"
_WINDOW = 60


@dataclass(frozen=True)
class Limits:
    """How much may be asked in a minute: by one person, and by all together."""

    store: Store
    clock: Callable[[], dt.datetime]
    each: int
    together: int

    def take(self, person: Person) -> None:
        """Count one question. Raises ``LimitReached``, and then counts nothing.

        Whoever runs programs on this machine is held to the limit of all together only.
        """
        now = int(self.clock().timestamp())
        window, left = now - now % _WINDOW, _WINDOW - now % _WINDOW
        asked = [(EVERYBODY, self.together)]
        if person != OPERATOR:
            asked.insert(0, (person.id, self.each))
        c = t.counts.c
        with self.store.write() as connection:
            connection.execute(delete(t.counts).where(c.window < window))
            for who, most in asked:
                here = (c.who == who) & (c.window == window)
                n = connection.execute(select(c.n).where(here)).scalar()
                if n is not None and n >= most:
                    raise LimitReached(
                        f"More than {most} questions were asked in this minute"
                        f"{' by all together' if who == EVERYBODY else ' by you'}.",
                        do=f"Try again in {left} seconds. What you typed is still here.",
                        retry_after=left,
                    )
                if n is None:
                    connection.execute(insert(t.counts).values(who=who, window=window, n=1))
                else:
                    connection.execute(update(t.counts).where(here).values(n=n + 1))
