"""Why: every page works with the same few things, put together once and reached through the request."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.answers import Answer, Person, Role
from assistant.history import History
from assistant.web.people import People
from assistant.web.render import draw
from assistant.web.sealed import Sealer
from assistant.web.sessions import Session, Sessions
from assistant.web.warm_up import WarmUp
from governance.errors import AnswerUnknown, LoopbackOnly, NotPermitted, ReadingReasonMissing

if TYPE_CHECKING:
    from assistant.app import Assistant

READERS_OF_ALL = frozenset({Role.OFFICER})
"""Roles that may read an answer that somebody else asked for, as the notice says; each reading is recorded."""


INTO_MAIN = {"HX-Retarget": "#main-content", "HX-Reswap": "innerHTML show:window:top"}
"""Tells the script to put what it gets into the page's main part."""


@dataclass(frozen=True)
class Desk:
    """The assistant, who is asking, and how a page is drawn."""

    assistant: Assistant
    sessions: Sessions
    people: People
    sealer: Sealer
    history: History
    warm_up: WarmUp

    def page(self, request: Request, template: str, *, status: int = 200, **shown: object) -> HTMLResponse:
        """Draw a page for the session of this request; for a script, what goes into a page that is there."""
        if not by_script(request):
            return HTMLResponse(self.draw(request, template, **shown), status)
        return HTMLResponse(self.draw(request, template, layout="bare.html", **shown), status, INTO_MAIN)

    def draw(self, request: Request, template: str, **shown: object) -> str:
        """A page or a part of one, with what every template may use."""
        session = session_of(request, self)
        return draw(
            template,
            session=session,
            token=self.sessions.token(session),
            here=request.url.path,
            settings=self.assistant.settings,
            **shown,
        )


def by_script(request: Request) -> bool:
    """Whether our own script sent the request, and puts the answer into the page it is on."""
    return request.headers.get("hx-request") == "true"


def desk_of(request: Request) -> Desk:
    """The desk of the application that serves this request."""
    return cast("Desk", request.app.state.desk)


def session_of(request: Request, desk: Desk | None = None) -> Session:
    """The session of this request; a new one, with nobody signed in, where there is none."""
    held = getattr(request.state, "session", None)
    if held is None:
        held = request.state.session = (desk or desk_of(request)).sessions.new()
    return cast("Session", held)


def signed_in(request: Request) -> Session:
    """The session of whoever is signed in. Raises ``NotSignedIn``."""
    session = session_of(request)
    _ = session.person
    return session


def require(session: Session, roles: Collection[Role], what: str) -> None:
    """Raise ``NotPermitted`` unless the session's person has one of the roles."""
    permit(session.person, roles, what)


def permit(person: Person, roles: Collection[Role], what: str) -> None:
    """Raise ``NotPermitted`` unless a person has one of the roles."""
    if person.role not in roles:
        raise NotPermitted(
            f"A {person.role} may not {what}.", do=f"Ask somebody who may: {', '.join(sorted(roles))}."
        )


def answer_for(desk: Desk, answer_id: str, person: Person, *, channel: str, reason: str = "") -> Answer:
    """Read an answer back for somebody who may: whoever asked, or a role that reads everybody's.

    A reading by another is recorded, with its reason. Raises ``ReadingReasonMissing``, or
    ``AnswerUnknown`` likewise for an answer that is another's, so that ids cannot be tried out.
    """
    answer = desk.assistant.answer(answer_id)
    asked_by = desk.assistant.ledger.about(answer_id)[0].actor
    if person.id != asked_by and person.role is not Role.OPERATOR:
        if person.role not in READERS_OF_ALL:
            raise AnswerUnknown(
                "You have no answer with this reference.",
                do="Check the reference, or ask the question again.",
            )
        if not reason:
            raise ReadingReasonMissing(
                "Nobody has said what the records are read for.", do="Give the reason."
            )
        body = {"role": person.role, "channel": channel, "reason": reason}
        desk.assistant.ledger.append("answer.read", body, actor=person.id, subject=answer_id)
    return answer


def on_loopback(request: Request) -> bool:
    """Whether the request came from this machine."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def require_loopback(request: Request) -> None:
    """Raise ``LoopbackOnly`` for a request from elsewhere, handed on by a proxy or not: anybody could say any name."""
    handed_on = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "via"))
    if handed_on or not on_loopback(request):
        raise LoopbackOnly(
            "Local people may sign in on this machine only.",
            do="Open the pages on the machine that serves them.",
        )
