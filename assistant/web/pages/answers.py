"""The page of one answer, and the page that explains it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.outcomes import outcomes
from assistant.web.desk import answer_for, desk_of, signed_in
from assistant.web.pages import ask
from assistant.web.pages.passages import blocks
from assistant.web.pages.sources import shown
from assistant.web.pages.typed import Typed
from governance.explaining import plain

router = APIRouter()


@router.get("/answers/{answer_id}")
def answer(request: Request, answer_id: str) -> Response:
    """The answer with its sources, and the form for the next question."""
    desk = desk_of(request)
    session = signed_in(request)
    found = answer_for(desk, answer_id, session.person, channel="page")
    return desk.page(
        request, "answer.html", answer=found, wording=outcomes()[found.outcome], wordings=outcomes(),
        shown=shown(found, desk.assistant.snapshots), given=Typed.kept(session),
        earlier=ask.earlier(request, besides=answer_id), reviews=desk.assistant.reviews.of(answer_id),
        found=[(hit, blocks(hit.text)) for hit in found.found],
    )  # fmt: skip


@router.get("/answers/{answer_id}/explanation")
def explanation(request: Request, answer_id: str) -> Response:
    """How the answer was reached, in plain words and as the record holds it."""
    desk = desk_of(request)
    session = signed_in(request)
    found = answer_for(desk, answer_id, session.person, channel="page")
    record = desk.assistant.explanation(answer_id)
    return desk.page(
        request,
        "explanation.html",
        answer=found,
        wording=outcomes()[found.outcome],
        record=record,
        plain=plain(record),
        record_json=record.model_dump_json(indent=2),
    )
