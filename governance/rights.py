"""Why: a person may ask what is kept about them, have it put right, have something added that they say, and object.
Each is one plain function here, and each is in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from governance.agreement import CITIZEN_PARTICIPATION, Purpose
from governance.consent import Consents
from governance.errors import (
    AgreementMissing,
    FactUnknown,
    OptionInvalid,
    PayloadErased,
    PersonUnknown,
)
from governance.handover import Handovers
from governance.hold import Holds
from governance.ledger import Ledger
from governance.sealed_text import opened
from governance.store import Store
from governance.vault import Kind, Sealed, Vault

_LONGEST_NAME, _LONGEST_TEXT = 80, 4000


@dataclass(frozen=True)
class Rights:
    """What a person can ask for, and what is done then. Erasing is ``governance.erasure``."""

    store: Store
    ledger: Ledger
    vault: Vault
    consents: Consents
    handovers: Handovers
    holds: Holds

    # --- access -------------------------------------------------------------------------------------------

    def access(self, subject: str, *, reason: str, actor: str) -> dict[str, Any]:
        """Everything that is kept about a person, opened, as one document to hand to them.

        Raises ``PersonUnknown`` where nothing is, and what ``Vault.open`` raises.
        """
        entries = self.ledger.about(subject)
        if not entries:
            raise PersonUnknown(f"Nothing is kept about {subject!r}.", do="Check the code on the receipt.")
        questions = [
            entry.body["about"]
            for entry in entries
            if entry.type == "vault.sealed" and entry.body["kind"] == Kind.QUESTION
        ]
        document = {
            "person": subject,
            "agreements": [entry.body for entry in entries if entry.type.startswith("agreement.")],
            "sealed": [self._opened(payload) for payload in self.vault.held(subject=subject)],
            "answers": [record for answer in questions for record in self._records(answer)],
            "handed_over": [asdict(handover) for handover in self.handovers.all(subject)],
            "legal_holds": [asdict(hold) for hold in self.holds.active(subject)],
            "log": [
                {"entry": e.index, "time": e.time.isoformat(), "what": e.type, "by": e.actor} for e in entries
            ],
        }
        body = {
            "right": "access",
            "reason": reason,
            "answers": len(questions),
            "sealed": len(document["sealed"]),
        }
        self.ledger.append("rights.access", body, actor=actor, subject=subject)
        return document

    def _opened(self, payload: Sealed) -> dict[str, Any]:
        said = {
            "id": payload.payload_id,
            "kind": payload.kind.value,
            "about": payload.about,
            "since": payload.time,
        }
        try:
            return {**said, "value": self.vault.open(payload.payload_id)}
        except PayloadErased:  # in the meantime
            return {**said, "value": None}

    def _records(self, answer_id: str) -> list[dict[str, Any]]:
        return [
            {"entry": entry.index, "time": entry.time.isoformat(), **opened(entry.body, self.vault)}
            for entry in self.ledger.about(answer_id)
            if entry.type == "answer"
        ]

    # --- facts --------------------------------------------------------------------------------------------

    def keep_fact(self, citizen: str, name: str, value: str, *, actor: str) -> Sealed:
        """Seal a fact that a person chose to have handed on; one of the same name is replaced.

        Raises ``AgreementMissing`` without agreement to hand-over, ``OptionInvalid``.
        """
        _check(name, value)
        decision = None
        with self.store.write() as connection:
            decision = self.consents.decide(
                Purpose.HANDOVER, citizen, CITIZEN_PARTICIPATION, connection=connection
            )
            if decision.allowed:
                return self._replace(connection, citizen, name, value, actor, "told anew")
        raise AgreementMissing(
            f"No agreement to hand on: {decision.reason}", do="Ask the person whether they agree to it."
        )

    def facts(self, citizen: str, *, connection: Connection | None = None) -> dict[str, str]:
        """The facts that are kept about a person, by name."""
        held = self.vault.held(subject=citizen, kind=Kind.FACT, connection=connection)
        opened_ = [self.vault.open(payload.payload_id, connection=connection) for payload in held]
        return {str(fact["name"]): str(fact["value"]) for fact in opened_}

    # --- rectification --------------------------------------------------------------------------------------

    def rectify(self, citizen: str, name: str, value: str, *, reason: str, actor: str) -> Sealed:
        """Put a fact right: the wrong value is destroyed, and hand-overs that carried it are revoked.

        Raises ``FactUnknown`` or ``OptionInvalid``.
        """
        _check(name, value)
        with self.store.write() as connection:
            if name not in self.facts(citizen, connection=connection):
                raise FactUnknown(
                    f"No fact {name!r} is kept about {citizen}.", do="See `frontline privacy access`."
                )
            sealed = self._replace(connection, citizen, name, value, actor, "rectified")
            revoked = self.handovers.revoke(
                connection, why="a fact in it was rectified", actor=actor, subject=citizen
            )
            body = {
                "right": "rectification", "reason": reason, "payload_id": sealed.payload_id,
                "handovers_revoked": revoked,
            }  # fmt: skip
            self.ledger.append("rights.rectified", body, actor=actor, subject=citizen, connection=connection)
        return sealed

    def state(self, citizen: str, answer_id: str, text: str, *, actor: str) -> Sealed:
        """Keep what a person says about a record that cannot be changed; it is read with the record from now on.

        Raises ``OptionInvalid``.
        """
        _check("statement", text)
        with self.store.write() as connection:
            sealed = self.vault.seal(
                text,
                kind=Kind.STATEMENT,
                about=answer_id,
                subject=citizen,
                actor=actor,
                connection=connection,
            )
            body = {"right": "rectification", "answer": answer_id, "payload_id": sealed.payload_id}
            self.ledger.append(
                "rights.statement", body, actor=actor, subject=answer_id, connection=connection
            )
        return sealed

    def object(
        self, person: str, notice_id: str, purposes: Iterable[str], *, reason: str, actor: str, channel: str
    ) -> str:
        """Record that a person objects to purposes; gives the record's id. What was kept for them is erased."""
        return self.consents.object(
            person, notice_id, purposes=purposes, actor=actor, channel=channel, reason=reason
        )

    def _replace(
        self, connection: Connection, citizen: str, name: str, value: str, actor: str, why: str
    ) -> Sealed:
        held = self.vault.held(subject=citizen, kind=Kind.FACT, connection=connection)
        old = [p for p in held if self.vault.open(p.payload_id, connection=connection)["name"] == name]
        sealed = self.vault.seal(
            {"name": name, "value": value}, kind=Kind.FACT, about="fact", subject=citizen, actor=actor,
            connection=connection,
        )  # fmt: skip
        if old:
            self.vault.erase(old, why=why, actor=actor, connection=connection)
        return sealed


def _check(name: str, text: str) -> None:
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not 0 < len(text.strip()) <= _LONGEST_TEXT:
        raise OptionInvalid(
            f"A name has 1 to {_LONGEST_NAME} characters, a text 1 to {_LONGEST_TEXT}.", do="Shorten it."
        )
