"""Hand-written stand-ins: real objects with a queue or a dict inside, never patched mocks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import math
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from assistant.answers import (
    OPERATOR,
    Answer,
    Citation,
    DocumentRef,
    Hit,
    Outcome,
    Person,
    Question,
    Searched,
    Sentence,
    Stage,
)
from assistant.intake import Intake
from assistant.jobs import Event, Job, Jobs, Kept
from assistant.limits import Limits
from assistant.review import Reviews
from assistant.steps.receive import clean
from assistant.switch import Switch
from assistant.telemetry import Telemetry
from assistant.uploading import Uploads
from assistant.words import stems
from governance.errors import (
    AnswerCancelled,
    AnswerUnknown,
    DateInvalid,
    InputError,
    NationUnknown,
    RedactionFailed,
)
from governance.explanation import Explanation
from governance.ledger import Entry
from governance.redaction.policy import Policy
from governance.redaction.spans import Redaction, Span, Tokens
from ingest.context import Context, around
from ingest.documents import Filter, Metadata, Nation, Passage, Version
from ingest.embedder_files import EmbedderIdentity
from ingest.report import Report


class WordEmbedder:
    """Texts as unit vectors of hashed word stems: texts that share words lie close, as a real embedder's do."""

    dimensions = 512

    def embed_array(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in stems(text):
                vectors[row, int(hashlib.sha256(stem.encode()).hexdigest(), 16) % self.dimensions] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(lengths, 1e-9)

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embed_array([text])[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed_array(texts).tolist()
        return vectors


def guidance(
    uri: str, sections: Mapping[str, str], *, title: str = "", **metadata: object
) -> tuple[Version, list[Passage]]:
    """A version of a document and its passages, one a section."""
    made = Metadata(uri=uri, title=title or uri, **metadata)  # type: ignore[arg-type]
    version_id = "v" + hashlib.sha256(f"{uri}{metadata}".encode()).hexdigest()[:24]
    document_id = "d" + hashlib.sha256(uri.encode()).hexdigest()[:24]
    version = Version(version_id, document_id, made, "0" * 64, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    passages = [
        Passage(
            "p" + hashlib.sha256(f"{version_id}{n}{text}".encode()).hexdigest()[:24],
            version_id, n, (made.title, heading), text, len(text.split()),
        )
        for n, (heading, text) in enumerate(sections.items())
    ]  # fmt: skip
    return version, passages


@dataclass
class DictSnapshot:
    """A snapshot held in dictionaries: exact cosine, and BM25 by its formula."""

    embedder: WordEmbedder = field(default_factory=WordEmbedder)
    versions: dict[str, Version] = field(default_factory=dict)
    kept: dict[str, Passage] = field(default_factory=dict)
    vectors: dict[str, np.ndarray] = field(default_factory=dict)
    leaky: bool = False
    """Whether its searches forget to filter, as a broken index would."""
    id: str = "s1"
    root_hash: str = "00" * 32
    created_at: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    @property
    def passages(self) -> int:
        return len(self.kept)

    def add(self, made: tuple[Version, list[Passage]]) -> DictSnapshot:
        version, passages = made
        self.versions[version.id] = version
        vectors = self.embedder.embed_array([p.indexed_text for p in passages])
        for passage, vector in zip(passages, vectors, strict=True):
            self.kept[passage.id] = passage
            self.vectors[passage.id] = vector
        return self

    def _allowed(self, where: Filter) -> list[str]:
        return [i for i, p in self.kept.items() if self.leaky or where.allows(self.versions[p.version_id])]

    def dense(self, vector: Sequence[float], n: int, where: Filter) -> list[tuple[str, float]]:
        query = np.asarray(vector, dtype=np.float32)
        scored = [(i, float(query @ self.vectors[i])) for i in self._allowed(where)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:n]

    def lexical(self, text: str, n: int, where: Filter) -> list[tuple[str, float]]:
        counts = {i: Counter(stems(p.indexed_text)) for i, p in self.kept.items()}
        average = sum(sum(c.values()) for c in counts.values()) / max(1, len(counts))
        scored = []
        for i in self._allowed(where):
            score, length = 0.0, sum(counts[i].values())
            for s in set(stems(text)):
                df = sum(s in c for c in counts.values())
                tf = counts[i][s]
                idf = math.log(1 + (len(counts) - df + 0.5) / (df + 0.5))
                score += idf * tf * 2.5 / (tf + 1.5 * (0.25 + 0.75 * length / average))
            scored.append((i, score))
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:n]

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, tuple[Passage, Version]]:
        return {i: (self.kept[i], self.versions[self.kept[i].version_id]) for i in ids if i in self.kept}

    def neighbours(self, passage_id: str, before: int = 1, after: int = 1) -> list[Passage]:
        at = self.kept[passage_id]
        return [
            p
            for p in self.passages_of(at.version_id)
            if p is not at and -before <= p.ordinal - at.ordinal <= after
        ]

    def context(self, passage_id: str, before: int = 1, after: int = 1) -> Context | None:
        at = self.kept.get(passage_id)
        return around(self.passages_of(at.version_id), at, before, after) if at else None

    def document(self, document_id: str) -> list[Version]:
        return [v for v in self.versions.values() if v.document_id == document_id]

    def documents(self) -> list[Version]:
        return list(self.versions.values())

    def passages_of(self, version_id: str) -> list[Passage]:
        return sorted((p for p in self.kept.values() if p.version_id == version_id), key=lambda p: p.ordinal)


@dataclass
class OneSnapshot:
    """The read side of an index that holds one snapshot."""

    snapshot: DictSnapshot

    def current(self) -> DictSnapshot:
        return self.snapshot


class CountingEmbedder(WordEmbedder):
    """A word embedder with an identity, which counts what it was asked to embed."""

    def __init__(self, *, name: str = "words", max_tokens: int = 200) -> None:
        self.identity = EmbedderIdentity(name, "1", "0" * 64, "fp32", self.dimensions, max_tokens)
        self.truncated = 0
        self.embedded: list[str] = []

    def embed_array(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += texts
        return super().embed_array(texts)

    def warm(self) -> None:
        self.embed_array(["warm"])

    def token_count(self, text: str) -> int:
        return len(text.split()) + 2


class FakeAssistant:
    """An assistant that quotes the first line of the passages sharing most words, kept in a real ledger.

    ``planned`` holds what the next questions meet, in order: an error to raise, or an outcome without sentences.
    """

    def __init__(self, data_dir: Path, snapshot: DictSnapshot, **settings: object) -> None:
        from assistant.reaching import egress_for
        from assistant.settings import Settings
        from governance.consent import Consents
        from governance.ledger import Ledger, Signer
        from governance.store import Store

        self.settings = Settings(data_dir=data_dir, **settings)  # type: ignore[arg-type]
        self.store = Store.open(self.settings.governance_url)
        self.ledger = Ledger(self.store, signer=Signer.at(data_dir / "keys" / "ledger.pem"))
        self.egress = egress_for(self.settings, self.ledger)
        self.consents = Consents(self.store, self.ledger)
        self.snapshots = OneSnapshot(snapshot)
        self.redactor = DictRedactor({"Jo Bloggs": "PERSON"})
        self.reviews = Reviews(
            self.store, self.ledger, lambda: self.redactor, lambda: dt.datetime.now(dt.UTC)
        )
        self.switch = Switch(self.ledger)
        hour = dt.timedelta(hours=1)
        self.jobs = Jobs(
            Kept(self.store, lambda: dt.datetime.now(dt.UTC), keep=hour, longest=hour), self.ledger, self._take, 4
        )  # fmt: skip
        self.telemetry = Telemetry()
        self.limits = Limits(
            self.store, lambda: dt.datetime.now(dt.UTC), self.settings.questions_each, self.settings.questions_together
        )  # fmt: skip
        self.answering = threading.Event()
        """Cleared: answers in the background stop after their first stages, until it is set."""
        self.answering.set()
        self.taking_in = threading.Event()
        """Cleared: a taking-in stops at its beginning, until it is set."""
        self.taking_in.set()
        self.taken_in: list[str] = []
        """Sources that were taken in, in order."""
        self.intake_fails: list[Exception] = []
        """What the next takings-in raise, one each."""
        self.intake = Intake(self.store, lambda: dt.datetime.now(dt.UTC), self.take_in, pause=0.02)
        self.uploads = Uploads(data_dir, self.ledger, self.intake)
        self.citizens: list[str | None] = []
        self.planned: list[Exception | Outcome] = []
        self.asked: list[tuple[str, str | None, str | None, str]] = []
        self.parts: dict[str, object] = {"models": True, "snapshot": True, "ledger": True}
        self.loading = threading.Event()
        self.loading.set()
        self.cannot_load: Exception | None = None

    def ready(self) -> dict[str, object]:
        return self.parts

    def warm(self) -> None:
        self.loading.wait(10)
        if self.cannot_load:
            raise self.cannot_load

    def search(
        self, question: str, *, nation: str | None = None, as_at: str | None = None, k: int = 10
    ) -> list[Hit]:
        text, where = self._read(question, nation, as_at)
        snapshot = self.snapshots.snapshot
        found = snapshot.lexical(text, k, where)
        kept = snapshot.passages_by_id(i for i, _ in found)
        return [
            Hit(i, s, kept[i][0].text, kept[i][0].section, self._ref(kept[i][1]), lexical=s) for i, s in found
        ]

    def searched(
        self, question: str, *, nation: str | None = None, as_at: str | None = None, k: int = 10
    ) -> Searched:
        found = self.search(question, nation=nation, as_at=as_at, k=k)
        return Searched(self.redactor.redact(question).text, tuple(found))

    def ask(
        self,
        question: str,
        *,
        nation: str | None = None,
        as_at: str | None = None,
        conversation: str | None = None,
        citizen: str | None = None,
        whole: bool = False,
        person: Person = OPERATOR,
    ) -> Answer:
        self.citizens.append(citizen)
        text, where = self._read(question, nation, as_at)
        made = self._question(question, nation, as_at, text, where, conversation, person)
        return self._take(dataclasses.replace(made, whole=whole))

    def start(
        self,
        question: str,
        *,
        nation: str | None = None,
        as_at: str | None = None,
        conversation: str | None = None,
        person: Person = OPERATOR,
        citizen: str | None = None,
        whole: bool = False,
    ) -> Job:
        self.citizens.append(citizen)
        text, where = self._read(question, nation, as_at)
        if self.planned and isinstance(self.planned[0], InputError):
            raise self.planned.pop(0)  # type: ignore[misc]
        made = self._question(question, nation, as_at, text, where, conversation, person)
        return self.jobs.start(dataclasses.replace(made, whole=whole))

    def events(
        self, job_id: str, *, after: int = 0, wait: float = 0.0, person: Person = OPERATOR
    ) -> list[Event]:
        return self.jobs.events(job_id, after=after, wait=wait, person=person)

    def cancel(self, job_id: str, *, person: Person = OPERATOR) -> Job:
        return self.jobs.cancel(job_id, person)

    def _question(
        self, question: str, nation: str | None, as_at: str | None, text: str, where: Filter,
        conversation: str | None, person: Person,
    ) -> Question:  # fmt: skip
        self.asked.append((question, nation, as_at, person.id))
        return Question(
            "a" + secrets.token_hex(8), text, person, where.on, dt.datetime.now(dt.UTC), where.nation, conversation
        )  # fmt: skip

    def _take(
        self,
        asked: Question,
        on_stage: Callable[[Stage], None] = lambda _stage: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Answer:
        for stage in ("receive", "redact", "retrieve"):
            on_stage(Stage(stage, 1.0))
        while not self.answering.wait(0.02):
            if cancelled():
                raise AnswerCancelled("The answer was stopped.")
        text, where, conversation, person = (
            asked.text,
            Filter(asked.nation, asked.on),
            asked.conversation,
            asked.person,
        )
        nation, as_at = asked.nation, asked.on.isoformat()
        plan = self.planned.pop(0) if self.planned else None
        if isinstance(plan, Exception):
            raise plan
        hits = [] if plan else [h for h in self.search(text, nation=nation, as_at=as_at, k=2) if h.score > 0]
        sentences = tuple(self._quote(hit) for hit in hits)
        outcome = plan or (Outcome.ANSWERED if sentences else Outcome.NOT_IN_GUIDANCE)
        if outcome is Outcome.BLOCKED_PERSONAL_DATA:
            text = "(withheld)"
        made = Answer(
            id=asked.id, outcome=outcome, question=text, nation=where.nation, on=where.on,
            sentences=sentences,
            found=tuple(self.search(text, nation=nation, as_at=as_at, k=2)) if plan is Outcome.SEARCH_ONLY else (),
            uncovered=() if sentences else ("the question",), explanation="2 passages considered.",
            asked_at=dt.datetime.now(dt.UTC), conversation=conversation, snapshot_id="s1",
            rewritten=f"Earlier question: A claim. {text}" if text.startswith("And ") and not asked.whole else "",
            cautions=("Taken out before anything was searched or kept: National Insurance number.",)
            if outcome is Outcome.BLOCKED_PERSONAL_DATA else (),
        )  # fmt: skip
        body = self._explanation(made, person, hits).to_body()
        entry = self.ledger.append("answer", body, actor=person.id, subject=made.id)
        return dataclasses.replace(made, entry_index=entry.index)

    def answer(self, answer_id: str) -> Answer:
        entry = self._entry(answer_id)
        kept = TypeAdapter(Answer).validate_python(entry.body["answer"])
        return dataclasses.replace(kept, entry_index=entry.index)

    def explanation(self, answer_id: str) -> Explanation:
        return Explanation.from_body(self._entry(answer_id).body)

    def in_force(self) -> dict[str, str]:
        return {"Embedder": "words 1", "Redaction policy": self.redactor.policy.version}

    def take_in(self, source: str) -> Report:
        self.taking_in.wait(30)
        if self.intake_fails:
            raise self.intake_fails.pop(0)
        self.taken_in.append(source)
        return Report(source, 1, 0, 0, 0, (), 4, 1, 0, "s1", "0" * 64, 0.5)

    def close(self) -> None:
        self.answering.set()
        self.taking_in.set()
        self.intake.close()
        self.jobs.close()
        self.store.close()

    def _entry(self, answer_id: str) -> Entry:
        found = [e for e in self.ledger.about(answer_id) if e.type == "answer"]
        if not found:
            raise AnswerUnknown(f"No answer has the reference {answer_id!r}.", do="Check the reference.")
        return found[0]

    def _read(self, question: str, nation: str | None, as_at: str | None) -> tuple[str, Filter]:
        text = clean(question, self.settings.question_limit)
        try:
            where = Nation(nation) if nation else self.settings.nation
        except ValueError as error:
            raise NationUnknown(f"{nation!r} is not a nation.", do="Choose one of the four.") from error
        try:
            on = dt.date.fromisoformat(as_at) if as_at is not None else dt.date(2026, 11, 23)
        except ValueError as error:
            raise DateInvalid(f"{as_at!r} is not a date.", do="Give YYYY-MM-DD.") from error
        return text, Filter(where, on)

    def _ref(self, version: Version) -> DocumentRef:
        m = version.metadata
        return DocumentRef(
            version.document_id, m.title, m.uri, m.path, tuple(m.nations), m.valid_from, m.valid_to, m.state,
            m.kind, m.publisher, version.id, m.published_at, m.review_due, m.notice,
        )  # fmt: skip

    def _quote(self, hit: Hit) -> Sentence:
        quote = hit.text.splitlines()[0]
        return Sentence(quote, (Citation(hit.passage_id, quote, 0, len(quote), hit.document, hit.section),))

    def _explanation(self, made: Answer, person: Person, hits: list[Hit]) -> Explanation:
        return Explanation.model_validate(
            {
                "identity": {
                    "answer_id": made.id, "code_version": "0", "configuration_hash": "0" * 64,
                    "asked_at": made.asked_at, "answered_at": made.asked_at,
                    "stages": [{"name": "retrieve", "milliseconds": 1.5}],
                },
                "people": {"person": person.id, "role": person.role, "authorisation": "notice"},
                "input": {
                    "question": made.question, "nation": made.nation, "on": made.on,
                    "policy_version": "1", "policy_hash": "0" * 64,
                },
                "retrieval": {
                    "query": made.question, "snapshot_id": "s1",
                    "candidates": [
                        {
                            "passage_id": h.passage_id, "version_id": h.document.version_id, "uri": h.document.uri,
                            "title": h.document.title, "section": h.section, "rank": n, "lexical": h.lexical,
                            "score": h.score, "used": True, "reason": "Quoted.",
                        }
                        for n, h in enumerate(hits, start=1)
                    ],
                },
                "model": {"kind": "extractive"},
                "decision": {"outcome": made.outcome, "reason": "The passages speak of it."},
                "answer": TypeAdapter(Answer).dump_python(made, mode="json"),
            }
        )  # fmt: skip


class DictRedactor:
    """Replaces the values it is told of by tokens of their type; fails where it is told to."""

    def __init__(self, values: Mapping[str, str] | None = None, *, refuse: str = "") -> None:
        self.policy = Policy.default()
        self.values = dict(values or {})
        self.refuse = refuse

    def redact(self, text: str, *, tokens: Tokens | None = None) -> Redaction:
        if self.refuse and self.refuse in text:
            raise RedactionFailed("the text would still hold what looks like a payment card number")
        spans = []
        for value, type_ in self.values.items():
            if (at := text.find(value)) >= 0:
                spans.append(Span(at, at + len(value), type_, 0.9, "DictRedactor"))
        tokens = tokens if tokens is not None else Tokens()
        redacted = text
        for value, type_ in self.values.items():
            if value in redacted:
                redacted = redacted.replace(value, tokens.token(type_, value))
        return Redaction(redacted, tuple(spans), self.policy.version, self.policy.hash)

    def find(self, text: str) -> list[Span]:
        return list(self.redact(text).spans)

    def warm(self) -> None:
        self.redact("warm")
