"""Why: an answer that changed from one day to the next may have changed because somebody set something. What answers
are made with is looked at when the program starts, and a difference from last time is an entry before anything is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from governance.ledger import Entry, Ledger, Wanted, canonical
from governance.ledger.find import found
from governance.ledger.types import CONFIGURATION, RECORDER
from governance.store import Store

Configuration = Mapping[str, str]
"""Name of each thing that is set (a setting, a file, the program) → its value or hash. No secret is among them."""


def digest(configuration: Configuration) -> str:
    """SHA-256 over all of it, in hexadecimal."""
    return hashlib.sha256(canonical.dumps(dict(configuration))).hexdigest()


def latest(ledger: Ledger) -> Configuration:
    """What was last noticed; empty before the first time."""
    for entry in ledger.find(Wanted(type=CONFIGURATION, newest_first=True), limit=1):
        return dict(entry.body["whole"])
    return {}


def notice(store: Store, ledger: Ledger, now: Configuration, *, actor: str = RECORDER) -> Entry | None:
    """Record what is set, if it is not what was last noticed; gives the entry, or None where nothing changed.

    Two processes that start at once record it once. Raises ``StorageFull`` or ``StorageUnwritable``.
    """
    if latest(ledger) == dict(now):
        return None
    with store.write() as connection:
        last = next(found(connection, Wanted(type=CONFIGURATION, newest_first=True)), None)
        before: dict[str, str] = dict(last.body["whole"]) if last else {}
        if before == dict(now):
            return None
        changed = [
            {"name": name, "before": before.get(name), "after": now.get(name)}
            for name in sorted({*before, *now})
            if last is not None and before.get(name) != now.get(name)
        ]
        body = {"first": last is None, "changed": changed, "whole": dict(now), "sha256": digest(now)}
        return ledger.append(CONFIGURATION, body, actor=actor, connection=connection)
