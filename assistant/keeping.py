"""Why: an agreement can be withdrawn while an answer is being made. So whether it may be kept is decided once more inside
the transaction that keeps it, and what is personal in it goes into the vault in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from assistant.answers import Outcome, Person, Question, Run
from assistant.conversation import Turns
from assistant.steps.step import facts_of, noted, stopped, withheld
from governance.conversations import Conversations
from governance.ledger import Entry
from governance.sealed_text import committed, taken_out
from governance.store import Store
from governance.uses import Concerned, Use, Uses
from governance.vault import Kind, Vault


class Hold(Protocol):
    """Opens the review of an answer that waits for an expert."""

    def __call__(self, answer: Entry, why: str, *, by: Person, connection: Connection) -> object:
        """In the transaction that records the answer."""
        ...


@dataclass(frozen=True)
class Keeping:
    """Decides whether an answer may be kept, and where the words of its question go."""

    store: Store
    uses: Uses
    vault: Vault
    conversations: Conversations
    turns: Turns
    hold: Hold

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The one transaction in which an answer is decided on, sealed and recorded."""
        with self.store.write() as connection:
            yield connection

    def decided(self, run: Run, connection: Connection) -> Run:
        """The run with the decisions taken now; ended as ``blocked_no_agreement``, with nothing in it, where one is no."""
        permit = facts_of(run, "permit")
        if not permit.get("allowed"):
            return run
        decisions = self.uses.decide(Use.KEEP, _concerned(run.question), connection)
        refused = [decision for decision in decisions if not decision.allowed]
        taken = [*permit["decisions"], *({**asdict(d), "use": Use.KEEP.value} for d in decisions)]
        run = noted(run, "permit", **{**permit, "decisions": taken})
        if not refused:
            return run
        reason = " ".join(f"{d.reason[:-1]} before the answer was kept." for d in refused)
        bare = Run(run.question, facts={"permit": run.facts["permit"]}, stages=run.stages)
        return withheld(stopped(bare, Outcome.BLOCKED_NO_AGREEMENT, reason))

    def sealed(self, run: Run, body: dict[str, Any], connection: Connection) -> dict[str, Any]:
        """The record to write: where the question is about a person, without its words, which are sealed."""
        question = run.question
        if not question.citizen or run.outcome is Outcome.BLOCKED_NO_AGREEMENT:
            return body
        bare, words = taken_out(body)
        actor = question.person.id
        payload = self.vault.seal(
            words, kind=Kind.QUESTION, about=question.id, subject=question.citizen, actor=actor,
            connection=connection,
        )  # fmt: skip
        if question.conversation:
            self.conversations.keep(
                connection, question.conversation, question.citizen, run.tokens, actor=actor
            )
        return {**bare, "sealed": committed(payload)}


def _concerned(question: Question) -> Concerned:
    return Concerned(question.person.id, question.person.role.value, question.citizen)
