"""Why: a rater sees the question, the answer and its quotes, and nothing that would tell them what to think of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from assistant.rows import read_lines

RESULTS = "results.jsonl"


class _Quote(Protocol):
    @property
    def uri(self) -> str: ...
    @property
    def quote(self) -> str: ...


class _Sentence(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def citations(self) -> Sequence[_Quote]: ...


class _Case(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...


class ToLabel(Protocol):
    """An answer as far as a rater sees it."""

    @property
    def case(self) -> _Case:
        """Its case."""
        ...

    @property
    def outcome(self) -> str:
        """Its outcome."""
        ...

    @property
    def sentences(self) -> Sequence[_Sentence]:
        """Its sentences, with their quotes."""
        ...


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class StoredCase(_Read):
    """A case without what is expected of it."""

    id: str
    question: str
    before: tuple[str, ...] = ()
    nation: str | None = None


class StoredQuote(_Read):
    """A quote and the document it stands in."""

    uri: str
    quote: str


class StoredSentence(_Read):
    """A released sentence."""

    text: str
    citations: tuple[StoredQuote, ...]


class Stored(_Read):
    """A stored answer. What was expected, scored and withheld is left where it is: labelling is blind."""

    case: StoredCase
    on: dt.date
    outcome: str
    sentences: tuple[StoredSentence, ...]


def read_stored(folder: Path) -> tuple[Stored, ...]:
    """The answers of a run, to be labelled. Raises ``RunIncomplete`` where there are none or a line is cut off."""
    return read_lines(folder / RESULTS, Stored)


def answer_hash(answer: ToLabel) -> str:
    """Of what a rater sees: question, outcome, sentences and quotes."""
    seen = [answer.case.question, answer.outcome, *(s.text for s in answer.sentences)]
    seen += [c.quote for s in answer.sentences for c in s.citations]
    return hashlib.sha256("\x1f".join(seen).encode()).hexdigest()
