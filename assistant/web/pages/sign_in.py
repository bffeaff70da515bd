"""The page on which people sign in: at the organisation's identity provider, or, on this machine only, by a name.

Local people may take any role, so that way works on loopback only and is not there at all where a provider is set.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.web.desk import Desk, desk_of, require_loopback, session_of, signed_in
from assistant.web.guard import SECURITY_HEADERS
from assistant.web.pages import notice
from assistant.web.pages.typed import Typed
from assistant.web.provider import Provider, Sent
from assistant.web.sessions import LOCAL_ROLES, NAME_LIMIT
from governance.errors import AddressUnknown, FrontlineError, ProviderUnreachable, SignInFailed

router = APIRouter()

COOKIE = "frontline_sign_in"
"""Holds, encrypted, what a sign-in was sent out with and the question typed before it; gone when it comes back."""
MINUTES = 10
"""How long a person may take at the provider."""
_FITS = 3800
"""Bytes that a cookie may hold in every browser, less what else is in its line."""

_NEXT = re.compile(
    r"/(?:answers/[\w-]+(?:/explanation)?|guidance(?:/\w+)?|history|(?:audit|review|evaluations)(?:/[\w.-]+)*|administration|consents|agreements|reading|reviews(?:/r\d+)?|guidance/(?:due|gaps|changes))?"
)
"""Pages of this site that a sign-in may lead on to."""


class SignIn(Typed):
    """The sign-in form, with whatever question was typed before it was needed."""

    name: str = ""
    role: str = ""
    next: str = "/"


@router.get("/sign-in")
def ask_who(request: Request, next: str = "/") -> Response:
    """Show the form."""
    if desk_of(request).people.provider is None:
        require_loopback(request)
    return page(request, SignIn(next=next))


@router.post("/sign-in")
def sign_in(request: Request, given: Annotated[SignIn, Form()]) -> Response:
    """Begin a fresh session, record that it began, and lead on; with a provider, lead to it first."""
    desk = desk_of(request)
    if desk.people.provider is None:
        require_loopback(request)
    try:
        desk.sessions.check(session_of(request), given.token)
        if desk.people.provider is not None:
            return _send(desk, desk.people.provider, given)
        session = desk.people.begin_local(given.name, given.role)
    except FrontlineError as error:
        return page(request, given, error)
    request.state.session = session
    return notice.lead_on(request, given, onward(given.next))


@router.get("/sign-in/return")
def come_back(request: Request) -> Response:
    """Where the provider sends people back to."""
    desk = desk_of(request)
    provider = desk.people.provider
    if provider is None:
        raise AddressUnknown("Nothing is served at this address.", do="Start again from the sign-in page.")
    given = SignIn()
    try:
        sent, given = _opened(desk, request.cookies.get(COOKIE, ""))
        session = desk.people.begin(provider, provider.finish(dict(request.query_params), sent))
    except FrontlineError as error:
        return _forget(page(request, given, error))
    desk.people.end(session_of(request), "signed in again")
    request.state.session = session
    return _forget(notice.lead_on(request, given, onward(given.next)))


@router.post("/sign-out")
def sign_out(request: Request, given: Annotated[Typed, Form()]) -> Response:
    """End the session, here and in every other window."""
    desk = desk_of(request)
    session = session_of(request)
    desk.sessions.check(session, given.token)
    desk.people.end(session, "signed out")
    request.state.session = desk.sessions.new()
    return RedirectResponse("/sign-in", status_code=303)


@router.post("/role")
def change_role(request: Request, given: Annotated[SignIn, Form()]) -> Response:
    """Go on in another of one's roles."""
    desk = desk_of(request)
    session = signed_in(request)
    desk.sessions.check(session, given.token)
    request.state.session = desk.people.change_role(session, given.role)
    return RedirectResponse("/", status_code=303)


def page(request: Request, given: SignIn, error: FrontlineError | None = None) -> Response:
    """The form, with what was given in it."""
    desk = desk_of(request)
    provider = desk.people.provider
    drawn = desk.page(
        request, "sign_in.html", status=error.status if error else 200, given=given, error=error,
        roles=LOCAL_ROLES, name_limit=NAME_LIMIT, onward=onward(given.next), provider=provider,
    )  # fmt: skip
    if provider is not None:
        try:
            _let_form_lead_to(drawn, provider.sign_in_origin)
        except ProviderUnreachable as unreachable:
            return drawn if error else page(request, given, unreachable)
    return drawn


def onward(address: str) -> str:
    """The address if it is a page of this site, else the page on which one asks."""
    return address if _NEXT.fullmatch(address) else "/"


def _let_form_lead_to(response: Response, origin: str) -> None:
    """A form that is answered by a redirect needs the policy's leave for where that leads."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace(
        "form-action 'self'", f"form-action 'self' {origin}"
    )


def _send(desk: Desk, provider: Provider, given: SignIn) -> Response:
    address, sent = provider.begin()
    typed = given.model_dump(exclude={"token", "name", "role"}, exclude_defaults=True)
    sealed = _sealed(desk, sent, typed)
    if len(sealed) > _FITS:
        raise SignInFailed(
            "Your question is too long to be kept while you sign in elsewhere.",
            do="Copy it from the box below, sign in, and paste it. It is still here.",
        )
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        COOKIE, sealed.decode(), max_age=MINUTES * 60, path="/sign-in", httponly=True, samesite="lax",
        secure=desk.assistant.settings.served_at.startswith("https://"),
    )  # fmt: skip
    return response


def _sealed(desk: Desk, sent: Sent, typed: dict[str, str]) -> bytes:
    return desk.sealer.seal(zlib.compress(json.dumps({"sent": asdict(sent), "typed": typed}).encode()))


def _opened(desk: Desk, sealed: str) -> tuple[Sent, SignIn]:
    held = desk.sealer.open(sealed.encode(), seconds=MINUTES * 60)
    if held is None:
        raise SignInFailed(
            "You are not signed in: this sign-in was not begun in this browser, or took too long.",
            do="Begin again from the sign-in page.",
        )
    read = json.loads(zlib.decompress(held))
    return Sent(**read["sent"]), SignIn(**read["typed"])


def _forget(response: Response) -> Response:
    response.delete_cookie(COOKIE, path="/sign-in")
    return response
