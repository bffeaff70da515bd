"""Why: a question, an answer and its evidence are plain values that every room can read.

Pure types: no models, no database, no web. The field names are those of the command line's ``--json``
and of the API; others script against them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ingest.documents import Nation


class Outcome(StrEnum):
    """The typed result of a question. Labels, explanations and next steps are data (outcomes.yaml)."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    NOT_IN_GUIDANCE = "not_in_guidance"
    NEEDS_CLARIFICATION = "needs_clarification"
    NEEDS_EXPERT = "needs_expert"
    DECISION_FOR_A_PERSON = "decision_for_a_person"
    SAFEGUARDING = "safeguarding"
    OUT_OF_SCOPE = "out_of_scope"
    BLOCKED_PERSONAL_DATA = "blocked_personal_data"
    BLOCKED_NO_AGREEMENT = "blocked_no_agreement"
    BLOCKED_INJECTION = "blocked_injection"
    SEARCH_ONLY = "search_only"
    FAILED = "failed"


class Role(StrEnum):
    """What a person may do. ``operator`` is whoever runs a command on this machine."""

    COLLEAGUE = "colleague"
    EXPERT = "expert"
    OFFICER = "officer"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Person:
    """Who asks. ``id`` is a pseudonym; no name is ever kept with a question."""

    id: str
    role: Role = Role.COLLEAGUE


OPERATOR = Person("operator", Role.OPERATOR)


@dataclass(frozen=True)
class Question:
    """What was asked, as it travels: each step hands on a changed copy."""

    id: str
    text: str
    """The text as it stands after the last step; after ``redact`` it carries no personal data."""
    person: Person
    on: dt.date
    """The date asked about."""
    asked_at: dt.datetime
    nation: Nation | None = None
    conversation: str | None = None
    citizen: str = ""
    """Pseudonym of the person whom the question is about; empty: it is about no one person."""
    whole: bool = False
    """Taken as it stands: whoever asked has put it into words that lean on no question before."""


@dataclass(frozen=True)
class DocumentRef:
    """The document a hit or citation comes from, as it was when the answer was made."""

    id: str
    title: str
    uri: str
    path: str
    nations: tuple[str, ...]
    valid_from: dt.date | None
    valid_to: dt.date | None
    state: str
    kind: str = "policy"
    publisher: str = ""
    version_id: str = ""
    published_at: dt.date | None = None
    review_due: dt.date | None = None
    notice: str = ""


@dataclass(frozen=True)
class Hit:
    """One passage that a search returned."""

    passage_id: str
    score: float
    """Fused score; larger is better; comparable only within one search."""
    text: str
    section: str
    document: DocumentRef
    page: int | None = None
    dense: float | None = None
    """Cosine similarity, or None where the dense search did not return the passage."""
    lexical: float | None = None
    """BM25 score, or None where the lexical search did not return the passage."""
    proximity: float | None = None
    """How much of the question's words stand together in it (assistant.proximity), or None where that was not read."""
    place: str = ""
    """What the document's address needs to open at the passage's section."""


@dataclass(frozen=True)
class Searched:
    """What a search found, best first."""

    question: str
    """The redacted question."""
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Candidate:
    """Everything known about one passage that was considered: why it was used or dropped."""

    hit: Hit
    rank: int
    used: bool
    reason: str


@dataclass(frozen=True)
class Citation:
    """A verbatim quote: ``text[start:end]`` of the passage equals ``quote``."""

    passage_id: str
    quote: str
    start: int
    end: int
    document: DocumentRef
    section: str = ""
    page: int | None = None
    paragraph: str = ""
    """Number of the paragraph it begins in, where paragraphs are numbered."""
    link: str = ""
    """Opens the source at the quote; empty where the source has no address on the web."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer and the quotes that carry it."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Dropped:
    """A sentence that was proposed and not released, and the check it failed."""

    text: str
    check: str
    reason: str


@dataclass(frozen=True)
class Check:
    """One check of the evidence contract, as it was run on one sentence."""

    sentence: int
    name: str
    passed: bool
    evidence: str


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline, as it ran: for the progress shown and for latency by stage."""

    name: str
    milliseconds: float
    said: str = ""


@dataclass(frozen=True)
class Answer:
    """What is released. Nothing is released that was not recorded first."""

    id: str
    outcome: Outcome
    question: str
    """The redacted question."""
    nation: Nation | None
    on: dt.date
    sentences: tuple[Sentence, ...] = ()
    uncovered: tuple[str, ...] = ()
    """Parts of the question that the guidance found does not cover, in the question's words."""
    explanation: str = ""
    """One line, in words: how the answer was reached and how sure the checks are."""
    next_step: str = ""
    cautions: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    rewritten: str = ""
    """The question as it was searched, where it leant on the one before it; empty otherwise. May be changed and asked."""
    found: tuple[Hit, ...] = ()
    """Passages to read where no answer is composed (``search_only``); empty otherwise."""
    asked_at: dt.datetime | None = None
    conversation: str | None = None
    snapshot_id: str = ""
    entry_index: int | None = None
    """Index of the ledger entry that records this answer."""


@dataclass(frozen=True)
class Run:
    """The state a question gathers on its way through the steps. Each step returns a changed copy."""

    question: Question
    rewritten: str = ""
    """The question made self-contained, where it leant on the one before it."""
    outcome: Outcome | None = None
    """Set by a step that stops the run."""
    reason: str = ""
    """Why the run stopped or was decided as it was, in words."""
    candidates: tuple[Candidate, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    held: tuple[Sentence, ...] = ()
    """Sentences that passed every check and wait for an expert; whoever asked does not see them until then."""
    dropped: tuple[Dropped, ...] = ()
    checks: tuple[Check, ...] = ()
    uncovered: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)
    """What each step wants in the explanation, by step name; JSON values only."""
    stages: tuple[Stage, ...] = ()
    answer: Answer | None = None
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What each token of the question stands for: personal data, for the vault and for nothing else."""
