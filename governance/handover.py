"""Why: a person who has told their story once should not have to tell it again, and the next service should not have
to take anyone's word for it. With that person's agreement, what they chose to hand on, and the guidance that was relied
on, go into a signed bundle that any department can check by itself (governance/verify_handover.py), and that a
withdrawal revokes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from governance import tables as t
from governance.agreement import new_id
from governance.bundle import BUNDLE, STATUS, BundleSigner
from governance.errors import HandoverUnknown
from governance.ledger import Ledger
from governance.stamps import stamp
from governance.store import Store
from governance.vault import Kind, Vault

STATUS_HOURS = 24
"""Hours for which a status list may be relied on."""


@dataclass(frozen=True)
class Handover:
    """One bundle that was handed over, and where it stands."""

    handover_id: str
    subject: str
    recipient: str
    made: str
    expires: str
    bundle_sha256: str
    revoked: str = ""
    """When; empty: it stands."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Handovers:
    """The bundles of a store, each of whose changes is in the ledger. The bundle itself is sealed in the vault."""

    def __init__(
        self, store: Store, ledger: Ledger, vault: Vault, signer: BundleSigner, *,
        clock: Callable[[], dt.datetime] = _utc_now,
    ) -> None:  # fmt: skip
        self._store = store
        self._ledger = ledger
        self._vault = vault
        self._signer = signer
        self._clock = clock

    @property
    def verifier(self) -> str:
        """The public key that bundles and status lists can be checked with."""
        return self._signer.verifier

    def make(
        self,
        connection: Connection,
        *,
        subject: str,
        issuer: str,
        recipient: str,
        agreement: Mapping[str, Any],
        facts: Mapping[str, Any],
        guidance: Sequence[Mapping[str, Any]],
        days: int,
        actor: str,
    ) -> dict[str, Any]:
        """A signed bundle, kept and recorded in the caller's transaction, in which the agreement was decided on."""
        now = self._clock()
        handover_id, expires = new_id("o"), stamp(now + dt.timedelta(days=days))
        bundle = self._signer.sign(
            BUNDLE,
            {
                "id": handover_id, "issued": stamp(now), "expires": expires, "issuer": issuer, "recipient": recipient,
                "person": subject, "agreement": dict(agreement), "guidance": [dict(each) for each in guidance],
                "facts": [{"name": name, "value": value} for name, value in facts.items()],
            },
        )  # fmt: skip
        self._vault.seal(
            bundle, kind=Kind.HANDOVER, about=handover_id, subject=subject, actor=actor, connection=connection
        )
        made = Handover(
            handover_id, subject, recipient, stamp(now), expires,
            hashlib.sha256(bundle["body"].encode("ascii")).hexdigest(),
        )  # fmt: skip
        chosen = {"facts": sorted(facts), "answers": [each.get("answer", "") for each in guidance]}
        self._keep(connection, "made", made, actor, {**chosen, "agreement": agreement.get("record_id", "")})
        return bundle

    def revoke(
        self,
        connection: Connection,
        *,
        why: str,
        actor: str,
        subject: str | None = None,
        handover_id: str | None = None,
    ) -> list[str]:
        """Revoke bundles of a person, or one; gives the ids of those revoked now. Those that ran out are left."""
        now = stamp(self._clock())
        standing = [h for h in self.all(subject, connection=connection) if not h.revoked and h.expires > now]
        chosen = [h for h in standing if handover_id in (None, h.handover_id)]
        for handover in chosen:
            self._keep(connection, "revoked", handover, actor, {"why": why})
        return [h.handover_id for h in chosen]

    def revoke_one(self, handover_id: str, *, why: str, actor: str) -> None:
        """Revoke one bundle. Raises ``HandoverUnknown`` where it does not stand."""
        with self._store.write() as connection:
            if not self.revoke(connection, why=why, actor=actor, handover_id=handover_id):
                raise HandoverUnknown(
                    f"No hand-over {handover_id!r} stands.", do="See `frontline consent handover list`."
                )

    def all(self, subject: str | None = None, *, connection: Connection | None = None) -> list[Handover]:
        """Every bundle, of one person or of all, oldest first."""
        if connection is None:
            with self._store.read() as reading:
                return self.all(subject, connection=reading)
        query = select(t.handovers).order_by(t.handovers.c.entry_index)
        if subject is not None:
            query = query.where(t.handovers.c.subject == subject)
        found: dict[str, Handover] = {}
        for row in connection.execute(query):
            revoked = row.time if row.event == "revoked" else ""
            made = found[row.handover_id].made if row.handover_id in found else row.time
            found[row.handover_id] = Handover(
                row.handover_id, row.subject, row.recipient, made, row.expires, row.bundle_sha256, revoked
            )
        return list(found.values())

    def status(self) -> dict[str, Any]:
        """The signed list of what was revoked: all that a receiving service needs to ask for, and it names nobody."""
        now = self._clock()
        body = {
            "issued": stamp(now), "next_update": stamp(now + dt.timedelta(hours=STATUS_HOURS)),
            "revoked": {h.handover_id: h.revoked for h in self.all() if h.revoked},
        }  # fmt: skip
        return self._signer.sign(STATUS, body)

    def _keep(
        self, connection: Connection, event: str, handover: Handover, actor: str, more: Mapping[str, Any]
    ) -> None:
        row = {
            "event_id": new_id("e"), "handover_id": handover.handover_id, "event": event, "subject": handover.subject,
            "recipient": handover.recipient[:256], "bundle_sha256": handover.bundle_sha256,
            "expires": handover.expires, "time": stamp(self._clock()),
        }  # fmt: skip
        entry = self._ledger.append(
            f"handover.{event}", {**row, **more}, actor=actor, subject=handover.subject, connection=connection
        )
        connection.execute(insert(t.handovers).values(**row, entry_index=entry.index))
