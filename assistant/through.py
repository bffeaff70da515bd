"""Why: a library that brings its own HTTP client still leaves this machine by the one way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import requests
from requests.adapters import BaseAdapter


class _Through(BaseAdapter):  # type: ignore[misc]  # requests has no types
    """Sends what ``requests`` would send by a client that reaches allowed destinations only."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self._client = client

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, verify: Any = True,
        cert: Any = None, proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:  # fmt: skip
        """One request. Raises ``requests.ConnectionError`` for whatever keeps it from being made."""
        try:
            answer = self._client.request(
                request.method or "GET",
                request.url or "",
                headers=dict(request.headers),
                content=request.body,
            )
        except httpx.HTTPError as error:
            raise requests.ConnectionError(str(error)) from error
        made = requests.Response()
        made.status_code = answer.status_code
        made._content = answer.content
        made.headers.update(answer.headers)
        made.url = str(request.url)
        made.request = request
        return made

    def close(self) -> None:
        """Close the client."""
        self._client.close()


def session_through(client: httpx.Client) -> requests.Session:
    """A session of ``requests`` that knows no other way than the client; the environment's proxies are not read."""
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Through(client))
    return session
