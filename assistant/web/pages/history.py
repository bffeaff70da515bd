"""The answers that one was given, newest first, to look through or to search."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.outcomes import outcomes
from assistant.web.desk import desk_of, signed_in

router = APIRouter()

LONGEST = 100
"""Characters of what is searched for."""


@router.get("/history")
def history(request: Request, holding: str = "", before: int | None = None) -> Response:
    """A page of one's own answers; ``holding`` are words of the question or of the answer."""
    desk = desk_of(request)
    person = signed_in(request).person
    wanted = " ".join(holding.split())[:LONGEST]
    past = desk.history.of(person.id, holding=wanted, before=before)
    answers = [
        desk.assistant.answer(one.id) for one in past.answers
    ]  # with words that are sealed, where they may be
    return desk.page(
        request, "history.html", past=past, answers=answers, holding=wanted, longest=LONGEST, begun=before is not None, wordings=outcomes()
    )  # fmt: skip
