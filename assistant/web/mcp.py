"""The two tools for other assistants at /mcp: the Model Context Protocol over HTTP ("streamable HTTP").

Who asks is found out as in the API: the same tokens, roles and limits, and the same words where something is refused.
Each request stands alone, so that any process may serve it. Its host, the site that sent it and its size were checked
before it came here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from assistant.tools import server_for
from assistant.web.api.callers import who
from assistant.web.guard import MCP
from assistant.web.problems import problem
from governance.errors import FrontlineError, MethodNotAllowed

if TYPE_CHECKING:
    from assistant.app import Assistant

_PERSON = "mcp.person"
_CHECKED = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""Hosts and origins are checked by ``Guard``, for every address alike."""


class Mcp:
    """ASGI endpoint of the protocol, which works while it is ``running``."""

    def __init__(self, assistant: Assistant, *, address: str, issuer: str) -> None:
        """``address`` is where the service is reached, ``issuer`` who gives tokens for it; empty: there is none."""
        self._assistant = assistant
        self._served: Starlette  # there while it runs
        self._challenge = "Bearer"
        self.routes: list[BaseRoute] = [Route(MCP, self)]
        if issuer:  # RFC 9728: a client that is refused reads here where tokens come from
            described = f"/.well-known/oauth-protected-resource{MCP}"
            self._challenge = f'Bearer resource_metadata="{_origin(address)}{described}"'
            self._about = {
                "resource": f"{_origin(address)}{MCP}", "authorization_servers": [issuer],
                "bearer_methods_supported": ["header"], "resource_name": "Frontline Assistant",
            }  # fmt: skip
            self.routes.append(Route(described, self._describe))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve from here on. What the library keeps lasts for one run, so each run has its own."""
        server = server_for(self._assistant, lambda request: request.scope[_PERSON])
        self._served = server.streamable_http_app(
            streamable_http_path=MCP, stateless_http=True, json_response=True, transport_security=_CHECKED
        )
        async with server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a message on as from whoever sends it, or answer with what is wrong."""
        request = Request(scope, receive)
        try:
            if request.method != "POST":
                raise MethodNotAllowed(
                    f"{MCP} does not take {request.method}.", do="Send each message by POST."
                )
            scope[_PERSON] = await run_in_threadpool(who, request)
        except FrontlineError as error:
            await self._refused(error)(scope, receive, send)
            return
        await self._served(scope, receive, send)

    def _refused(self, error: FrontlineError) -> Response:
        response = problem(error)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = self._challenge
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = "POST"
        return response

    async def _describe(self, _: Request) -> Response:
        return JSONResponse(self._about)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
