"""Why: what no page should ever have to think about is refused before any page sees it.

In this order: a host that is not served here (a foreign name pointed at this machine), a request that another
site's page sent, a body that is not JSON where JSON is taken, a body larger than any question can be.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from governance.errors import (
    CrossSiteRequest,
    FrontlineError,
    HostNotServed,
    MediaTypeUnsupported,
    RequestTooLarge,
)

API = "/api/"
MCP = "/mcp"
"""Where other assistants reach the tools."""
UPLOADS = f"{API}v1/guidance/uploads"
"""The one address of the API that takes a file, as a form does."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_DRAIN = 24 * 1024 * 1024
"""Bytes of a body that is refused which are read and thrown away, so that the refusal arrives."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not no-referrer: with it a browser sends forms with "Origin: null", which is refused here.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def for_programs(path: str) -> bool:
    """Whether an address is for programs: it takes JSON, and says in JSON what is wrong."""
    return path.startswith(API) or path == MCP


def secure(headers: MutableHeaders) -> None:
    """Add what every response carries. Pages are not kept by any cache unless they say otherwise."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")


class Guard:
    """ASGI middleware around everything else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Callable[[Request, FrontlineError], Response],
        body_limit: int,
        hosts: Collection[str] = LOOPBACK_NAMES,
        larger: Collection[str] = (),
        public_origin: str = "",
    ) -> None:
        """``body_limit``, in bytes, holds for every address but those of ``larger``: see ``Large``."""
        self._app = app
        self._refuse = refuse
        self._body_limit = body_limit
        self._larger = larger
        self._hosts = hosts
        self._public_origin = public_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or hand it on with its whole body read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message))
            await send(message)

        request = Request(scope)
        try:
            self._check_host(request)
            _check_site(request, self._public_origin)
            _check_media_type(request)
            if request.url.path not in self._larger:
                do = _A_SHORTER_BODY if for_programs(request.url.path) else _IN_A_FEW_SENTENCES
                receive = await whole_body(request, receive, self._body_limit, do)
        except FrontlineError as error:
            await self._refuse(request, error)(scope, receive, secured)
            return
        await self._app(scope, receive, secured)

    def _check_host(self, request: Request) -> None:
        if host_of(request) not in self._hosts:
            raise HostNotServed(
                "The address in the request is not one that is served here.",
                do=f"Use one of {', '.join(sorted(self._hosts))}.",
            )


class Large:
    """ASGI middleware round the few addresses that take files: none is read before it is known who sends it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Callable[[Request, FrontlineError], Response],
        addresses: Mapping[str, Callable[[Request], object]],
        limit: int,
    ) -> None:
        """Each address has what raises where somebody may not send to it; ``limit`` is in bytes."""
        self._app = app
        self._refuse = refuse
        self._addresses = addresses
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse whoever may not send, then read what is sent and hand it on."""
        if scope["type"] != "http" or scope["path"] not in self._addresses or scope["method"] in SAFE:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            await run_in_threadpool(self._addresses[scope["path"]], request)
        except FrontlineError as error:
            with contextlib.suppress(RequestTooLarge):  # thrown away as it comes, so that the refusal arrives
                await whole_body(request, receive, 0, "")
            await self._refuse(request, error)(scope, receive, send)
            return
        try:
            receive = await whole_body(request, receive, self._limit, _SPLIT_IT)
        except RequestTooLarge as error:
            await self._refuse(request, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


_IN_A_FEW_SENTENCES = "Go back, and ask in a few sentences."
_A_SHORTER_BODY = "Send a shorter body; a question takes a few sentences."
_SPLIT_IT = "Split the file, or have it taken in from a folder."


async def whole_body(request: Request, receive: Receive, limit: int, do: str) -> Receive:
    """A receive that gives the whole body at once. Raises ``RequestTooLarge``; then no more than the limit was held."""
    body = bytearray()
    total, more = 0, request.method not in SAFE
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return _once(message, receive)
        chunk = message.get("body", b"")
        total += len(chunk)
        if total <= limit:
            body += chunk
        elif total > limit + _DRAIN:
            break
        more = message.get("more_body", False)
    if total > limit:
        raise RequestTooLarge(
            f"What was sent is larger than {limit // 1024:,} KiB, so it was not read.", do=do
        )
    return _once({"type": "http.request", "body": bytes(body), "more_body": False}, receive)


def host_of(request: Request) -> str:
    """Name in the Host header, without the port; empty where it is missing or malformed."""
    try:
        return (urlsplit(f"//{request.headers.get('host', '')}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _check_site(request: Request, public_origin: str) -> None:
    """Fetch metadata where the browser sends it, and the Origin; a page of this site passes both.

    Source: the W3C's Fetch Metadata Request Headers.
    """
    if request.method in SAFE and not for_programs(request.url.path):
        return
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if site not in ("same-origin", "none") or (origin is not None and origin not in (own, public_origin)):
        raise CrossSiteRequest(
            "The request came from a page of another site, so nothing was done.",
            do="Open the assistant's own page and ask there.",
        )


def _check_media_type(request: Request) -> None:
    if request.method != "POST" or not for_programs(request.url.path):
        return
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return  # nothing is sent
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given == "multipart/form-data" and request.url.path == UPLOADS:
        return
    if given != "application/json":
        raise MediaTypeUnsupported(
            "The API takes JSON only.", do="Send a JSON document with Content-Type: application/json."
        )


def _once(message: Message, rest: Receive) -> Receive:
    """A receive that gives one message and then what comes."""
    held = [message]

    async def receive() -> Message:
        return held.pop() if held else await rest()

    return receive
