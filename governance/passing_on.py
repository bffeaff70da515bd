"""Why: an answer that is used again, for evaluation or by another service, is used by people who did not ask the person
concerned. So each such use goes through one door, which asks for the agreement to that purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from governance.agreement import CITIZEN_PARTICIPATION
from governance.consent import Consents
from governance.errors import AnswerUnknown, FactUnknown, PayloadUnknown
from governance.handover import Handovers
from governance.ledger import Entry, Ledger
from governance.rights import Rights
from governance.sealed_text import opened
from governance.uses import Concerned, Use, Uses
from governance.vault import Kind, Sealed, Vault


@dataclass(frozen=True)
class PassingOn:
    """Copies for evaluation, and hand-overs to other services."""

    ledger: Ledger
    vault: Vault
    consents: Consents
    uses: Uses
    rights: Rights
    handovers: Handovers
    issuer: str

    def copy(self, answer_id: str, *, actor: str) -> Sealed:
        """Copy a question and its answer for evaluation, sealed under the person concerned.

        Raises ``AnswerUnknown``, ``AgreementMissing``, and what ``Vault.open`` raises.
        """
        entry = self._answer(answer_id)
        concerned = Concerned.by(entry.body)

        def work(connection: Connection) -> Sealed:
            body = opened(entry.body, self.vault)
            copy = {
                "answer": answer_id, "question": body["input"]["question"], "nation": body["input"]["nation"],
                "on": body["input"]["on"], "outcome": body["decision"]["outcome"],
                "sentences": [sentence["text"] for sentence in body["answer"].get("sentences", [])],
                "snapshot": body["retrieval"]["root_hash"],
            }  # fmt: skip
            return self.vault.seal(
                copy, kind=Kind.COPY, about=answer_id, subject=concerned.citizen or concerned.colleague,
                actor=actor, connection=connection,
            )  # fmt: skip

        return self.uses.make(Use.EVALUATE, concerned, work, about=answer_id, actor=actor)

    def copies(self) -> list[Sealed]:
        """Every copy that is there, unopened."""
        return self.vault.held(kind=Kind.COPY)

    def read_copy(self, payload_id: str, *, actor: str) -> dict[str, Any]:
        """Open a copy, if the agreement stands. Raises ``PayloadUnknown``, ``AgreementMissing``."""
        found = [copy for copy in self.copies() if copy.payload_id == payload_id]
        if not found:
            raise PayloadUnknown(f"There is no copy {payload_id!r}.", do="See `frontline consent copies`.")
        concerned = Concerned.by(self._answer(found[0].about).body)

        def work(connection: Connection) -> dict[str, Any]:
            value: dict[str, Any] = self.vault.open(payload_id, connection=connection)
            return value

        return self.uses.make(Use.EVALUATE, concerned, work, about=found[0].about, actor=actor)

    def hand_over(
        self, citizen: str, *, recipient: str, facts: Sequence[str], answers: Sequence[str], days: int, actor: str,
        role: str,
    ) -> dict[str, Any]:  # fmt: skip
        """A signed bundle of the facts a person chose and the guidance that answers about them relied on.

        Raises ``AgreementMissing``, ``FactUnknown``, or ``AnswerUnknown`` for an answer that is not about them.
        """

        def work(connection: Connection) -> dict[str, Any]:
            kept = self.rights.facts(citizen, connection=connection)
            if strange := [name for name in facts if name not in kept]:
                raise FactUnknown(
                    f"No fact {strange[0]!r} is kept about {citizen}.",
                    do=f"Kept: {', '.join(sorted(kept)) or 'nothing yet'}.",
                )
            decided = self.uses.decide(Use.HAND_OVER, Concerned(actor, role, citizen), connection)[0]
            agreement = {
                "record_id": decided.record_id or "", "notice": decided.notice_id,
                "version": decided.notice_version or "", "purpose": decided.purpose.value, "state": "given",
            }  # fmt: skip
            return self.handovers.make(
                connection, subject=citizen, issuer=self.issuer, recipient=recipient, agreement=agreement,
                facts={name: kept[name] for name in facts},
                guidance=[_relied_on(self._answer(answer, citizen).body) for answer in answers],
                days=days, actor=actor,
            )  # fmt: skip

        self.consents.current_notice(CITIZEN_PARTICIPATION)
        return self.uses.make(
            Use.HAND_OVER, Concerned(actor, role, citizen), work, about=citizen, actor=actor
        )

    def _answer(self, answer_id: str, citizen: str | None = None) -> Entry:
        for entry in self.ledger.about(answer_id):
            about = entry.body.get("people", {}).get("citizen", "")
            if entry.type == "answer" and citizen in (None, about):
                return entry
        whose = f" about {citizen}" if citizen else ""
        raise AnswerUnknown(
            f"No answer{whose} has the reference {answer_id!r}.",
            do="Copy the reference from under the answer.",
        )


def _relied_on(body: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer relied on, for a reader who has none of our records: quotes, sources, versions."""
    answer = body["answer"]
    return {
        "answer": body["identity"]["answer_id"], "outcome": body["decision"]["outcome"],
        "on": body["input"]["on"], "nation": body["input"]["nation"] or "",
        "snapshot": body["retrieval"]["root_hash"],
        "sentences": [
            {
                "text": sentence["text"],
                "quotes": [
                    {
                        "quote": citation["quote"], "title": citation["document"]["title"],
                        "uri": citation["document"]["uri"], "version": citation["document"]["version_id"],
                        "publisher": citation["document"]["publisher"], "section": citation["section"],
                    }
                    for citation in sentence["citations"]
                ],
            }
            for sentence in answer["sentences"]
        ],
    }  # fmt: skip
