"""Why: whoever reads another's answer, or the log of them all, says why; that they read it is itself an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import click

from assistant.answers import OPERATOR
from governance.errors import DateInvalid
from governance.ledger import Ledger, Wanted
from governance.ledger.types import LEDGER_READ

DEFAULT_REASON = "operator at the command line"
reason = click.option(
    "--reason", default=DEFAULT_REASON, show_default=True, help="Why it is read; kept in the ledger."
)

T = TypeVar("T")
_FILTERS = (
    click.option("--type", "type_", help="Only entries of this type; egress.* for all that begin so."),
    click.option("--actor", help="Only what this pseudonym did."),
    click.option("--role", help="Only what somebody with this role did, for example colleague."),
    click.option("--outcome", help="Only answers with this outcome, for example not_in_guidance."),
    click.option("--prompt", help="Only answers made with this prompt: ID, or ID/VERSION."),
    click.option("--snapshot", help="Only answers made from this state of the guidance."),
    click.option("--since", metavar="DATE", help="From this day (YYYY-MM-DD, UTC) on."),
    click.option("--until", metavar="DATE", help="Before this day."),
)


def filters(command: Callable[..., T]) -> Callable[..., T]:
    """Add the options by which entries are chosen."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def wanted(given: dict[str, str | None], *, newest_first: bool = False) -> Wanted:
    """What the options choose. Raises ``DateInvalid``."""
    return Wanted(
        type=given["type_"], actor=given["actor"], role=given["role"], outcome=given["outcome"],
        prompt=given["prompt"], snapshot=given["snapshot"], since=_day(given["since"]), until=_day(given["until"]),
        newest_first=newest_first,
    )  # fmt: skip


def asked(given: dict[str, str | None]) -> dict[str, str]:
    """The options in use, for the record."""
    return {name.rstrip("_"): value for name, value in given.items() if value}


def record(ledger: Ledger, command: str, why: str, what: dict[str, Any]) -> None:
    """Keep that the ledger was read."""
    ledger.append(
        LEDGER_READ, {"command": command, "reason": why, "asked": what}, actor=OPERATOR.id,
        subject=str(what.get("answer", "")),
    )  # fmt: skip


def _day(given: str | None) -> dt.datetime | None:
    if given is None:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(given), dt.time(), tzinfo=dt.UTC)
    except ValueError as error:
        raise DateInvalid(f"{given!r} is not a date.", do="Write it as YYYY-MM-DD.") from error
