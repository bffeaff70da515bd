"""Why: one place puts the parts together, so that a test or another program can exchange any of them.

``build`` reads no environment and loads no model: heavy parts load when first used, or on ``warm``.
"""

from __future__ import annotations

import datetime as dt
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.answers import OPERATOR, Answer, Hit, Person, Question, Run, Searched, Stage
from assistant.assembly import Assembly
from assistant.intake import Intake
from assistant.jobs import Event, Job, Jobs, Kept
from assistant.jobs.running import Cancelled
from assistant.pipeline import OnStage, travel
from assistant.quiet import silence
from assistant.record import entry_of, read, release
from assistant.settings import Settings
from assistant.spelling import misspelt, read_as
from assistant.steps.receive import clean
from assistant.uploading import Uploads
from governance.errors import FrontlineError
from governance.explanation import Explanation
from governance.sealed_text import opened
from ingest.documents import Nation

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from ingest.report import Report


def build(settings: Settings, **overrides: Any) -> Assistant:
    """Put the assistant together from the settings.

    ``overrides`` exchange parts: ``store``, ``embedder``, ``redactor``, ``snapshots``, ``calibration``,
    ``chat_model`` (any LangChain chat model), ``clock`` (no argument → aware datetime), ``ids`` (no argument → text). Raises ``SettingInvalid`` (an address
    that is not among the destinations), ``DataFromNewerVersion``, ``StorageFull`` or ``StorageUnwritable``; a missing model or index is raised when it is first needed.
    """
    silence(settings.models_dir)
    return Assistant(settings, **overrides)


class Assistant(Assembly):
    """Finds passages, answers questions, and keeps the record. Safe to share between threads."""

    # --- asking -----------------------------------------------------------------------------------------

    def search(
        self,
        question: str,
        *,
        nation: Nation | str | None = None,
        as_at: dt.date | str | None = None,
        k: int = 10,
    ) -> list[Hit]:
        """The ``k`` best passages in force there and then, best first. Nothing is kept of the question.

        Raises ``QuestionEmpty``, ``QuestionTooLong``, ``QuestionNotText``, ``NationUnknown``, ``DateInvalid``,
        ``IndexEmpty``, ``EmbedderMismatch`` or ``ModelMissing``.
        """
        return list(self.searched(question, nation=nation, as_at=as_at, k=k).hits)

    def searched(
        self,
        question: str,
        *,
        nation: Nation | str | None = None,
        as_at: dt.date | str | None = None,
        k: int = 10,
    ) -> Searched:
        """What ``search`` finds, with the question as it may be shown again. Raises what ``search`` raises."""
        redacted = self.redactor.redact(clean(question, self.settings.question_limit)).text
        snapshot = self.snapshots.current()
        text = read_as(redacted, misspelt(redacted, self._vocabularies.of(snapshot)))
        found = self._retriever.search(
            snapshot, text, nation=self._asking.nation(nation), on=self._asking.day(as_at), use=k
        )
        return Searched(redacted, tuple(found.used))

    def ask(
        self,
        question: str,
        *,
        nation: Nation | str | None = None,
        as_at: dt.date | str | None = None,
        conversation: str | None = None,
        citizen: str | None = None,
        whole: bool = False,
        person: Person = OPERATOR,
        on_stage: OnStage = lambda _stage: None,
    ) -> Answer:
        """Answer a question from the guidance in force, or say why not; the answer is in the ledger.

        ``citizen`` is the pseudonym of the person whom the question is about, where it is about one: their agreement
        is needed then, and the words of the question are sealed and not written into the ledger. ``whole``: the
        question leans on none before it, and is not put into other words.

        Raises what ``search`` raises, ``ConversationOfAnother`` for a conversation about somebody else, and
        ``RecordFailed``: no record, no answer.
        """
        asked = self._asking.question(question, nation, as_at, conversation, person, citizen, whole=whole)
        return self._take(asked, on_stage, lambda: False)

    def start(
        self,
        question: str,
        *,
        nation: Nation | str | None = None,
        as_at: dt.date | str | None = None,
        conversation: str | None = None,
        citizen: str | None = None,
        whole: bool = False,
        person: Person = OPERATOR,
    ) -> Job:
        """Begin to answer and return at once; the job's id is the reference that the answer will have.

        What can be seen to be wrong with the question is raised here; what comes up on the way is an event.
        """
        clean(question, self.settings.question_limit)
        asked = self._asking.question(question, nation, as_at, conversation, person, citizen, whole=whole)
        return self.jobs.start(asked)

    def events(
        self, job_id: str, *, after: int = 0, wait: float = 0.0, person: Person = OPERATOR
    ) -> list[Event]:
        """What a job said after event number ``after``; waits up to ``wait`` seconds. Raises ``JobUnknown``."""
        return self.jobs.events(job_id, after=after, wait=wait, person=person)

    def cancel(self, job_id: str, *, person: Person = OPERATOR) -> Job:
        """Stop a job. One that has ended stays as it ended. Raises ``JobUnknown``."""
        return self.jobs.cancel(job_id, person)

    def _take(self, asked: Question, on_stage: OnStage, cancelled: Cancelled) -> Answer:
        began = time.perf_counter()
        try:
            run = travel(Run(asked), self._parts, on_stage, self._record, cancelled)
            answer = self._record(run)
        except FrontlineError as error:
            self.telemetry.broke(error.code)
            raise
        self.telemetry.answered(
            answer.id,
            answer.outcome,
            self.settings.model or "extractive",
            run.stages,
            time.perf_counter() - began,
        )
        on_stage(Stage("record", 0.0, f"ledger entry {answer.entry_index}"))
        return answer

    def _record(self, run: Run) -> Answer:
        return release(run, self.ledger, self._keeping, self._maker, self._clock())

    def answer(self, answer_id: str) -> Answer:
        """An answer as it was released. Raises ``AnswerUnknown``."""
        return read(entry_of(self.ledger, answer_id), self.vault)

    def explanation(self, answer_id: str) -> Explanation:
        """Everything that led to an answer; what was erased is said to be. Raises ``AnswerUnknown``."""
        return Explanation.from_body(opened(entry_of(self.ledger, answer_id).body, self.vault))

    def publish_notes(self) -> Report:
        """Make notes of the rulings and take them in. Raises what ``Ingestor.run`` raises."""
        from assistant.ingestion import ingestor_for
        from assistant.review.notes import publish

        ingestor = ingestor_for(self.settings, self.ledger, embedder=self.embedder)
        return publish(self.reviews, self.ledger, self.settings.data_dir, ingestor)

    def take_in(self, source: str) -> Report:
        """Take in what experts wrote (``notes``) or what was uploaded (``uploads``). Raises what ``Ingestor.run`` raises."""
        from assistant.ingestion import ingestor_for
        from assistant.review.notes import SOURCE as NOTES
        from ingest.sources.uploads import uploads

        if source == NOTES:
            return self.publish_notes()
        ingestor = ingestor_for(self.settings, self.ledger, embedder=self.embedder)
        return ingestor.run(uploads(self.settings.data_dir), allow_empty=True)

    @cached_property
    def intake(self) -> Intake:
        """Takes in, in the background, what the pages are given."""
        return Intake(self.store, self._clock, self.take_in)

    @cached_property
    def uploads(self) -> Uploads:
        """Files that experts upload, and what became of them."""
        return Uploads(self.settings.data_dir, self.ledger, self.intake)

    def as_runnable(self) -> Runnable[Any, Answer]:
        """The whole as a LangChain ``Runnable``: a question, or ``{question, nation, as_at}``, to an ``Answer``."""
        from assistant.chain import as_runnable

        return as_runnable(self)

    @cached_property
    def jobs(self) -> Jobs:
        """Answers under way."""
        keep = dt.timedelta(hours=self.settings.event_hours)
        longest = dt.timedelta(seconds=self.settings.answer_seconds)
        kept = Kept(self.store, self._clock, keep=keep, longest=longest)
        return Jobs(kept, self.ledger, self._take, self.settings.answers_at_once)

    def close(self) -> None:
        """Let answers and intakes under way end, and release databases."""
        if "jobs" in self.__dict__:
            self.jobs.close()
        if "intake" in self.__dict__:
            self.intake.close()
        if "telemetry" in self.__dict__:
            self.telemetry.close()
        super().close()
