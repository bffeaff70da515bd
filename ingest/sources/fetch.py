"""Why: whoever fetches from other people's servers is polite, patient and suspicious, in one place.

Polite: one request at a time with a pause between, "has it changed?" before "give it me", and a wait where the server
asks for one. Patient: a server that stumbles is asked again. Suspicious: a body is read no further than a file may be
long, and every hop of a redirect is a request of its own, which the client must let out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

import httpx

from governance.errors import SourceUnreachable
from ingest.parse import Limits

AGENT = "FrontlineAssistant"
"""How we name ourselves to servers, and what a robots.txt may call us."""
HOPS = 5
TRIES = 3
LONGEST_WAIT = 60.0
"""Seconds that a server may ask us to wait; one that asks for more is left for another run."""
_STUMBLES = frozenset((429, 500, 502, 503, 504))


class Client(Protocol):
    """What fetching needs: an ``httpx.Client`` that lets out only what may leave."""

    def build_request(self, method: str, url: str, *, headers: dict[str, str]) -> httpx.Request:
        """A request, not yet sent."""
        ...

    def send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        """Raises ``DestinationRefused`` or an ``httpx.HTTPError``."""
        ...


@dataclass(frozen=True)
class Fetched:
    """What a server answered in the end."""

    url: str
    """Address that answered, after redirects."""
    status: int
    body: bytes
    type: str
    """Media type, without parameters, in lower case."""
    etag: str = ""
    modified: str = ""


class Fetcher:
    """Fetches addresses through one client, at most one every ``delay`` seconds."""

    def __init__(
        self,
        client: Client,
        *,
        delay: float = 1.0,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self.delay = delay
        self._most = (limits or Limits()).bytes
        self._sleep = sleep
        self._clock = clock
        self._next = 0.0

    def get(
        self, url: str, *, etag: str = "", modified: str = "", may: Callable[[str], bool] = lambda _url: True
    ) -> Fetched:
        """What is at an address. ``may`` is asked before each hop of a redirect; status 304: not changed.

        Raises ``SourceUnreachable`` where there is no answer to be had now, and ``DestinationRefused``.
        """
        headers = {"User-Agent": AGENT}
        if etag:
            headers["If-None-Match"] = etag
        elif modified:
            headers["If-Modified-Since"] = modified
        here = url
        for _ in range(HOPS + 1):
            answer, location = self._patiently(here, headers)
            if location is None:
                return answer
            here = urljoin(here, location)
            if not may(here):
                raise SourceUnreachable(
                    f"{url} leads to {here}, which is not of this source.", do="Leave it out."
                )
        raise SourceUnreachable(f"{url} is redirected more than {HOPS} times.", do="Leave it out.")

    def _patiently(self, url: str, headers: dict[str, str]) -> tuple[Fetched, str | None]:
        trouble = ""
        for attempt in range(TRIES):
            self._pause(self.delay if attempt == 0 else self.delay + 2**attempt - 1)
            try:
                answer, location, wait = self._once(url, headers)
            except httpx.HTTPError as error:
                trouble = f"{type(error).__name__}: {error}"
                continue
            if answer.status not in _STUMBLES:
                return answer, location
            trouble = f"it answers {answer.status}"
            if wait > LONGEST_WAIT:
                break
            self._pause(wait)
        raise SourceUnreachable(f"{url} cannot be had now: {trouble}.", do="Run it again later.")

    def _once(self, url: str, headers: dict[str, str]) -> tuple[Fetched, str | None, float]:
        response = self._client.send(self._client.build_request("GET", url, headers=headers), stream=True)
        try:
            body = bytearray()
            location = response.headers.get("location") if response.is_redirect else None
            if location is None and response.status_code == 200:
                for part in response.iter_bytes():
                    body += part
                    if len(body) > self._most:
                        break  # one byte too long says that it is too long
        finally:
            response.close()
        head = response.headers
        kind = head.get("content-type", "").partition(";")[0].strip().lower()
        wait = head.get("retry-after", "")
        return (
            Fetched(
                url, response.status_code, bytes(body[: self._most + 1]), kind, head.get("etag", ""),
                head.get("last-modified", ""),
            ),
            location,
            float(wait) if wait.isdecimal() else 0.0,
        )  # fmt: skip

    def _pause(self, seconds: float) -> None:
        now = self._clock()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + seconds
