"""Why: whoever relies on an answer, or answers for it, can see everything that led to it, from one record.

An ``Explanation`` is the body of the ledger's entry of type ``answer``. It holds no personal data: the
question is the redacted one, and a redaction is described by type and never by value. It is shown in three
depths: one line under the answer, a page in plain words (the six kinds of explanation of the ICO and Alan
Turing Institute guidance, "Explaining decisions made with AI"), and the whole record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

VERSION = 1
"""Version of this record's form; a later one must still read it."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageTaken(_Frozen):
    """One step of the pipeline as it ran."""

    name: str
    milliseconds: float
    said: str = ""


class Identity(_Frozen):
    """Which answer this is, and what code and settings made it."""

    answer_id: str
    conversation: str | None = None
    trace: str = ""
    """Id that the logs of the machine carry for the same question; empty where none is kept."""
    code_version: str
    configuration_hash: str
    """SHA-256 over the settings that can change an answer."""
    asked_at: dt.datetime
    answered_at: dt.datetime
    stages: tuple[StageTaken, ...] = ()


class ConsentTaken(_Frozen):
    """A decision whether data might be used for a purpose, as it was taken at use."""

    purpose: str
    allowed: bool
    reason: str
    record_id: str | None = None
    notice_version: str | None = None
    use: str = "ask"
    """When it was taken: ``ask``, or ``keep`` (in the transaction that recorded the answer)."""
    whose: str = ""
    """``colleague`` or ``citizen``; empty: the operator's."""


class People(_Frozen):
    """Who asked and by what right. Pseudonyms only."""

    person: str
    role: str
    authorisation: str
    citizen: str = ""
    """Pseudonym of the person whom the question is about; empty: it is about no one person."""
    consents: tuple[ConsentTaken, ...] = ()


class RedactionMade(_Frozen):
    """Personal data that was taken out: what kind, by what; never the value, never where it stood."""

    type: str
    recogniser: str
    score: float


class Input(_Frozen):
    """What was asked, after personal data was taken out."""

    question: str
    nation: str | None
    on: dt.date
    redactions: tuple[RedactionMade, ...] = ()
    policy_version: str
    policy_hash: str


class CandidateSeen(_Frozen):
    """One passage that was considered, with every score it had and why it was used or not."""

    passage_id: str
    version_id: str
    uri: str
    title: str
    section: str
    rank: int
    dense: float | None = None
    lexical: float | None = None
    proximity: float | None = None
    """How much of the question's words stand together in it; None where that was not looked at."""
    score: float
    used: bool
    reason: str


class EmbedderUsed(_Frozen):
    """The model that turned texts into vectors."""

    name: str
    version: str
    weights_sha256: str
    precision: str


class Retrieval(_Frozen):
    """What was searched for, where, and everything that came back."""

    query: str = ""
    expansions: tuple[str, ...] = ()
    snapshot_id: str = ""
    root_hash: str = ""
    embedder: EmbedderUsed | None = None
    filters: dict[str, str] = {}
    candidates: tuple[CandidateSeen, ...] = ()


class Prompt(_Frozen):
    """The prompt template, where a chat model was used."""

    template_id: str = ""
    version: str = ""
    sha256: str = ""
    rendered_sha256: str = ""


class Model(_Frozen):
    """What composed the sentences."""

    kind: Literal["extractive", "chat", "none"]
    """``none``: nothing was composed, for instance where a rule stopped the run."""
    provider: str = "this machine"
    region: str = ""
    requested: str = ""
    responding: str = ""
    weights_sha256: str = ""
    parameters: dict[str, float | int | str] = {}
    finish_reason: str = ""
    raw_output_sha256: str = ""


class CheckMade(_Frozen):
    """One check of the evidence contract on one sentence."""

    sentence: int
    name: str
    passed: bool
    evidence: str
    version: str = ""
    """Of the check; empty: that of the code (``identity.code_version``)."""


class SentenceDropped(_Frozen):
    """A sentence that was proposed and not released."""

    text: str
    check: str
    reason: str


class Decision(_Frozen):
    """How the outcome was decided."""

    outcome: str
    reason: str
    signals: dict[str, float | int | str | bool | None] = {}
    """Figures the decision was taken from; calibration's version among them."""


class HumanEvent(_Frozen):
    """One thing that somebody did with an answer after it was given."""

    entry: int
    """Index of the ledger's entry."""
    time: dt.datetime
    type: str
    """Type of the entry."""
    by: str
    """Pseudonym."""
    what: str
    """In plain words."""


class Human(_Frozen):
    """What people did with the answer. Filled by later entries about the same answer, never by changing this one."""

    shown: bool = True
    actions: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    ruling: str | None = None
    """Id of the review in which an expert ruled last, where one did."""
    events: tuple[HumanEvent, ...] = ()
    """Everything that is recorded about the answer since, oldest first."""


class Replay(_Frozen):
    """What can be made again, byte for byte, from what is stored."""

    redaction: Literal["identical", "not replayable"] = "identical"
    retrieval: Literal["identical", "not replayable"] = "identical"
    composition: Literal["identical", "recorded only"] = "identical"
    note: str = ""


class SealedWords(_Frozen):
    """Where the words of a question about a person are kept: in the vault, and not in the record."""

    payload_id: str
    key_id: str
    sha256: str
    """Of the sealed bytes."""


class Explanation(_Frozen):
    """Everything needed to understand one answer, and to make it again."""

    form: int = VERSION
    identity: Identity
    people: People
    input: Input
    retrieval: Retrieval
    prompt: Prompt | None = None
    model: Model
    checks: tuple[CheckMade, ...] = ()
    dropped: tuple[SentenceDropped, ...] = ()
    decision: Decision
    answer: dict[str, Any]
    """The answer as it was released, in the form of the API."""
    human: Human = Human()
    replay: Replay = Replay()
    held: tuple[dict[str, Any], ...] = ()
    """Sentences that wait for an expert, in the form of the API; not for whoever asked."""
    sealed: SealedWords | None = None
    """None: the words of the question stand in this record."""

    def to_body(self) -> dict[str, Any]:
        """The record as JSON values: the body of the ledger's entry."""
        body: dict[str, Any] = self.model_dump(mode="json")
        return body

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Explanation:
        """The record as it was. Raises ValueError where the body is not one."""
        return cls.model_validate(body)
