"""Why: when answers go wrong, somebody must be able to stop them at once, everywhere, and have it on record.

The switch is the newest entry of its type in the ledger, read at each question: every process that shares the ledger
obeys it at the next one. Searching goes on; nothing is composed. Fixed pages (safeguarding, a person decides) go on too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assistant.answers import Person, Role
from governance.errors import NotPermitted, ReasonMissing
from governance.ledger import Ledger

ENTRY_TYPE = "service.switch"
MAY_SWITCH = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
_LONGEST = 500


@dataclass(frozen=True)
class SwitchState:
    """Whether answers are given, since when, by whom and why."""

    search_only: bool = False
    reason: str = ""
    by: str = ""
    at: dt.datetime | None = None


class Switch:
    """Stops answers and lets them go on."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def state(self) -> SwitchState:
        """How it stands now; answers are given until somebody says otherwise."""
        last = self._ledger.entries(type=ENTRY_TYPE, limit=1, newest_first=True)
        if not last:
            return SwitchState()
        entry = last[0]
        return SwitchState(bool(entry.body["search_only"]), entry.body["reason"], entry.actor, entry.time)

    def set(self, *, search_only: bool, reason: str, by: Person) -> SwitchState:
        """Stop answers, or let them go on. Raises ``NotPermitted`` or ``ReasonMissing``."""
        if by.role not in MAY_SWITCH:
            raise NotPermitted(f"A {by.role} may not stop or start answers.", do="Ask an administrator.")
        why = " ".join(reason.split())
        if not why or len(why) > _LONGEST:
            raise ReasonMissing(
                f"A reason of 1 to {_LONGEST} characters is needed.",
                do="Say why answers are stopped or started.",
            )
        self._ledger.append(ENTRY_TYPE, {"search_only": search_only, "reason": why}, actor=by.id)
        return self.state()
