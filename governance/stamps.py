"""Why: a time that is kept as text is compared as text, in every table, so all of them are written in one way."""

from __future__ import annotations

import datetime as dt


def stamp(time: dt.datetime) -> str:
    """UTC with microseconds, so that text order is time order. ``time`` must be aware."""
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")
