"""Why: httpx sends every request, and every hop of a redirect, through its transport, so the check stands there.

Each hop is checked against the list, looked up, connected to an address that was checked, and recorded: an entry
before anything is sent (no record, no call), and one when it ends. TLS still checks the name, not the address.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from governance.egress.destinations import DataClass, Destination, is_loopback


@dataclass
class Call:
    """One request that was let out."""

    destination: Destination
    addresses: Sequence[str]
    entry: int
    """Index of the entry that records it."""
    began: float = field(default_factory=time.perf_counter)
    status: int = 0
    received: int = 0
    ended: bool = False


class Gate(Protocol):
    """Lets requests out, and records them."""

    def admit(self, url: str, data: DataClass, *, method: str, sent: int | None) -> Call:
        """Raises ``DestinationRefused``."""
        ...

    def end(self, call: Call, trouble: str = "") -> None:
        """Record how a call ended."""
        ...

    def context(self, destination: Destination) -> ssl.SSLContext:
        """Certificates to check a destination's own against."""
        ...


class Guarded(httpx.BaseTransport):
    """For ``httpx.Client``."""

    def __init__(self, gate: Gate, data: DataClass) -> None:
        self._gate = gate
        self._data = data
        self._inner: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, if it may go. Raises ``DestinationRefused`` or an ``httpx.TransportError``."""
        call = self._gate.admit(str(request.url), self._data, method=request.method, sent=size(request))
        inner = self._to(call.destination)
        for number, address in enumerate(call.addresses, start=1):
            try:
                response = inner.handle_request(at(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if number == len(call.addresses):
                    self._gate.end(call, type(error).__name__)
                    raise
            except httpx.TransportError as error:
                self._gate.end(call, type(error).__name__)
                raise
            else:
                call.status = response.status_code
                return httpx.Response(
                    response.status_code, headers=response.headers, extensions=response.extensions,
                    stream=_Counted(response.stream, call, self._gate.end),
                )  # fmt: skip
        raise AssertionError("a destination without addresses was admitted")

    def close(self) -> None:
        """Close every connection."""
        for transport in self._inner.values():
            transport.close()

    def _to(self, destination: Destination) -> httpx.HTTPTransport:
        # One pool a destination: two names at one address must not share a connection.
        if destination.name not in self._inner:
            self._inner[destination.name] = httpx.HTTPTransport(
                verify=self._gate.context(destination), trust_env=False
            )
        return self._inner[destination.name]


class AsyncGuarded(httpx.AsyncBaseTransport):
    """For ``httpx.AsyncClient``; the look-up and the record are made in a thread."""

    def __init__(self, gate: Gate, data: DataClass) -> None:
        self._gate = gate
        self._data = data
        self._inner: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, if it may go. Raises ``DestinationRefused`` or an ``httpx.TransportError``."""
        call = await asyncio.to_thread(
            self._gate.admit, str(request.url), self._data, method=request.method, sent=size(request)
        )
        inner = self._to(call.destination)
        for number, address in enumerate(call.addresses, start=1):
            try:
                response = await inner.handle_async_request(at(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if number == len(call.addresses):
                    await asyncio.to_thread(self._gate.end, call, type(error).__name__)
                    raise
            except httpx.TransportError as error:
                await asyncio.to_thread(self._gate.end, call, type(error).__name__)
                raise
            else:
                call.status = response.status_code
                return httpx.Response(
                    response.status_code, headers=response.headers, extensions=response.extensions,
                    stream=_AsyncCounted(response.stream, call, self._gate.end),
                )  # fmt: skip
        raise AssertionError("a destination without addresses was admitted")

    async def aclose(self) -> None:
        """Close every connection."""
        for transport in self._inner.values():
            await transport.aclose()

    def _to(self, destination: Destination) -> httpx.AsyncHTTPTransport:
        if destination.name not in self._inner:
            self._inner[destination.name] = httpx.AsyncHTTPTransport(
                verify=self._gate.context(destination), trust_env=False
            )
        return self._inner[destination.name]


def at(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to an address: its Host header, and the name TLS checks, stay those of the host."""
    host = request.url.host
    extensions = dict(request.extensions)
    if request.url.scheme == "https" and not is_loopback(host):
        extensions["sni_hostname"] = request.url.raw_host.decode("ascii")
    return httpx.Request(
        request.method, request.url.copy_with(host=address), headers=request.headers, stream=request.stream,
        extensions=extensions,
    )  # fmt: skip


def size(request: httpx.Request) -> int | None:
    """Bytes of a request's target, headers and body; None where the body's length is not known before it is sent."""
    headers = sum(len(name) + len(value) + 4 for name, value in request.headers.raw)
    head = len(request.method) + len(request.url.raw_path) + headers
    length = request.headers.get("content-length")
    if length is not None:
        return head + int(length)
    return None if "transfer-encoding" in request.headers else head


End = Callable[[Call, str], None]


class _Counted(httpx.SyncByteStream):
    def __init__(self, stream: object, call: Call, end: End) -> None:
        assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - what a sync transport gives
        self._stream, self._call, self._end = stream, call, end

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            self._call.received += len(part)
            yield part

    def close(self) -> None:
        self._stream.close()
        if not self._call.ended:
            self._end(self._call, "")


class _AsyncCounted(httpx.AsyncByteStream):
    def __init__(self, stream: object, call: Call, end: End) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - what an async transport gives
        self._stream, self._call, self._end = stream, call, end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._call.received += len(part)
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
        if not self._call.ended:
            await asyncio.to_thread(self._end, self._call, "")
