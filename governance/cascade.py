"""Why: "I withdraw" must mean that what was kept is gone, at once and everywhere, and not that a box was unticked.

What follows when an agreement ends, in the transaction that ends it. A legal hold keeps the sealed bytes; nothing may be
done with them, since every decision is no from now on, and they are erased when the hold is over (see retention).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from governance.agreement import Purpose
from governance.consent import Ended
from governance.handover import Handovers
from governance.hold import Holds
from governance.vault import Kind, Vault

KEPT_FOR: Mapping[Purpose, frozenset[Kind]] = {
    Purpose.ANSWER: frozenset({Kind.TOKENS, Kind.QUESTION}),
    Purpose.AUDIT: frozenset(),
    Purpose.EVALUATION_REUSE: frozenset({Kind.COPY}),
    Purpose.SERVICE_IMPROVEMENT: frozenset(),
    Purpose.HANDOVER: frozenset({Kind.FACT, Kind.HANDOVER}),
}
"""What is sealed for each purpose, and erased when the agreement to it ends."""


@dataclass(frozen=True)
class Cascade:
    """Erases and revokes what an ended agreement had allowed."""

    vault: Vault
    handovers: Handovers
    holds: Holds

    def __call__(self, connection: Connection, ended: Ended) -> Mapping[str, Any]:
        """What was done, by id: evidence for the ledger."""
        kinds = frozenset[Kind]().union(*(KEPT_FOR[purpose] for purpose in ended.purposes))
        why = f"the agreement was {ended.state} (record {ended.record_id})"
        revoked = []
        if Purpose.HANDOVER in ended.purposes:
            revoked = self.handovers.revoke(connection, why=why, actor=ended.actor, subject=ended.person)
        sealed = [p for p in self.vault.held(subject=ended.person, connection=connection) if p.kind in kinds]
        holds = self.holds.active(ended.person, connection=connection)
        erased = [] if holds else self.vault.erase(sealed, why=why, actor=ended.actor, connection=connection)
        return {
            "payloads_erased": erased, "handovers_revoked": revoked, "held_by": [hold.hold_id for hold in holds],
            "payloads_held": [p.payload_id for p in sealed] if holds else [],
        }  # fmt: skip
