"""Why: asking must return at once, an answer must go on when the page that asked is gone, and stopping must stop.

What is streamed is what was recorded. Stages are told as they end; sentences only after the answer stands in
the ledger, so nothing a model said is ever shown before, or without, having passed the evidence contract.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from assistant.answers import OPERATOR, Answer, Person, Question, Role, Sentence, Stage
from assistant.jobs.job import Event, EventKind, Job, JobState
from assistant.jobs.kept import Kept
from assistant.record import without_words
from governance.errors import AnswerCancelled, AnswerLost, FrontlineError, JobUnknown
from governance.ledger import Ledger

log = logging.getLogger(__name__)

Cancelled = Callable[[], bool]
"""Asked on the way whether to go on; true once whoever asked wants the answer no longer."""
Asks = Callable[[Question, Callable[[Stage], None], Cancelled], Answer]
"""Takes a question through the pipeline, telling each stage."""

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_SENTENCE: TypeAdapter[Sentence] = TypeAdapter(Sentence)
LOOK_AGAIN = 0.1
"""Seconds between looks for events of a job that another process runs."""


@dataclass
class Jobs:
    """Runs questions in the background, a few at a time, and tells what they say."""

    kept: Kept
    ledger: Ledger
    ask: Asks
    at_once: int
    _said: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _pool: ThreadPoolExecutor | None = field(default=None, repr=False)

    def start(self, question: Question) -> Job:
        """Begin to answer, and give the job. The question itself is held in memory only, until it is redacted."""
        job = self.kept.begin(question.id, question.person.id)
        with self._said:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.at_once, thread_name_prefix="answer")
            self._pool.submit(self._run, question)
        return job

    def job(self, job_id: str, person: Person = OPERATOR) -> Job:
        """A job of one's own. Raises ``JobUnknown``, also where it is another's, so that ids cannot be tried out."""
        job = self.kept.job(job_id)
        if person.role is not Role.OPERATOR and job.person != person.id:
            raise JobUnknown("You have no answer under way with this reference.", do="Ask again.")
        return job

    def events(
        self, job_id: str, *, after: int = 0, wait: float = 0.0, person: Person = OPERATOR
    ) -> list[Event]:
        """What a job said after event ``after``, in order; waits up to ``wait`` seconds where there is nothing yet.

        Empty once everything was told. Raises ``JobUnknown``.
        """
        until = time.monotonic() + wait
        while True:
            job = self.job(job_id, person)
            found = self.kept.events(job_id, after)
            left = until - time.monotonic()
            if found or left <= 0 or job.state is not JobState.RUNNING:
                return found
            with self._said:
                self._said.wait(min(left, LOOK_AGAIN))

    def cancel(self, job_id: str, person: Person = OPERATOR) -> Job:
        """Stop a job; one that has ended stays as it ended. The wish is in the ledger. Raises ``JobUnknown``."""
        self.job(job_id, person)
        if self.kept.cancel(job_id):
            self.ledger.append("answer.cancelled", {"asked_to_stop": True}, actor=person.id, subject=job_id)
        return self.job(job_id, person)

    def close(self) -> None:
        """Let running jobs end; those not yet begun are told as lost."""
        with self._said:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, question: Question) -> None:
        job_id = question.id
        try:
            answer = self.ask(
                question, lambda stage: self._stage(job_id, stage), lambda: self.kept.cancelling(job_id)
            )
        except AnswerCancelled:
            self._tell(job_id, [(EventKind.CANCELLED, {})], JobState.CANCELLED)
        except FrontlineError as error:
            self._tell(job_id, [(EventKind.ERROR, error.as_dict())], JobState.FAILED)
        except BaseException as error:
            broke = AnswerLost(
                "Something broke on the way to the answer.", do="Try again; report it if it lasts."
            )
            self._tell(job_id, [(EventKind.ERROR, broke.as_dict())], JobState.FAILED)
            # Its message and its traceback may hold words of the question.
            log.error("an answer broke: %s", type(error).__name__)  # noqa: TRY400
            raise
        else:
            said: list[tuple[EventKind, dict[str, Any]]] = [
                (EventKind.SENTENCE, _SENTENCE.dump_python(s, mode="json")) for s in answer.sentences
            ]
            told = without_words(answer) if question.citizen else answer  # they are sealed, and not kept here
            said.append((EventKind.ANSWER, _ANSWER.dump_python(told, mode="json")))
            self._tell(job_id, said, JobState.DONE)

    def _stage(self, job_id: str, stage: Stage) -> None:
        self._tell(job_id, [(EventKind.STAGE, asdict(stage))], None)

    def _tell(self, job_id: str, said: list[tuple[EventKind, dict[str, Any]]], ends: JobState | None) -> None:
        self.kept.add(job_id, said, ends=ends)
        with self._said:
            self._said.notify_all()
