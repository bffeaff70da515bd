"""Why: a colleague finds again what they were told, and sees at once whether the same question is answered otherwise now.

Answers are kept in the ledger and nowhere else, so they are searched where they stand.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Text, cast, func, literal, select

from assistant.answers import Answer, Outcome
from assistant.record import ENTRY_TYPE, read
from governance import tables as t
from governance.ledger.entry import decode
from governance.stamps import stamp
from governance.store import Store

PAGE = 20
_BATCH = 200
_SAME_WITHIN = dt.timedelta(days=400)
"""How far back the same question is looked for: a year's uprating, and a little."""


@dataclass(frozen=True)
class Past:
    """A page of somebody's answers, newest first."""

    answers: tuple[Answer, ...]
    older: int | None
    """Entry to go on before; None: these are the last."""


@dataclass(frozen=True)
class Changes:
    """How an answer differs from the one the same person was given to the same question before."""

    before: Answer
    outcome_was: Outcome | None
    added: tuple[str, ...]
    gone: tuple[str, ...]
    same_versions: bool

    @property
    def same(self) -> bool:
        """Whether the same was said."""
        return not (self.outcome_was or self.added or self.gone)


class History:
    """The answers that one person was given."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person: str, *, holding: str = "", before: int | None = None, limit: int = PAGE) -> Past:
        """Answers of a person whose question or sentences hold some words, before an entry where one is given."""
        wanted = holding.strip().casefold()
        found: list[Answer] = []
        clauses: list[ColumnElement[bool]] = []
        if (
            wanted.isascii() and wanted
        ):  # the database knows ASCII alone in both cases; the rest is looked for here
            clauses = [self._text().like(f"%{_like(wanted)}%", escape="!")]
        while True:
            rows = self._rows(person, before, _BATCH if wanted else limit + 1, clauses)
            for index, answer in rows:
                before = index
                if wanted and wanted not in _said(answer):
                    continue  # the words stand elsewhere in the record
                found.append(answer)
            if len(found) > limit or not rows:
                break
        shown = tuple(found[:limit])
        return Past(shown, shown[-1].entry_index if len(found) > limit else None)

    def changes(self, answer: Answer, person: str) -> Changes | None:
        """What is different since the same person last asked the same; None where they did not."""
        if answer.entry_index is None or answer.asked_at is None:
            return None
        needle = b'"question":' + json.dumps(answer.question, ensure_ascii=False).encode()
        clauses = [
            self._holds(needle) > 0,
            t.entries.c.time >= stamp(answer.asked_at - _SAME_WITHIN),
        ]
        for _, earlier in self._rows(person, answer.entry_index, 20, clauses):
            if (earlier.question, earlier.nation) == (answer.question, answer.nation):
                return _compared(earlier, answer)
        return None

    def _rows(
        self, person: str, before: int | None, limit: int, clauses: list[ColumnElement[bool]]
    ) -> list[tuple[int, Answer]]:
        e = t.entries.c
        query = select(e.index, e.data).where(e.type == ENTRY_TYPE, e.actor == person, *clauses)
        if before is not None:
            query = query.where(e.index < before)
        with self._store.read() as connection:
            rows: Any = connection.execute(query.order_by(e.index.desc()).limit(limit)).all()
        return [(row.index, read(decode(bytes(row.data)))) for row in rows]

    def _text(self) -> ColumnElement[str]:
        if self._store.dialect == "postgresql":
            return func.lower(func.convert_from(t.entries.c.data, "UTF8"))
        return func.lower(cast(t.entries.c.data, Text))

    def _holds(self, needle: bytes) -> ColumnElement[int]:
        value = literal(needle, LargeBinary)
        if self._store.dialect == "postgresql":
            return func.position(value.op("IN")(t.entries.c.data))
        return func.instr(t.entries.c.data, value)


def _compared(before: Answer, now: Answer) -> Changes:
    old, new = [s.text for s in before.sentences], [s.text for s in now.sentences]
    return Changes(
        before=before,
        outcome_was=before.outcome if before.outcome is not now.outcome else None,
        added=tuple(text for text in new if text not in old),
        gone=tuple(text for text in old if text not in new),
        same_versions=_versions(before) == _versions(now),
    )


def _versions(answer: Answer) -> set[str]:
    return {citation.document.version_id for sentence in answer.sentences for citation in sentence.citations}


def _said(answer: Answer) -> str:
    return "\n".join([answer.question, *(sentence.text for sentence in answer.sentences)]).casefold()


def _like(text: str) -> str:
    """The words as the record writes them, as a pattern."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("!", "!!").replace("%", "!%").replace("_", "!_")
