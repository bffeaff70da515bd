"""Why: "and if she missed that?" is a question only to somebody who heard the one before. It is made into one that
stands on its own, by rules that can be read, from what was already redacted; and shown, so that it can be put right.

Rules first, because a rewriting decides what is searched: a wrong one must be seen and explained. Where a chat model is
set, its wording is used if it says both questions and no more (``assistant.retold``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from assistant.answers import Answer, Question
from assistant.glossary import Glossary
from assistant.words import content_words, words
from governance import tables as t
from governance.stamps import stamp
from governance.store import Store
from ingest.documents import Nation

EARLIER = "Earlier question: "
"""Begins a question that was rewritten; what follows to the first full stop is what was asked before."""
LONGEST_TOPIC = 300
"""Characters of the earlier question that are taken along."""
FEW_WORDS = 5
"""A question of at most so many content words that names no benefit is about the benefit named before."""
FEWEST_WORDS = 2
"""One of so few is about what was asked before, whatever that was."""

_LEANS = re.compile(
    r"^(?:and|but|so|or|then|also|what\s+about|how\s+about|what\s+if|even\s+if|if\s+so|if\s+not|why)\b", re.I
)
_POINTS = re.compile(r"\b(?:it|that|those|these|this|they|them|one|ones|there|the\s+same)\b", re.I)
_NATIONS = {
    Nation.ENGLAND: r"england|english",
    Nation.SCOTLAND: r"scotland|scottish",
    Nation.WALES: r"wales|welsh",
    Nation.NORTHERN_IRELAND: r"northern\s+ireland",
}


@dataclass(frozen=True)
class FollowUp:
    """What a question takes from the answer before it."""

    text: str
    """The question that stands on its own."""
    topic: str
    """What was asked before."""
    nation: Nation | None
    carried: tuple[str, ...]
    """Passages that the answer before cited."""
    noticed: tuple[str, ...]
    """What changed, or was taken over, in words."""


def leans_on_the_last(text: str, before: str, glossary: Glossary) -> bool:
    """Whether a question can be understood only with the one before it."""
    if _LEANS.match(text.strip()):
        return True
    if any(e.entry.names for e in glossary.expand(text)):
        return False
    if _POINTS.search(text):
        return True
    few = len(content_words(text))
    return few <= FEWEST_WORDS or (few <= FEW_WORDS and any(e.entry.names for e in glossary.expand(before)))


def followed_up(question: Question, before: Answer, glossary: Glossary) -> FollowUp | None:
    """The question made self-contained from the answer before it, or None where it stands on its own."""
    topic = _topic(before)
    if not topic or words(topic) == words(question.text):  # asked again, it is no more than it was
        return None
    if not leans_on_the_last(question.text, topic, glossary):
        return None
    noticed: list[str] = []
    nation = question.nation
    named = [n for n, words in _NATIONS.items() if re.search(rf"\b(?:{words})\b", question.text, re.I)]
    if len(named) == 1 and named[0] is not nation:
        nation = named[0]
        noticed.append(f"Answered for {_name(nation)}, which the question names.")
    elif nation is None and before.nation is not None:
        nation = before.nation
        noticed.append(f"Taken for {_name(nation)}, as in the question before.")
    if before.nation is not None and nation is not before.nation:
        noticed.append(f"The question before was about {_name(before.nation)}; this one is not.")
    if question.on != before.on:
        noticed.append(
            f"The question before was about {before.on.isoformat()}; this one is about {question.on.isoformat()}."
        )
    carried = tuple(dict.fromkeys(c.passage_id for s in before.sentences for c in s.citations))
    asked = question.text[:1].upper() + question.text[1:]
    return FollowUp(f"{EARLIER}{topic}. {asked}", topic, nation, carried, tuple(noticed))


def _topic(before: Answer) -> str:
    """What the answer before was about: its question, or the one that it leant on itself."""
    text = before.rewritten or before.question
    if text.startswith(EARLIER):
        text = text.removeprefix(EARLIER).partition(". ")[0]
    return " ".join(text.rstrip(" ?.!").replace(". ", ", ").replace("? ", ", ").split())[:LONGEST_TOPIC]


def _name(nation: Nation | None) -> str:
    return (nation or "").replace("_", " ").title()


@dataclass(frozen=True)
class Turns:
    """Which answer a conversation had last: a pointer into the ledger, without a word of either."""

    store: Store
    clock: Callable[[], dt.datetime]
    keep: dt.timedelta

    def last(self, conversation: str, person: str) -> str | None:
        """Reference of the last answer that this person got in this conversation."""
        wanted = select(t.turns.c.answer).where(
            t.turns.c.conversation == conversation, t.turns.c.person == person, t.turns.c.expires >= self._stamp()
        )  # fmt: skip
        with self.store.read() as connection:
            found = connection.execute(wanted).scalar()
        return None if found is None else str(found)

    def note(self, question: Question, connection: Connection) -> None:
        """Remember the answer to a question as the last of its conversation; forget what has expired."""
        if not question.conversation:
            return
        same = (t.turns.c.conversation == question.conversation) & (t.turns.c.person == question.person.id)
        connection.execute(delete(t.turns).where(same | (t.turns.c.expires < self._stamp())))
        connection.execute(
            insert(t.turns).values(
                conversation=question.conversation, person=question.person.id, answer=question.id,
                expires=self._stamp(self.keep),
            )
        )  # fmt: skip

    def _stamp(self, later: dt.timedelta = dt.timedelta(0)) -> str:
        return stamp(self.clock() + later)
