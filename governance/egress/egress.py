"""Why: data sovereignty is one door with one list on it. Whoever needs the network asks here for a client.

A client speaks to listed destinations only, for one class of data, and whatever holds one (a crawler, a LangChain
chat model, an identity library) can reach nothing else with it. What a refused call wanted is recorded too.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Protocol

import httpx

from governance.egress.addresses import Resolve, checked, resolve
from governance.egress.destinations import DataClass, Destination, Destinations, place
from governance.egress.transport import AsyncGuarded, Call, Guarded
from governance.errors import DestinationRefused, SettingInvalid

TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_about: ContextVar[str] = ContextVar("egress_about", default="")


class Record(Protocol):
    """Adds an entry to the ledger and gives its index."""

    def __call__(self, type: str, body: Mapping[str, Any], /, *, subject: str) -> int:
        """Keep it before returning."""
        ...


@contextlib.contextmanager
def about(subject: str) -> Iterator[None]:
    """Calls made inside are recorded as made for this: an answer's id, say."""
    token = _about.set(subject)
    try:
        yield
    finally:
        _about.reset(token)


class Egress:
    """The one way out. Deny by default: with no destinations, nothing can be reached. Safe to share between threads.

    Never call out while holding a write transaction of the records: the record of the call would wait for it.
    """

    def __init__(
        self, destinations: Iterable[Destination] = (), *, record: Record, resolve: Resolve = resolve
    ) -> None:
        """Raises ``SettingInvalid`` where a name or a place is listed twice."""
        try:
            self.destinations = Destinations(destinations)
        except ValueError as error:
            raise SettingInvalid(
                f"The setting destinations cannot be used: {error}.", do="List each once."
            ) from error
        self._record = record
        self._resolve = resolve
        self._contexts: dict[str, ssl.SSLContext] = {}

    # --- clients ----------------------------------------------------------------------------------------

    def client(
        self,
        data: DataClass,
        *,
        base_url: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | float = TIMEOUT,
        follow_redirects: bool = False,
    ) -> httpx.Client:
        """A client that sends this class of data to destinations that may have it, and to nothing else.

        Its requests raise ``DestinationRefused``, or what httpx raises. Close it when done.
        """
        return httpx.Client(
            transport=self.transport(data), base_url=base_url, headers=headers, timeout=timeout,
            follow_redirects=follow_redirects, trust_env=False,
        )  # fmt: skip

    def async_client(
        self,
        data: DataClass,
        *,
        base_url: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | float = TIMEOUT,
        follow_redirects: bool = False,
    ) -> httpx.AsyncClient:
        """The same for ``async`` code."""
        return httpx.AsyncClient(
            transport=self.async_transport(data), base_url=base_url, headers=headers, timeout=timeout,
            follow_redirects=follow_redirects, trust_env=False,
        )  # fmt: skip

    def transport(self, data: DataClass) -> httpx.BaseTransport:
        """For a library that makes its own ``httpx.Client`` and takes a transport; set ``trust_env=False`` there."""
        return Guarded(self, data)

    def async_transport(self, data: DataClass) -> httpx.AsyncBaseTransport:
        """The same for ``httpx.AsyncClient``."""
        return AsyncGuarded(self, data)

    # --- asking -----------------------------------------------------------------------------------------

    def require(self, setting: str, url: str, data: DataClass) -> Destination:
        """The destination an address in a setting belongs to. Raises ``SettingInvalid`` where none allows it.

        Called when parts are put together, so that nothing outside the list is configured by accident.
        """
        try:
            return self.destinations.allowing(url, data)
        except DestinationRefused as error:
            raise SettingInvalid(
                f"The setting {setting} cannot be used: {error.message}", do=error.do
            ) from error

    def admit(self, url: str, data: DataClass, *, method: str = "CONNECT", sent: int | None = None) -> Call:
        """Check one call, record it, and say at which addresses it may be made.

        For a library that opens its own sockets, call this before each use of it, and ``end`` after. Raises
        ``DestinationRefused``, which is recorded too; and what the ledger raises: no record, no call.
        """
        try:
            destination = self.destinations.allowing(url, data)
            addresses = checked(destination, self._resolve)
        except DestinationRefused as error:
            self._refused(url, data, method, error)
            raise
        body = {
            "destination": destination.name, "host": destination.host, "port": destination.port,
            "region": destination.region, "data": data.value, "method": method, "bytes_sent": sent,
            "address": addresses[0], "about": _about.get(),
        }  # fmt: skip
        return Call(destination, addresses, self._record("egress.permitted", body, subject=destination.name))

    def end(self, call: Call, trouble: str = "") -> None:
        """Record how a call ended: its status, the bytes received, or the kind of trouble."""
        call.ended = True
        body = {
            "call": call.entry, "destination": call.destination.name, "status": call.status,
            "bytes_received": call.received, "trouble": trouble,
            "milliseconds": round((time.perf_counter() - call.began) * 1000),
        }  # fmt: skip
        self._record("egress.ended", body, subject=call.destination.name)

    def context(self, destination: Destination) -> ssl.SSLContext:
        """Certificates to check a destination's own against: public ones, or those of its ``ca_file``."""
        name = str(destination.ca_file or "")
        if name not in self._contexts:
            try:
                made = ssl.create_default_context(cafile=name) if name else httpx.create_ssl_context()
            except OSError as error:
                raise SettingInvalid(
                    f"The certificates of {destination.name} cannot be read from {name}: {error.strerror or error}.",
                    do="Mend ca_file in the setting destinations.",
                ) from error
            self._contexts[name] = made
        return self._contexts[name]

    def _refused(self, url: str, data: DataClass, method: str, error: DestinationRefused) -> None:
        try:
            scheme, host, port = place(url)
        except DestinationRefused:
            scheme, host, port = "", "", 0
        body = {
            "host": host[:253], "port": port, "scheme": scheme[:20], "data": data.value, "method": method,
            "reason": error.message, "about": _about.get(),
        }  # fmt: skip
        self._record("egress.refused", body, subject=host[:128])
