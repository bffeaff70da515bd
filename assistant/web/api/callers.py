"""Why: who asks is found out in one way for every address of the API."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Request

from assistant.answers import OPERATOR, Person
from assistant.web.desk import desk_of, require_loopback, session_of
from assistant.web.guard import SAFE
from assistant.web.problems import TITLES, Problem
from governance.errors import NotSignedIn, TokenInvalid


def caller(
    request: Request,
    authorization: Annotated[str | None, Header(description="`Bearer` and a token of the provider.")] = None,
    x_csrf_token: Annotated[str | None, Header(description="With a session's cookie only.")] = None,
) -> Person:
    """Who asks: whom a bearer token stands for, else the session's person, else whoever runs programs on this machine.

    Raises ``TokenInvalid`` or ``RoleMissing`` for a token, ``NotSignedIn`` on a cookie whose session ended,
    ``FormOutOfDate`` without its token on an unsafe method, ``LoopbackOnly`` from elsewhere. Where a provider is
    set, nobody is the operator: a proxy makes everybody look as if they were on this machine.
    """
    desk = desk_of(request)
    provider = desk.people.provider
    if provider is not None and authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenInvalid(
                "The Authorization header holds no bearer token.", do="Send `Bearer` and a token."
            )
        return desk.people.bearer(provider, token.strip())
    if not request.state.session_cookie_given:
        if provider is not None:
            raise NotSignedIn("The request says nothing about who sends it.", do="Send a bearer token.")
        require_loopback(request)
        return OPERATOR
    session = session_of(request)
    person = session.person
    if request.method not in SAFE:
        desk.sessions.check(session, x_csrf_token or "")
    return person


Caller = Annotated[Person, Depends(caller)]


ALWAYS = (400, 401, 403, 405, 409, 422, 500, 503, 507)
"""What any address may answer instead."""


def may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of what an address may answer besides what it is for."""
    headers = {401: {"WWW-Authenticate": _header("How to say who asks.")},
               429: {"Retry-After": _header("Seconds after which to try again.")}}  # fmt: skip
    return {
        status: {"model": Problem, "description": TITLES[status], **({"headers": headers[status]} if status in headers else {})}
        for status in sorted({*ALWAYS, *statuses})
    }  # fmt: skip


def _header(said: str) -> dict[str, Any]:
    return {"description": said, "schema": {"type": "string"}}
