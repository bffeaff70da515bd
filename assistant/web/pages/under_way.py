"""Why: a colleague sees within a blink that something happens, may leave and come back, and may stop it.

The answer is made as a job, whose stored events are replayed here: to our script as server-sent events, each holding
what is to be seen so far, numbered so that a connection that broke goes on where it was; without scripts, as a page
that looks again when it is asked to, and carries what was typed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers import Answer
from assistant.jobs import Event, EventKind
from assistant.outcomes import outcomes
from assistant.web.desk import Desk, answer_for, by_script, desk_of, signed_in
from assistant.web.pages import ask
from assistant.web.pages.typed import Typed
from assistant.web.passages import blocks
from assistant.web.sources import shown
from assistant.web.tasks.watching import LOOK, LOOK_SELDOM
from governance.errors import AnswerCancelled, FrontlineError, JobUnknown, error_of

router = APIRouter()

PATIENCE = 8.0
"""Seconds for which a browser without scripts is kept waiting before it is shown that it has to."""

STAGES = {
    "receive": "question read",
    "permit": "notice acknowledged",
    "redact": "personal details taken out",
    "route": "kind of question recognised",
    "rewrite": "follow-up put into a question of its own",
    "retrieve": "guidance searched",
    "compose": "sentences chosen",
    "ground": "each sentence checked against its source",
    "decide": "weighed whether this answers it",
    "record": "recorded in the ledger",
}
"""What a step that has ended is called; steps that are not named here are not shown."""


def watch(request: Request, job_id: str, given: Typed) -> Response:
    """What whoever asked is shown: our script something to watch, any other browser the answer, or that it is coming."""
    if by_script(request):
        part = desk_of(request).draw(
            request,
            "watching.html",
            job=job_id,
            given=given,
            now="Searching guidance",
            stages=(),
            sentences=(),
        )
        return HTMLResponse(part, 202, {"HX-Push-Url": f"/answers/{job_id}"})
    return _wait(request, job_id, given)


@router.post("/answers/{answer_id}/wait")
def wait(request: Request, answer_id: str, given: Annotated[Typed, Form()]) -> Response:
    """Look again, for browsers without scripts."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    return _wait(request, answer_id, given)


@router.post("/answers/{answer_id}/stop")
def stop(request: Request, answer_id: str, given: Annotated[Typed, Form()]) -> Response:
    """Stop looking; the question comes back. An answer that was whole by then is shown."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    desk.assistant.cancel(answer_id, person=session.person)
    if any(event.kind is EventKind.ANSWER for event in desk.assistant.events(answer_id, wait=1.0)):
        return RedirectResponse(f"/answers/{answer_id}", status_code=303)
    return ask.page(request, given) if given.question else RedirectResponse("/", status_code=303)


@dataclass(frozen=True)
class Watched:
    """A stream that somebody may see: checked before its first byte is sent."""

    job_id: str
    after: int


def may_watch(
    request: Request, answer_id: str, last_event_id: Annotated[str | None, Header()] = None
) -> Watched:
    """Raises ``NotSignedIn``, or ``JobUnknown`` where there is neither a job nor an answer of one's own."""
    desk = desk_of(request)
    session = signed_in(request)
    try:
        desk.assistant.jobs.job(answer_id, session.person)
    except JobUnknown:
        answer_for(desk, answer_id, session.person, channel="page", reason=session.reading_for)
    after = (
        int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdecimal() else 0
    )
    return Watched(answer_id, min(after, 1_000_000))


@router.get("/answers/{answer_id}/events", response_class=EventSourceResponse)
async def events(
    request: Request, watched: Annotated[Watched, Depends(may_watch)]
) -> AsyncIterator[ServerSentEvent]:
    """What there is to see, each time there is more, until the answer is whole."""
    desk = desk_of(request)
    person = signed_in(request).person
    told: list[Event] = []
    pause = LOOK
    while True:
        try:
            found = await run_in_threadpool(
                desk.assistant.events, watched.job_id, after=told[-1].number if told else 0, person=person
            )
        except JobUnknown:  # its events are forgotten; the answer is kept
            yield ServerSentEvent(raw_data=await run_in_threadpool(_arrived, desk, request, watched.job_id))
            return
        for event in found:
            told.append(event)
            if event.number > watched.after or event.kind.last:
                part = await run_in_threadpool(_part, desk, request, told)
                yield ServerSentEvent(raw_data=part, id=str(event.number))
            if event.kind.last:
                return
        pause = LOOK if found else min(pause * 2, LOOK_SELDOM)
        await asyncio.sleep(pause)


def article(desk: Desk, request: Request, answer: Answer) -> dict[str, Any]:
    """What the template of an answer shows."""
    person = signed_in(request).person
    return {
        "answer": answer,
        "wording": outcomes()[answer.outcome],
        "wordings": outcomes(),
        "shown": shown(answer, desk.assistant.snapshots),
        "reviews": desk.assistant.reviews.of(answer.id),
        "found": [(hit, blocks(hit.text)) for hit in answer.found],
        "changes": desk.history.changes(answer, person.id),
        "earlier": ask.earlier(request, besides=answer.id),
    }


def _part(desk: Desk, request: Request, told: Sequence[Event]) -> str:
    last = told[-1]
    match last.kind:
        case EventKind.ANSWER:
            return _arrived(desk, request, last.job)
        case EventKind.ERROR:
            return desk.draw(request, "not_arrived.html", error=error_of(last.data))
        case EventKind.CANCELLED:
            return desk.draw(request, "not_arrived.html", error=None)
        case _:
            done = [event.data["name"] for event in told if event.kind is EventKind.STAGE]
            sentences = [event.data["text"] for event in told if event.kind is EventKind.SENTENCE]
            now = "Reading the answer out" if sentences else _now(done)
            stages = [STAGES[name] for name in done if name in STAGES]
            return desk.draw(request, "under_way.html", now=now, stages=stages, sentences=sentences)


def _now(done: Sequence[str]) -> str:
    return "Checking each sentence against its source" if "retrieve" in done else "Searching guidance"


def _arrived(desk: Desk, request: Request, answer_id: str) -> str:
    return desk.draw(request, "arrived.html", **article(desk, request, desk.assistant.answer(answer_id)))


def _wait(request: Request, job_id: str, given: Typed) -> Response:
    desk = desk_of(request)
    person = signed_in(request).person
    until = time.monotonic() + PATIENCE
    after = 0
    while time.monotonic() < until:
        try:
            found = desk.assistant.events(job_id, after=after, wait=until - time.monotonic(), person=person)
        except JobUnknown:
            return RedirectResponse(f"/answers/{job_id}", status_code=303)
        if not found:
            break
        after = found[-1].number
        if found[-1].kind.last:
            return _ended(request, found[-1], given)
    return desk.page(
        request, "waiting.html", status=202, job=job_id, given=given, now="Searching guidance", stages=(), sentences=()
    )  # fmt: skip


def _ended(request: Request, last: Event, given: Typed) -> Response:
    if last.kind is not EventKind.ANSWER:
        error: FrontlineError = (
            error_of(last.data)
            if last.kind is EventKind.ERROR
            else AnswerCancelled("The answer was stopped, and nothing was kept.", do="Ask again.")
        )
        return ask.page(request, given, error=error)
    answer = desk_of(request).assistant.answer(last.job)
    if answer.outcome in ask.SENT_BACK:
        return ask.page(request, given, refused=answer)
    return RedirectResponse(f"/answers/{answer.id}", status_code=303)
