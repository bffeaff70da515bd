"""Answers that are made in the background and watched: their events, as they come, from any point on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from assistant.answers import Person
from assistant.jobs import Job
from assistant.web.api.callers import Caller, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Asked
from assistant.web.desk import desk_of
from assistant.web.tasks.watching import LOOK, LOOK_SELDOM
from governance.errors import JobUnknown

router = APIRouter(tags=["answers under way"], route_class=Once)
watching = APIRouter(tags=["answers under way"])


@router.post(
    "/jobs", status_code=202, dependencies=[Depends(documented)], responses=may_answer(413, 415, 429)
)
def start(request: Request, asked: Asked, person: Caller) -> Job:
    """Begin to answer, and return at once. The job's id is the reference that the answer will have."""
    assistant = desk_of(request).assistant
    assistant.limits.take(person)
    return assistant.start(
        asked.question, nation=asked.nation, as_at=asked.as_at, conversation=asked.conversation,
        citizen=asked.citizen, whole=asked.whole, person=person,
    )  # fmt: skip


@router.get("/jobs/{job_id}", responses=may_answer(404))
def read(request: Request, job_id: str, person: Caller) -> Job:
    """How far a job of one's own has come."""
    return desk_of(request).assistant.jobs.job(job_id, person)


@router.post("/jobs/{job_id}/cancel", dependencies=[Depends(documented)], responses=may_answer(404))
def cancel(request: Request, job_id: str, person: Caller) -> Job:
    """Stop a job; one that has ended stays as it ended."""
    return desk_of(request).assistant.cancel(job_id, person=person)


def known(request: Request, job_id: str, person: Caller) -> Person:
    """Raises ``JobUnknown`` before the first byte of a stream."""
    desk_of(request).assistant.jobs.job(job_id, person)
    return person


@watching.get("/jobs/{job_id}/events", response_class=EventSourceResponse, responses=may_answer(404))
async def events(
    request: Request,
    job_id: str,
    person: Annotated[Person, Depends(known)],
    last_event_id: Annotated[str | None, Header(description="Go on after this event.")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """What a job says, as server-sent events; the event's name is its kind, the last is answer, cancelled or error."""
    assistant = desk_of(request).assistant
    given = last_event_id or ""
    after = min(int(given), 1_000_000) if given.isascii() and given.isdecimal() else 0
    pause = LOOK
    while True:
        try:
            found = await run_in_threadpool(assistant.events, job_id, after=after, person=person)
        except JobUnknown:
            return
        for event in found:
            after = event.number
            data: dict[str, Any] = event.data
            yield ServerSentEvent(data=data, event=event.kind.value, id=str(event.number))
        ended = not found and assistant.jobs.job(job_id, person).state != "running"
        if ended or (found and found[-1].kind.last):
            return
        pause = LOOK if found else min(pause * 2, LOOK_SELDOM)
        await asyncio.sleep(pause)


router.include_router(watching)
