"""The notice about how questions are used, shown and acknowledged before the first question."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.web.desk import desk_of, session_of, signed_in
from assistant.web.pages.typed import Typed
from governance.consent import Purpose

router = APIRouter()

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


class Acknowledged(Typed):
    """The form under the notice."""

    next: str = "/"


@router.get("/notice")
def read(request: Request) -> Response:
    """Show the notice in force."""
    signed_in(request)
    return page(request, Acknowledged())


@router.post("/notice")
def acknowledge(request: Request, given: Annotated[Acknowledged, Form()]) -> Response:
    """Record that the person has read it, and lead on."""
    from assistant.web.pages.sign_in import onward

    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    desk.assistant.consents.acknowledge(session.person_id, actor=session.person_id, channel="page")
    return lead_on(request, given, onward(given.next))


def lead_on(request: Request, given: Typed, onward: str) -> Response:
    """To the notice while it is not acknowledged; then back to what was typed, or to where the person was going."""
    from assistant.web.pages import ask

    if not acknowledged(request):
        return page(request, Acknowledged(**given.model_dump(include=set(Typed.model_fields)), next=onward))
    if given.question:
        return ask.page(request, given)
    return RedirectResponse(onward, status_code=303)


def acknowledged(request: Request) -> bool:
    """Whether the person has acknowledged the notice in force."""
    session = session_of(request)
    return desk_of(request).assistant.consents.decide(Purpose.ANSWER, session.person_id).allowed


def page(request: Request, given: Acknowledged) -> Response:
    """The notice with its form."""
    desk = desk_of(request)
    notice = desk.assistant.consents.current_notice()
    return desk.page(
        request, "notice.html", given=given,
        notice=notice, text=drawn(notice.text), acknowledged=acknowledged(request),
    )  # fmt: skip


def drawn(text: str) -> Markup:
    """The notice as HTML. Its text is this release's own, held to a hash, and raw HTML in it is escaped."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704
