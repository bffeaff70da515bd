"""Why: "<PERSON_1> and <PERSON_2>" is hard to talk about, so a colleague may see whom they wrote of; but only in the
conversation in which they wrote it, only while that person's agreement stands, and with a record of it.

What tokens stand for is kept only where the person concerned has agreed to take part; it is sealed in the vault. In any
other conversation it is forgotten as soon as it was taken out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from governance.agreement import CITIZEN_PARTICIPATION, Purpose
from governance.consent import Consents
from governance.errors import (
    AgreementMissing,
    ConversationMovedOn,
    ConversationOfAnother,
    OptionInvalid,
    TokenForeign,
)
from governance.ledger import Ledger
from governance.redaction.spans import TOKEN
from governance.store import Store
from governance.vault import Kind, Vault

_LONGEST = 100


class Conversations:
    """What the tokens of each conversation about a person stand for."""

    def __init__(self, store: Store, ledger: Ledger, vault: Vault, consents: Consents) -> None:
        self._store = store
        self._ledger = ledger
        self._vault = vault
        self._consents = consents

    def tokens(
        self, conversation: str, citizen: str, *, connection: Connection | None = None
    ) -> dict[str, str]:
        """Token → value, for a conversation about a citizen; empty where it has not begun.

        Raises ``ConversationOfAnother``, or ``OptionInvalid`` for a name that is too long.
        """
        if len(conversation) > _LONGEST or not conversation.isprintable():
            raise OptionInvalid(
                f"A conversation's name has at most {_LONGEST} printable characters.",
                do="Choose a shorter one.",
            )
        known: dict[str, str] = {}
        for payload in self._vault.held(kind=Kind.TOKENS, about=conversation, connection=connection):
            if payload.subject != citizen:
                raise ConversationOfAnother(
                    "This conversation is about another person.", do="Begin a new conversation."
                )
            known |= self._vault.open(payload.payload_id, connection=connection)
        return known

    def keep(
        self,
        connection: Connection,
        conversation: str,
        citizen: str,
        values: Mapping[str, str],
        *,
        actor: str,
    ) -> None:
        """Seal what new tokens stand for. Raises ``ConversationMovedOn`` where one has got another meaning."""
        known = self.tokens(conversation, citizen, connection=connection)
        if any(known.get(token, value) != value for token, value in values.items()):
            raise ConversationMovedOn(
                "Another question of this conversation was answered at the same time.", do="Ask again."
            )
        new = {token: value for token, value in values.items() if token not in known}
        begun = bool(self._vault.held(kind=Kind.TOKENS, about=conversation, connection=connection))
        if new or not begun:
            self._vault.seal(
                new, kind=Kind.TOKENS, about=conversation, subject=citizen, actor=actor, connection=connection
            )

    def reveal(self, text: str, conversation: str, citizen: str, *, actor: str) -> str:
        """``text`` with each token replaced by what it stands for in this conversation; recorded, without values.

        Raises ``TokenForeign`` for a token of another conversation, ``ConversationOfAnother``, or
        ``AgreementMissing``.
        """
        wanted = sorted({match.group() for match in TOKEN.finditer(text)})
        with self._store.write() as connection:
            decision = self._consents.decide(
                Purpose.ANSWER, citizen, CITIZEN_PARTICIPATION, connection=connection
            )
            known = self.tokens(conversation, citizen, connection=connection) if decision.allowed else {}
            foreign = [token for token in wanted if token not in known]
            body = {
                "conversation": conversation, "tokens": wanted, "allowed": decision.allowed and not foreign,
                "reason": decision.reason if not foreign or not decision.allowed else "A token is not of this conversation.",
                "record_id": decision.record_id or "",
            }  # fmt: skip
            self._ledger.append("tokens.revealed", body, actor=actor, subject=citizen, connection=connection)
        if not decision.allowed:
            raise AgreementMissing(decision.reason, do="Ask the person again whether they take part.")
        if foreign:
            raise TokenForeign(
                f"{', '.join(foreign)} is no token of this conversation.",
                do="Ask in the conversation it came from.",
            )
        return TOKEN.sub(lambda match: known[match.group()], text)
