"""Why: "this is wrong", said by a colleague, is the best case there is, and the easiest to misuse.

A contested answer becomes a case only if everyone concerned agreed to that use (decided and recorded in the
transaction that copies it), after redaction, and after two people who are not the asker, each without the
other, said the same of it. The copy is sealed: who withdraws takes it back, from the next version of the set
on. It joins the development set, never the holdout.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from assistant.record import entry_of
from evals.cases import Case, Gold, Label
from evals.results import write_lines
from governance.errors import AlreadyExists, EntryUnknown, NotPermitted, OptionInvalid, PayloadErased
from governance.ledger import Entry
from governance.uses import Concerned, Use
from governance.vault import Kind

if TYPE_CHECKING:
    from assistant.records import Records
    from governance.redaction import Redactor

PROPOSED, TRIAGED, EXPORTED = (
    "evaluation.feedback_proposed", "evaluation.feedback_triaged", "evaluation.feedback_exported",
)  # fmt: skip
_PAGE = 500


class Judgement(BaseModel):
    """What one person says a contested answer should become."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accept: bool
    answerable: bool = False
    uri: str = ""
    """Document that answers it, where the guidance does."""
    contains: str = ""
    """Words of the passage that answers it."""
    outcome: str = "not_in_guidance"
    """What is right where the guidance does not answer it."""


@dataclass(frozen=True)
class Proposal:
    """One answer proposed as a case, and what has been said of it."""

    id: str
    answer_id: str
    proposed_by: str
    asked_by: str
    payload_id: str
    said: tuple[tuple[str, Judgement, str], ...]
    """Person, judgement, time; in order."""

    @property
    def state(self) -> str:
        """``waiting``, ``accepted``, ``rejected`` or ``disputed``."""
        if len(self.said) < 2:
            return "waiting"
        one, other = self.said[0][1], self.said[1][1]
        if not one.accept and not other.accept:
            return "rejected"
        return "accepted" if one == other else "disputed"


class Feedback:
    """Proposals in the ledger; their texts in the vault."""

    def __init__(
        self,
        records: Records,
        redactor: Redactor,
        *,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._records = records
        self._redactor = redactor
        self._clock = clock

    def propose(self, answer_id: str, *, by: str) -> str:
        """Propose an answer as a case; gives the proposal's id.

        Raises ``AnswerUnknown``, ``AgreementMissing`` (somebody concerned did not agree; recorded),
        ``RedactionFailed`` or ``AlreadyExists``.
        """
        if any(p.answer_id == answer_id for p in self.all()):
            raise AlreadyExists(
                f"{answer_id} has been proposed already.", do="See `frontline eval feedback list`."
            )
        entry = entry_of(self._records.ledger, answer_id)
        given = entry.body["input"]
        text = self._redactor.redact(given["question"]).text
        copy = {"question": text, "nation": given["nation"], "on": given["on"]}
        concerned = Concerned.by(entry.body)

        def keep(connection: Connection) -> str:
            sealed = self._records.vault.seal(
                copy, kind=Kind.COPY, about=answer_id, subject=concerned.citizen or concerned.colleague,
                actor=by, connection=connection,
            )  # fmt: skip
            body = {"answer": answer_id, "payload": sealed.payload_id, "asked_by": concerned.colleague}
            made = self._records.ledger.append(
                PROPOSED, body, actor=by, subject=answer_id, connection=connection
            )
            return proposal_id(made.index)

        return self._records.uses.make(Use.EVALUATE, concerned, keep, about=answer_id, actor=by)

    def text(self, proposal: str) -> dict[str, Any]:
        """The redacted question, nation and date, for whoever judges it. Raises ``PayloadErased``."""
        copy: dict[str, Any] = self._records.vault.open(self.one(proposal).payload_id)
        return copy

    def triage(self, proposal: str, judgement: Judgement, *, by: str) -> Proposal:
        """Say what a proposal should become. Raises ``NotPermitted`` for the asker, or for the same person twice."""
        found = self.one(proposal)
        if by == found.asked_by:
            raise NotPermitted(
                "Whoever asked does not judge what becomes of it.", do="Let somebody else judge it."
            )
        if any(by == person for person, _, _ in found.said):
            raise NotPermitted(f"{by} has judged {proposal} already.", do="A second person must judge it.")
        if len(found.said) >= 2:
            raise NotPermitted(f"{proposal} has been judged by two people.", do="What they said stands.")
        if judgement.accept and judgement.answerable and not (judgement.uri and judgement.contains):
            raise OptionInvalid(
                "An answerable question needs the passage that answers it.", do="Give --uri and --contains."
            )
        body = {"proposal": proposal, **judgement.model_dump()}
        self._records.ledger.append(TRIAGED, body, actor=by, subject=found.answer_id)
        return self.one(proposal)

    def all(self) -> list[Proposal]:
        """Every proposal, oldest first."""
        said: dict[str, list[tuple[str, Judgement, str]]] = {}
        for entry in self._entries(TRIAGED):
            body = {k: v for k, v in entry.body.items() if k != "proposal"}
            judgement = Judgement.model_validate(body)
            said.setdefault(entry.body["proposal"], []).append((entry.actor, judgement, str(entry.time)))
        return [
            Proposal(
                proposal_id(e.index), e.body["answer"], e.actor, e.body["asked_by"], e.body["payload"],
                tuple(said.get(proposal_id(e.index), ())),
            )
            for e in self._entries(PROPOSED)
        ]  # fmt: skip

    def one(self, proposal: str) -> Proposal:
        """One proposal. Raises ``EntryUnknown``."""
        for found in self.all():
            if found.id == proposal:
                return found
        raise EntryUnknown(f"There is no proposal {proposal!r}.", do="See `frontline eval feedback list`.")

    def cases(self) -> list[Case]:
        """Accepted proposals as development cases; those whose copy was taken back are left out."""
        made = []
        for proposal in self.all():
            if proposal.state != "accepted":
                continue
            try:
                copy = self._records.vault.open(proposal.payload_id)
            except PayloadErased:
                continue
            made.append(_case(proposal, copy))
        return made

    def export(self, folder: Path, *, by: str) -> tuple[Path, int]:
        """Write the next version of the set; gives its file and how many cases it holds."""
        version = sum(1 for _ in self._entries(EXPORTED)) + 1
        cases = self.cases()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"feedback-v{version}.jsonl"
        write_lines(path, cases)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        body = {"version": version, "cases": len(cases), "sha256": sha256}
        self._records.ledger.append(EXPORTED, body, actor=by, subject=f"feedback-v{version}")
        return path, len(cases)

    def _entries(self, type_: str) -> Iterator[Entry]:
        after = -1
        while page := self._records.ledger.entries(type=type_, after=after, limit=_PAGE):
            yield from page
            after = page[-1].index


def proposal_id(index: int) -> str:
    """A proposal's id, from its entry in the ledger."""
    return f"fb{index}"


def _case(proposal: Proposal, copy: dict[str, Any]) -> Case:
    judgement = proposal.said[0][1]
    return Case(
        id=proposal.id,
        family_id=proposal.id,
        question=copy["question"],
        kind="procedure" if judgement.answerable else "unanswerable",
        answerable=judgement.answerable,
        nation=copy["nation"],
        as_of=dt.date.fromisoformat(copy["on"]),
        gold=(Gold(uri=judgement.uri, contains=judgement.contains),) if judgement.answerable else (),
        outcome=() if judgement.answerable else (judgement.outcome,),
        origin="feedback",
        labels=tuple(
            Label(
                rater=person,
                value="answerable" if j.answerable else j.outcome,
                time=dt.datetime.fromisoformat(time),
            )
            for person, j, time in proposal.said
        ),
    )
