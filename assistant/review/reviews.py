"""Why: a doubt that reaches nobody teaches people to stop doubting. Each opens a review with an owner and a reply.

The ledger is the only place where reviews are kept: a queue is read off its entries, so it cannot disagree with
them. What people write is redacted before it is kept. Whoever asked, or raised the doubt, does not rule on it; a
ruling is bound to the answer as the expert saw it, and the first ruling stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import Connection, delete, insert, select

from assistant.answers import Answer, Person, Role, Sentence
from assistant.record import draft, entry_of, read
from assistant.review.words import (
    RAISED,
    RULED,
    SEEN,
    VIEWED,
    Decision,
    Kind,
    Review,
    Ruling,
    review_of,
)
from governance import tables as t
from governance.errors import (
    AnswerChanged,
    NotPermitted,
    OwnAnswer,
    ReasonMissing,
    ReviewClosed,
    ReviewUnknown,
    RulingInvalid,
    SentenceUnknown,
)
from governance.ledger import Entry, Ledger
from governance.ledger.find import Wanted
from governance.store import Store

LONGEST = 4000
"""Characters of a reason, a view or a wording."""
RELIED_ON = dt.timedelta(days=90)
"""How far back those who were given contested words are told of a ruling. An assumption, until an owner sets it:
a quarter covers a claimant's usual run of appointments."""


class Redacts(Protocol):
    """What takes personal data out of what people write."""

    def redact(self, text: str) -> Any:
        """A value whose ``text`` is the redacted text. Raises ``RedactionFailed``."""
        ...


class Reviews:
    """Doubts about answers and what became of them."""

    def __init__(
        self, store: Store, ledger: Ledger, redactor: Callable[[], Redacts], clock: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._redactor = redactor
        self._clock = clock

    # --- saying -----------------------------------------------------------------------------------------

    def contest(
        self,
        answer_id: str,
        why: str,
        *,
        by: Person,
        sentences: Sequence[int] = (),
        kind: Kind = Kind.CONTESTED,
    ) -> Review:
        """Open a review of an answer, or of some of its sentences (from 0).

        Raises ``AnswerUnknown``, ``SentenceUnknown``, ``ReasonMissing`` or ``RedactionFailed``.
        """
        text = self._text(why, "say what is wrong, or what is missing")
        with self._store.write() as connection:
            return self._raise(entry_of(self._ledger, answer_id), kind, text, by, sentences, connection)

    def hold(self, answer: Entry, why: str, *, by: Person, connection: Connection) -> Review:
        """Open the review of an answer that may not go out without an expert, in the transaction that records it."""
        return self._raise(answer, Kind.HELD, why, by, (), connection)

    def view(self, review: str, text: str, *, agrees: bool, by: Person) -> Review:
        """Add what another colleague thinks. Raises ``ReviewUnknown``, ``ReviewClosed``, ``ReasonMissing``."""
        said = self._text(text, "say what you saw")
        with self._store.write() as connection:
            about = self._waiting(review)
            self._ledger.append(
                VIEWED, {"review": review, "agrees": agrees, "text": said},
                actor=by.id, subject=about.answer_id, connection=connection,
            )  # fmt: skip
        return self.one(review)

    def rule(
        self,
        review: str,
        decision: Decision,
        *,
        by: Person,
        reason: str,
        answer_sha256: str,
        wording: str = "",
        valid_to: dt.date | None = None,
    ) -> Review:
        """Decide an open review. ``wording`` is what the next colleague is told, until ``valid_to``.

        Raises ``NotPermitted`` unless an expert rules, ``OwnAnswer`` for one's own answer or doubt,
        ``AnswerChanged`` where ``answer_sha256`` is not that of the answer under review, ``RulingInvalid``,
        ``ReasonMissing``, ``ReviewUnknown`` or ``ReviewClosed``.
        """
        if by.role is not Role.EXPERT:
            raise NotPermitted(f"A {by.role} may not rule on an answer.", do="Ask an expert.")
        why = self._text(reason, "give the reason for the ruling")
        told = self._text(wording, "") if wording.strip() else ""
        self._check(decision, told, valid_to)
        relied = self._relied_on(self.one(review))
        with self._store.write() as connection:
            about = self._waiting(review)
            asker = entry_of(self._ledger, about.answer_id).actor
            if by.id in (asker, about.by):
                raise OwnAnswer(
                    "Whoever asked, or contested, does not rule on it.", do="Leave it to another expert."
                )
            if answer_sha256 != about.answer_sha256:
                raise AnswerChanged(
                    f"The ruling is on another text than the answer of {review}.", do="Open the review again."
                )
            body = {
                "review": review, "decision": decision.value, "reason": why, "wording": told,
                "valid_to": valid_to.isoformat() if valid_to else "", "answer_sha256": answer_sha256,
                "relied_on_by": sorted({*relied, asker, about.by}),
            }  # fmt: skip
            self._ledger.append(RULED, body, actor=by.id, subject=about.answer_id, connection=connection)
            rows = [{"person": person, "review": review} for person in body["relied_on_by"]]
            connection.execute(insert(t.tidings), rows)
        return self.one(review)

    def seen(self, review: str, *, by: Person) -> None:
        """Record that somebody was shown a ruling; it is not brought to them again. Raises ``ReviewUnknown``."""
        self.one(review)
        with self._store.write() as connection:
            self._ledger.append(SEEN, {"review": review}, actor=by.id, subject=review, connection=connection)
            c = t.tidings.c
            connection.execute(delete(t.tidings).where(c.person == by.id, c.review == review))

    # --- reading ----------------------------------------------------------------------------------------

    def one(self, review: str) -> Review:
        """A review as it stands. Raises ``ReviewUnknown``."""
        index = int(review[1:]) if review[:1] == "r" and review[1:].isdecimal() else -1
        if 0 <= index < self._ledger.size():
            entry = self._ledger.entry(index)
            if entry.type == RAISED:
                return review_of(entry, self._ledger.about(entry.subject))
        raise ReviewUnknown(f"No review has the reference {review!r}.", do="Copy it from the queue.")

    def held(self, review: Review) -> tuple[Sentence, ...]:
        """The sentences that wait, or waited, for an expert; none where the answer was given at once."""
        return draft(entry_of(self._ledger, review.answer_id))

    def of(self, answer_id: str) -> list[Review]:
        """Every review of one answer, oldest first."""
        about = self._ledger.about(answer_id)
        return [review_of(entry, about) for entry in about if entry.type == RAISED]

    def all(self) -> list[Review]:
        """Every review, oldest first."""
        return [
            review_of(entry, self._ledger.about(entry.subject))
            for entry in self._ledger.scan(Wanted(type=RAISED))
        ]

    def queue(self) -> list[Review]:
        """What waits for an expert: held answers first (a colleague waits for them), then the oldest."""
        waiting = [review for review in self.all() if review.open]
        return sorted(waiting, key=lambda review: (review.kind is not Kind.HELD, review.at))

    def rulings(self) -> list[tuple[Review, Ruling]]:
        """Every review that was ruled on, with its ruling, oldest first."""
        return [(review, review.ruling) for review in self.all() if review.ruling]

    def news_for(self, person: Person) -> list[Review]:
        """Reviews whose ruling concerns words this person was given, and has not been shown to them."""
        mine = select(t.tidings.c.review).where(t.tidings.c.person == person.id)
        with self._store.read() as connection:
            untold = connection.execute(mine).scalars().all()
        return [self.one(review) for review in sorted(untold, key=lambda review: int(review[1:]))]

    # --- parts ------------------------------------------------------------------------------------------

    def _raise(
        self,
        entry: Entry,
        kind: Kind,
        why: str,
        by: Person,
        sentences: Sequence[int],
        connection: Connection,
    ) -> Review:
        answer = read(entry)
        if held := draft(entry):
            answer = replace(answer, sentences=held)
        beyond = [n for n in sentences if not 0 <= n < len(answer.sentences)]
        if beyond:
            raise SentenceUnknown(
                f"The answer has {len(answer.sentences)} sentences; there is no sentence {beyond[0] + 1}.",
                do="Choose a sentence that it has, or none for the whole answer.",
            )
        body = {
            "kind": kind.value, "why": why, "sentences": sorted(set(sentences)),
            "passages": sorted(_passages(answer, sentences)), "answer_sha256": entry.leaf_hash.hex(),
        }  # fmt: skip
        raised = self._ledger.append(RAISED, body, actor=by.id, subject=answer.id, connection=connection)
        return review_of(raised, ())

    def _waiting(self, review: str) -> Review:
        found = self.one(review)
        if not found.open:
            raise ReviewClosed(
                f"{review} was ruled on already.", do="Contest the answer again if the ruling is wrong."
            )
        return found

    def _text(self, given: str, wanted: str) -> str:
        text = given.strip()
        if not text:
            raise ReasonMissing("Nothing was written.", do=f"{wanted[:1].upper()}{wanted[1:]}.")
        if len(text) > LONGEST:
            raise ReasonMissing(
                f"The text has {len(text)} characters; at most {LONGEST} are kept.", do="Shorten it."
            )
        return str(self._redactor().redact(text).text)

    def _check(self, decision: Decision, wording: str, valid_to: dt.date | None) -> None:
        if decision is Decision.AMEND and not wording:
            raise RulingInvalid("An amendment needs a wording.", do="Write what the next colleague is told.")
        if wording and valid_to is None:
            raise RulingInvalid("A wording needs a last day.", do="Say until when it may be used.")
        if valid_to is not None and valid_to < self._clock().astimezone().date():
            raise RulingInvalid(
                f"{valid_to.isoformat()} is past.", do="Choose a last day that is still to come."
            )

    def _relied_on(self, review: Review) -> set[str]:
        """Who was given words that rest on the passages under review, lately."""
        wanted = [passage.encode() for passage in review.passages]
        since = self._clock() - RELIED_ON
        return {
            entry.actor
            for entry in self._ledger.scan(Wanted(type="answer", since=since))
            if any(passage in entry.data for passage in wanted) and _cites(entry, review.passages)
        }


def _passages(answer: Answer, sentences: Sequence[int]) -> set[str]:
    chosen = [answer.sentences[n] for n in sentences] if sentences else answer.sentences
    return {citation.passage_id for sentence in chosen for citation in sentence.citations}


def _cites(entry: Entry, passages: Sequence[str]) -> bool:
    return bool(_passages(read(entry), ()) & set(passages))
