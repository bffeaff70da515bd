"""Why: a server that sends without end must not fill the memory of whoever asked it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

MOST_BYTES = 1_000_000
"""Longest reply that is read. Five sentences need a few thousand."""


class ReplyTooLong(Exception):
    """A server sent more than is read of a reply."""


class Limited(httpx.AsyncBaseTransport):
    """A transport that gives up on a reply longer than ``MOST_BYTES``."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises what the inner transport raises; reading the reply raises ``ReplyTooLong``."""
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - what an async transport gives
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_Stream(response.stream), extensions=response.extensions
        )  # fmt: skip

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._inner:
            read += len(part)
            if read > MOST_BYTES:
                raise ReplyTooLong(f"the reply is longer than {MOST_BYTES} bytes")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
