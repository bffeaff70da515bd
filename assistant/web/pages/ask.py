"""The page on which a question is asked: the conversation so far, then the form."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.answers import Answer, Outcome
from assistant.outcomes import outcomes
from assistant.web.desk import desk_of, session_of, signed_in
from assistant.web.pages import notice, under_way
from assistant.web.pages.typed import Typed
from assistant.web.tasks import personal
from assistant.web.tasks.personal import HeldBack
from governance.errors import DateInvalid, FrontlineError, LimitReached, NationUnknown, NotSignedIn

router = APIRouter()

LISTED = 6
"""Most answers of a conversation that are listed."""

SENT_BACK = frozenset({Outcome.BLOCKED_PERSONAL_DATA, Outcome.BLOCKED_NO_AGREEMENT})
"""Outcomes after which the text is given back to be mended, on the same page."""


@router.get("/")
def conversation(request: Request) -> Response:
    """The conversation and an empty form for the nation and date last asked about."""
    session = signed_in(request)
    if not notice.acknowledged(request):
        return RedirectResponse("/notice", status_code=303)
    return page(request, Typed.kept(session))


@router.post("/")
def ask(request: Request, given: Annotated[Typed, Form()]) -> Response:
    """Begin to answer. With our script, show it come about; without, wait for it. An error gives back what was typed."""
    from assistant.web.pages import sign_in

    desk = desk_of(request)
    session = session_of(request)
    if not session.signed_in:
        ended = NotSignedIn(
            "Your session ended before the question was asked.", do="Sign in: your question is kept."
        )
        return sign_in.page(request, sign_in.SignIn(**given.model_dump()), ended)
    try:
        desk.sessions.check(session, given.token)
        if not notice.acknowledged(request):
            return notice.lead_on(request, given, "/")
        held = personal.found(desk.assistant, given.text, session.person)
        if held is not None:
            return page(request, given.model_copy(update={"question": held.text}), held=held)
        desk.assistant.limits.take(session.person)
        job = desk.assistant.start(
            given.text,
            nation=given.nation or None,
            as_at=given.as_at,
            conversation=session.conversation,
            person=session.person,
            citizen=session.citizen or None,
            whole=given.whole,
        )
    except FrontlineError as error:
        return page(request, given, error=error)
    request.state.session = replace(session, nation=given.nation, as_at=given.as_at or "")
    return under_way.watch(request, job.id, given)


@router.post("/conversation")
def start_again(request: Request, given: Annotated[Typed, Form()]) -> Response:
    """Begin a new conversation; the answers of the old one stay under their references."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    request.state.session = desk.sessions.converse(session)
    return RedirectResponse("/", status_code=303)


def page(
    request: Request,
    given: Typed,
    error: FrontlineError | None = None,
    refused: Answer | None = None,
    held: HeldBack | None = None,
) -> Response:
    """The conversation and the form, with what was typed, and what stood in its way."""
    desk = desk_of(request)
    status = error.status if error else 422 if refused or held else 200
    drawn = desk.page(
        request, "ask.html", status=status, given=given, error=error, field=_field(error), refused=refused,
        earlier=earlier(request), wordings=outcomes(), personal=held,
        news=desk.assistant.reviews.news_for(session_of(request).person),
    )  # fmt: skip
    if isinstance(error, LimitReached):
        drawn.headers["Retry-After"] = str(error.retry_after)
    return drawn


def earlier(request: Request, besides: str = "") -> list[Answer]:
    """Answers of this conversation, newest first, read back from the ledger."""
    desk = desk_of(request)
    session = session_of(request)
    began = dt.datetime.fromtimestamp(session.conversation_began, dt.UTC)
    entries = desk.assistant.ledger.entries(
        type="answer", actor=session.person_id, since=began, limit=LISTED, newest_first=True
    )
    answers = [desk.assistant.answer(entry.subject) for entry in entries if entry.subject != besides]
    return [one for one in answers if one.conversation == session.conversation]


def _field(error: FrontlineError | None) -> str:
    """Which field of the form an error is about; empty: none of them."""
    if isinstance(error, DateInvalid):
        return "date"
    if isinstance(error, NationUnknown):
        return "nation"
    return "question" if error is not None and error.code.startswith("question.") else ""
