"""Why: the session is read before a page and written after it, in one place, so that each response renews it."""

from __future__ import annotations

from http.cookies import SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.guard import for_programs
from assistant.web.people import People
from assistant.web.sessions import COOKIE, Session, Sessions

_WITHOUT = ("/static/", "/healthz", "/readyz", "/metrics")
"""Addresses that are the same for everybody."""


class SessionCookie:
    """ASGI middleware: ``request.state.session`` in, ``Set-Cookie`` out."""

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, people: People, always_https: bool = False
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._people = people
        self._always_https = always_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with its session; one that nobody signed, or that ended, is as good as none."""
        if scope["type"] != "http" or scope["path"].startswith(_WITHOUT):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        cookie = request.cookies.get(COOKIE)
        held = self._sessions.read(cookie) if cookie else None
        if held is not None and held.signed_in:
            held = await run_in_threadpool(self._people.current, held)
        state = scope.setdefault("state", {})
        state["session"] = held or self._sessions.new()
        state["session_cookie_given"] = cookie is not None

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                session: Session = state["session"]
                if session.signed_in or not for_programs(scope["path"]):
                    headers = MutableHeaders(scope=message)
                    headers.append(
                        "Set-Cookie",
                        self._header(session, self._always_https or request.url.scheme == "https"),
                    )
            await send(message)

        await self._app(scope, receive, with_cookie)

    def _header(self, session: Session, https: bool) -> str:
        morsel = SimpleCookie({COOKIE: self._sessions.write(session)})[COOKIE]
        morsel.update({"path": "/", "samesite": "Lax", "max-age": str(self._sessions.idle)})
        morsel["httponly"] = True
        morsel["secure"] = https
        return morsel.OutputString()
