"""Why: a page says dates, nations and roles in words, and always in the same ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from assistant.answers import Role
from ingest.documents import ALL_NATIONS, Nation

NATIONS: Mapping[str, str] = {
    Nation.ENGLAND: "England",
    Nation.SCOTLAND: "Scotland",
    Nation.WALES: "Wales",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}

ROLES: Mapping[str, str] = {
    Role.COLLEAGUE: "Colleague",
    Role.EXPERT: "Expert",
    Role.OFFICER: "Information governance officer",
    Role.EVALUATOR: "Evaluator",
    Role.ADMINISTRATOR: "Administrator",
    Role.OPERATOR: "Operator",
}


def day(value: dt.date | str | None) -> str:
    """23 November 2026; nothing for none."""
    if not value:
        return ""
    date = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{date.day} {date:%B %Y}"


def moment(value: dt.datetime | None) -> str:
    """23 November 2026 at 14:05, in the reader's time zone."""
    if value is None:
        return ""
    local = value.astimezone()
    return f"{day(local.date())} at {local:%H:%M}"


def nation(value: str | None) -> str:
    """Scotland; "All nations" where none was asked about."""
    return NATIONS.get(value, value) if value else "All nations"


def nations(values: Iterable[str]) -> str:
    """England, Scotland and Wales; "All nations" for all four."""
    given = set(values)
    if given >= set(ALL_NATIONS):
        return "All nations"
    said = [NATIONS[one] for one in ALL_NATIONS if one in given]
    return listed(said)


def role(value: str) -> str:
    """A role as people say it."""
    return ROLES.get(value, value)


def listed(words: Iterable[str]) -> str:
    """a, b and c."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last
