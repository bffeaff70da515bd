"""What an officer asks of the ledger, as it is typed."""

from __future__ import annotations

import datetime as dt

from governance.errors import DateInvalid
from governance.ledger.find import Wanted


def wanted(asked: dict[str, str]) -> Wanted:
    """What a form asks for. Raises ``DateInvalid``."""
    since, until = (_day(asked.get(name)) for name in ("since", "until"))
    return Wanted(
        type=asked.get("type"), actor=asked.get("actor"), subject=asked.get("subject"), role=asked.get("role"),
        outcome=asked.get("outcome"), prompt=asked.get("prompt"), snapshot=asked.get("snapshot"), since=since,
        until=until + dt.timedelta(days=1) if until else None, newest_first=True,
    )  # fmt: skip


def _day(text: str | None) -> dt.datetime | None:
    if not text:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.min, dt.UTC)
    except ValueError as error:
        raise DateInvalid(f"{text!r} is not a date.", do="Write it as YYYY-MM-DD.") from error
