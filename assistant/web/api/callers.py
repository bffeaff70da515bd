"""Why: who asks is found out in one way for every address of the API."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from pydantic import BaseModel, Field

from assistant.answers import OPERATOR, Person, Role
from assistant.web.desk import desk_of, permit, require_loopback, session_of
from assistant.web.guard import SAFE
from assistant.web.problems import TITLES, Problem
from assistant.web.tasks.readings import LONGEST, cleaned
from governance.errors import NotSignedIn, TokenInvalid

ROLE = "frontline-role"
"""Header in which somebody who holds several roles says which one they ask in."""


class Credentials(BaseModel):
    """Headers that say who asks."""

    authorization: str | None = Field(default=None, description="`Bearer` and a token of the provider.")
    frontline_role: str | None = Field(
        default=None,
        description="With a token that stands for several roles: the one to ask in; none: the first.",
    )
    x_csrf_token: str | None = Field(default=None, description="With a session's cookie only.")


def caller(request: Request, _: Annotated[Credentials, Header()]) -> Person:
    """Who asks, with the headers that say so in the document. Raises as ``who`` does."""
    return who(request)


def who(request: Request) -> Person:
    """Who asks: whom a bearer token stands for, else the session's person, else whoever runs programs on this machine.

    Raises ``TokenInvalid``, ``RoleMissing`` or ``NotPermitted`` for a token, ``NotSignedIn`` on a cookie whose session
    ended, ``FormOutOfDate`` without its token on an unsafe method, ``LoopbackOnly`` from elsewhere. Where a provider is
    set, nobody is the operator: a proxy makes everybody look as if they were on this machine.
    """
    desk = desk_of(request)
    provider = desk.people.provider
    authorization = request.headers.get("authorization")
    if provider is not None and authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenInvalid(
                "The Authorization header holds no bearer token.", do="Send `Bearer` and a token."
            )
        return desk.people.bearer(provider, token.strip(), role=request.headers.get(ROLE, ""))
    if not request.state.session_cookie_given:
        if provider is not None:
            raise NotSignedIn("The request says nothing about who sends it.", do="Send a bearer token.")
        require_loopback(request)
        return OPERATOR
    session = session_of(request)
    person = session.person
    if request.method not in SAFE:
        desk.sessions.check(session, request.headers.get("x-csrf-token", ""))
    return person


Caller = Annotated[Person, Depends(caller)]


def allow(person: Person, roles: Collection[Role], what: str) -> None:
    """Raise ``NotPermitted`` unless a person has one of the roles; whoever runs programs on this machine may too."""
    permit(person, {*roles, Role.OPERATOR}, what)


def reason(
    request: Request,
    reason: Annotated[str, Query(min_length=3, max_length=LONGEST, description="Why it is read; recorded.")],
) -> str:
    """Why records are read, without personal details. Raises ``ReasonMissing``."""
    return cleaned(desk_of(request), reason)


def reason_if_any(
    request: Request,
    reason: Annotated[
        str, Query(max_length=LONGEST, description="Why it is read, where it is another's; recorded.")
    ] = "",
) -> str:
    """The same where not everybody needs one; empty where none was given."""
    return cleaned(desk_of(request), reason) if reason.strip() else ""


Reason = Annotated[str, Depends(reason)]
ReasonIfAny = Annotated[str, Depends(reason_if_any)]


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
