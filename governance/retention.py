"""Why: what is kept for ever will one day be lost, and nobody will know why it was kept. Every class of personal data has
a period, erasing what is older is what happens when nobody does anything, and a run shows beforehand what it would do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from governance import tables as t
from governance.consent import Consents
from governance.errors import PolicyInvalid, SettingInvalid
from governance.hold import Holds
from governance.ledger import Ledger
from governance.stamps import stamp
from governance.store import Store
from governance.vault import Kind, Sealed, Vault


@dataclass(frozen=True)
class Period:
    """How long one class is kept."""

    days: int
    what: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What a run did, or would do, to one class."""

    kind: str
    days: int
    kept: int
    erased: int
    """In a dry run: how many would be."""
    held: int
    """Due, and kept by a legal hold."""


@cache
def policy() -> Mapping[Kind, Period]:
    """The periods of this release. Raises ``PolicyInvalid``."""
    text = files("governance").joinpath("retention.yaml").read_text(encoding="utf-8")
    try:
        found = TypeAdapter(dict[Kind, Period]).validate_python(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise PolicyInvalid(f"retention.yaml: {error}", do="Mend the entry that is named.") from error
    if missing := [kind.value for kind in Kind if kind not in found]:
        raise PolicyInvalid(f"retention.yaml says nothing about {', '.join(missing)}.", do="Add an entry.")
    return found


def periods(given: Mapping[str, int]) -> dict[Kind, Period]:
    """The policy, with the days of the settings where they say otherwise. Raises ``SettingInvalid``."""
    strange = [name for name, days in given.items() if name not in set(Kind) or days < 0]
    if strange:
        raise SettingInvalid(
            f"The setting retention names {', '.join(strange)}, or less than no days for it.",
            do=f"The classes are: {', '.join(Kind)}.",
        )
    return {
        kind: Period(given.get(kind.value, period.days), period.what, period.why)
        for kind, period in policy().items()
    }


@dataclass(frozen=True)
class Retention:
    """Erases what is older than its class allows, or whose agreement has ended."""

    store: Store
    ledger: Ledger
    vault: Vault
    consents: Consents
    holds: Holds
    periods: Mapping[Kind, Period]
    clock: Callable[[], dt.datetime]

    def run(self, *, actor: str, dry: bool = False) -> list[Outcome]:
        """Erase what is due, class by class; ``dry``: only say what would be. A run that is not dry is recorded."""
        if dry:
            with self.store.read() as connection:
                return self._pass(connection, None)
        self.consents.expire_due(actor=actor)
        with self.store.write() as connection:
            outcomes = self._pass(connection, actor)
            body: dict[str, Any] = {"classes": [asdict(outcome) for outcome in outcomes]}
            self.ledger.append("retention.run", body, actor=actor, connection=connection)
        if any(outcome.erased for outcome in outcomes):
            self.store.scrub(t.ERASABLE)
        return outcomes

    def _pass(self, connection: Connection, actor: str | None) -> list[Outcome]:
        held = {hold.subject for hold in self.holds.active(connection=connection)}
        return [self._class(connection, kind, period, held, actor) for kind, period in self.periods.items()]

    def _class(
        self, connection: Connection, kind: Kind, period: Period, held: set[str], actor: str | None
    ) -> Outcome:
        all_ = self.vault.held(kind=kind, connection=connection)
        limit = stamp(self.clock() - dt.timedelta(days=period.days))
        ended = {
            subject: kind is not Kind.STATEMENT and self.consents.ended(connection, subject)
            for subject in {payload.subject for payload in all_}
        }

        def due(payload: Sealed) -> bool:
            return payload.time < limit or ended[payload.subject]

        erasing = [p for p in all_ if due(p) and p.subject not in held]
        if actor is not None and erasing:
            why = f"kept for {period.days} days at most, or until the agreement ends"
            self.vault.erase(erasing, why=why, actor=actor, connection=connection)
        kept_by_hold = sum(due(p) and p.subject in held for p in all_)
        return Outcome(kind.value, period.days, len(all_) - len(erasing), len(erasing), kept_by_hold)
