"""Why: an agreement that is looked at once, when a question is asked, protects nobody later. Every later use of what
was kept asks again, inside the transaction that makes use of it, and both the yes and the no are on record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Connection

from governance.agreement import CITIZEN_PARTICIPATION, COLLEAGUE_EVALUATION, COLLEAGUE_USE, Purpose
from governance.consent import Consents
from governance.decision import Decision
from governance.errors import AgreementMissing
from governance.ledger import Ledger
from governance.store import Store

T = TypeVar("T")
OPERATOR = "operator"
"""Role of whoever runs commands on the machine itself: they ask on nobody's behalf, and agree to nothing."""


class Use(StrEnum):
    """When a decision is taken."""

    ASK = "ask"
    KEEP = "keep"
    EVALUATE = "evaluate"
    EXPORT = "export"
    REPLAY = "replay"
    HAND_OVER = "hand_over"


PURPOSE: Mapping[Use, Purpose] = {
    Use.ASK: Purpose.ANSWER,
    Use.KEEP: Purpose.ANSWER,
    Use.EVALUATE: Purpose.EVALUATION_REUSE,
    Use.EXPORT: Purpose.AUDIT,
    Use.REPLAY: Purpose.AUDIT,
    Use.HAND_OVER: Purpose.HANDOVER,
}
"""What each use is for."""


@dataclass(frozen=True)
class Concerned:
    """Whose agreement a use of one answer needs."""

    colleague: str
    role: str
    """Role in which the colleague asked."""
    citizen: str = ""
    """Empty: the question was about no one person."""

    @classmethod
    def by(cls, body: Mapping[str, Any]) -> Concerned:
        """Those concerned by an answer, from its record."""
        people = body["people"]
        return cls(people["person"], people["role"], people.get("citizen", ""))


class Uses:
    """Decides on uses of what was kept, and records each decision."""

    def __init__(self, store: Store, ledger: Ledger, consents: Consents) -> None:
        self._store = store
        self._ledger = ledger
        self._consents = consents

    def decide(self, use: Use, concerned: Concerned, connection: Connection | None = None) -> list[Decision]:
        """Every decision that a use needs, none of them recorded yet."""
        purpose = PURPOSE[use]
        needed = []
        if concerned.role != OPERATOR and use is not Use.HAND_OVER:
            evaluating = purpose is Purpose.EVALUATION_REUSE
            needed.append((concerned.colleague, COLLEAGUE_EVALUATION if evaluating else COLLEAGUE_USE))
        if concerned.citizen:
            needed.append((concerned.citizen, CITIZEN_PARTICIPATION))
        return [self._consents.decide(purpose, *each, connection=connection) for each in needed]

    def make(
        self, use: Use, concerned: Concerned, work: Callable[[Connection], T], *, about: str, actor: str
    ) -> T:
        """Do ``work`` if everyone concerned agrees to this use: decision, record and work in one transaction.

        Raises ``AgreementMissing`` where somebody does not; nothing is done then, and the refusal is recorded.
        """
        with self._store.write() as connection:
            decisions = self.decide(use, concerned, connection)
            refused = [decision for decision in decisions if not decision.allowed]
            body = {
                "use": use.value, "purpose": PURPOSE[use].value, "allowed": not refused,
                "decisions": [asdict(decision) for decision in decisions],
            }  # fmt: skip
            self._ledger.append("use.decided", body, actor=actor, subject=about, connection=connection)
            if not refused:
                return work(connection)
        raise AgreementMissing(
            f"No agreement to {use.value.replace('_', ' ')}: {refused[0].reason}",
            do="Ask the person concerned, or do without.",
        )
