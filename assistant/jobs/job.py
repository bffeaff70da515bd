"""Why: whoever watches an answer come about, a page, a program or a test, reads the same few values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """How far a job has come. Every state but ``running`` is final."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class EventKind(StrEnum):
    """What an event says. The last event of a job is ``answer``, ``cancelled`` or ``error``."""

    STAGE = "stage"
    """A step of the pipeline ended: ``name``, ``milliseconds``, ``said`` (nothing of the question)."""
    SENTENCE = "sentence"
    """A sentence that passed every check and stands in the ledger, in the form of the API."""
    ANSWER = "answer"
    """The answer whole, in the form of the API; the job is done. Without the question's words where it is about a
    person: they are in the vault, and the answer is read by its reference."""
    CANCELLED = "cancelled"
    """The job was stopped by whoever asked; no answer was given or kept."""
    ERROR = "error"
    """The error document (``code``, ``message``, ``do``) of what went wrong; the job failed."""

    @property
    def last(self) -> bool:
        """Whether nothing follows an event of this kind."""
        return self in (EventKind.ANSWER, EventKind.CANCELLED, EventKind.ERROR)


@dataclass(frozen=True)
class Job:
    """One question on its way. ``id`` is the reference that its answer will have."""

    id: str
    person: str
    state: JobState
    started: dt.datetime
    expires: dt.datetime
    """When its events are forgotten; the answer stays in the ledger."""


@dataclass(frozen=True)
class Event:
    """Something a job said. ``number`` counts from 1 within the job: it is the id to replay from."""

    job: str
    number: int
    kind: EventKind
    data: dict[str, Any]
