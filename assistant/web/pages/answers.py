"""The page of one answer, and the page that explains it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.answers import Person
from assistant.jobs import JobState
from assistant.outcomes import outcomes
from assistant.web.desk import Desk, answer_for, desk_of, signed_in
from assistant.web.pages import under_way
from assistant.web.pages.typed import Typed
from assistant.web.tasks.answers import explained
from governance.errors import JobUnknown
from governance.explaining import plain

router = APIRouter()


@router.get("/answers/{answer_id}")
def answer(request: Request, answer_id: str) -> Response:
    """The answer with its sources, and the form for the next question; while it is made, how far it has come."""
    desk = desk_of(request)
    session = signed_in(request)
    if not desk.assistant.ledger.about(answer_id) and _under_way(desk, answer_id, session.person):
        return desk.page(
            request, "waiting.html", job=answer_id, given=Typed(), now="Searching guidance", stages=(), sentences=()
        )  # fmt: skip
    found = answer_for(desk, answer_id, session.person, channel="page", reason=session.reading_for)
    shown = under_way.article(desk, request, found)
    return desk.page(request, "answer.html", given=Typed.kept(session), **shown)


def _under_way(desk: Desk, answer_id: str, person: Person) -> bool:
    try:
        return desk.assistant.jobs.job(answer_id, person).state is JobState.RUNNING
    except JobUnknown:
        return False


@router.get("/answers/{answer_id}/explanation")
def explanation(request: Request, answer_id: str) -> Response:
    """How the answer was reached, in plain words and as the record holds it."""
    desk = desk_of(request)
    session = signed_in(request)
    found = answer_for(desk, answer_id, session.person, channel="page", reason=session.reading_for)
    record = explained(desk, answer_id, session.person)
    return desk.page(
        request,
        "explanation.html",
        answer=found,
        wording=outcomes()[found.outcome],
        record=record,
        plain=plain(record),
        record_json=record.model_dump_json(indent=2),
    )
