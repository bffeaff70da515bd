"""Why: a nation and a date are read in one way, whether they come from a page, a program or a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answers import Person, Question
from governance.errors import DateInvalid, NationUnknown
from ingest.documents import Nation


def nation_named(given: Nation | str | None) -> Nation | None:
    """The nation that is meant, or None where none is given. Raises ``NationUnknown``."""
    if given is None or given == "":
        return None
    try:
        return Nation(str(given).strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError as error:
        raise NationUnknown(
            f"{given!r} is not a nation.", do=f"Choose one of: {', '.join(Nation)}."
        ) from error


def day_named(given: dt.date | str) -> dt.date:
    """The day that is meant; of a moment, its own day. Raises ``DateInvalid``."""
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given.strip())
    except ValueError as error:
        raise DateInvalid(
            f"{given!r} is not a date.", do="Write it as YYYY-MM-DD, for example 2026-04-06."
        ) from error


@dataclass(frozen=True)
class Asking:
    """Makes a question of what was given; what was left open is filled from the settings and the clock."""

    ids: Callable[[], str]
    clock: Callable[[], dt.datetime]
    usual_nation: Nation | None

    def nation(self, given: Nation | str | None) -> Nation | None:
        """The nation asked about. Raises ``NationUnknown``."""
        return nation_named(given) or self.usual_nation

    def day(self, given: dt.date | str | None) -> dt.date:
        """The day asked about; today where none is given. Raises ``DateInvalid``."""
        return day_named(given) if given else self.clock().astimezone().date()

    def question(
        self,
        text: str,
        nation: Nation | str | None,
        as_at: dt.date | str | None,
        conversation: str | None,
        person: Person,
        citizen: str | None = None,
        *,
        whole: bool = False,
    ) -> Question:
        """A question with a reference of its own. Raises ``NationUnknown`` or ``DateInvalid``."""
        return Question(
            id=self.ids(),
            text=text,
            person=person,
            on=self.day(as_at),
            asked_at=self.clock(),
            nation=self.nation(nation),
            conversation=conversation,
            citizen=(citizen or "").strip(),
            whole=whole,
        )
