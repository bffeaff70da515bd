"""Answers: asked for, read back, explained, contested, copied."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from assistant.answers import Answer
from assistant.history import PAGE, Changes
from assistant.web.api.callers import Caller, ReasonIfAny, caller, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Asked, Given, Hits, Search
from assistant.web.desk import answer_for, desk_of
from assistant.web.sources import shown
from assistant.web.tasks.answers import explained
from assistant.web.tasks.case_notes import COPIED, as_text
from assistant.web.tasks.personal import HeldBack, found
from governance.errors import RequestInvalid
from governance.explaining import one_line, plain
from governance.explanation import Explanation

router = APIRouter(tags=["answers"], route_class=Once)
once = [Depends(documented)]


class Answers(BaseModel):
    """A page of one's own answers, newest first."""

    answers: list[Answer]
    before: int | None
    """Give it as ``before`` to get the next page; null: these are the last."""


class Part(BaseModel):
    """One part of an explanation."""

    heading: str
    paragraphs: list[str]


class InWords(BaseModel):
    """An explanation as people read it."""

    in_one_line: str
    in_plain_words: list[Part]


class Checked(Given):
    """A question that is only looked at for personal details."""

    question: str = Field(min_length=1)


class Copying(BaseModel):
    """Taking an answer over into case notes."""

    sources_checked: bool


class Copied(BaseModel):
    """The answer as text."""

    text: str


@router.post("/answers", status_code=201, dependencies=once, responses=may_answer(413, 415, 429))
def ask(request: Request, asked: Asked, person: Caller) -> Answer:
    """Answer a question from the guidance, and record the answer."""
    assistant = desk_of(request).assistant
    assistant.limits.take(person)
    return assistant.ask(
        asked.question, nation=asked.nation, as_at=asked.as_at, conversation=asked.conversation,
        citizen=asked.citizen, whole=asked.whole, person=person,
    )  # fmt: skip


@router.get("/answers", responses=may_answer())
def mine(
    request: Request,
    person: Caller,
    holding: Annotated[str, Query(max_length=100, description="Words of the question or the answer.")] = "",
    before: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
) -> Answers:
    """One's own past answers."""
    desk = desk_of(request)
    past = desk.history.of(person.id, holding=holding, before=before, limit=limit)
    return Answers(answers=[desk.assistant.answer(one.id) for one in past.answers], before=past.older)


@router.get("/answers/{answer_id}", responses=may_answer(404))
def read(request: Request, answer_id: str, person: Caller, reason: ReasonIfAny) -> Answer:
    """Read an answer back, as it was recorded."""
    return answer_for(desk_of(request), answer_id, person, channel="api", reason=reason)


@router.get("/answers/{answer_id}/explanation", responses=may_answer(404))
def explanation(request: Request, answer_id: str, person: Caller, reason: ReasonIfAny) -> Explanation:
    """Everything that led to an answer."""
    desk = desk_of(request)
    answer_for(desk, answer_id, person, channel="api", reason=reason)
    return explained(desk, answer_id, person)


@router.post(
    "/answers/{answer_id}/copies", status_code=201, dependencies=once, responses=may_answer(404, 413, 415)
)
def copy(request: Request, answer_id: str, given: Copying, person: Caller, reason: ReasonIfAny) -> Copied:
    """Take an answer over into case notes: it is recorded, and then given as text."""
    desk = desk_of(request)
    answer = answer_for(desk, answer_id, person, channel="api", reason=reason)
    if not given.sources_checked:
        raise RequestInvalid(
            "The sources were not confirmed.", do="Check each source, then say that you have."
        )
    body = {"to": "case notes", "sources_checked": True, "channel": "api"}
    desk.assistant.ledger.append(COPIED, body, actor=person.id, subject=answer.id)
    return Copied(text=as_text(answer, shown(answer, desk.assistant.snapshots)))


@router.get("/answers/{answer_id}/explanation/words", responses=may_answer(404))
def in_words(request: Request, answer_id: str, person: Caller, reason: ReasonIfAny) -> InWords:
    """How an answer was reached, in one line and in plain words."""
    record = explanation(request, answer_id, person, reason)
    told = [Part(heading=heading, paragraphs=list(said)) for heading, said in plain(record)]
    return InWords(in_one_line=one_line(record), in_plain_words=told)


@router.get("/answers/{answer_id}/changes", responses=may_answer(404))
def changed(request: Request, answer_id: str, person: Caller, reason: ReasonIfAny) -> Changes | None:
    """How it differs from the answer one was given to the same question before; null: there is none."""
    desk = desk_of(request)
    answer = answer_for(desk, answer_id, person, channel="api", reason=reason)
    return desk.history.changes(answer, person.id)


@router.post("/personal-data", dependencies=once, responses=may_answer(413, 415))
def look_for_personal_data(request: Request, given: Checked, person: Caller) -> HeldBack:
    """What of a question would be taken out before anything is searched or kept; only the kinds are recorded."""
    held = found(desk_of(request).assistant, given.question, person, channel="api")
    return held or HeldBack(given.question, ())


@router.post("/search", dependencies=[*once, Depends(caller)], responses=may_answer(413, 415, 429))
def search(request: Request, given: Search, person: Caller) -> Hits:
    """The passages that a question finds. Nothing is composed, and nothing is recorded."""
    assistant = desk_of(request).assistant
    assistant.limits.take(person)
    found = assistant.searched(given.question, nation=given.nation, as_at=given.as_at, k=given.k)
    return Hits(question=found.question, hits=list(found.hits))
