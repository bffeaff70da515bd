"""Why: much guidance is only a web page, on a server that is not ours and owes us nothing.

A sitemap, or a list of addresses, says what there is: nothing is guessed and no link is followed. robots.txt is obeyed,
with its pause; only hosts of the list are asked, after redirects too; and what has not changed is not sent again.
"""

from __future__ import annotations

import builtins
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException
from protego import Protego

from governance.errors import DestinationRefused, LocationInvalid, SourceUnreachable
from ingest.parse import Limits
from ingest.sources.fetch import AGENT, Fetcher
from ingest.sources.mirror import Copy, Mirror, safe_path
from ingest.sources.source import Found

SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt",
    "text/markdown": ".md", "text/csv": ".csv", "application/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}  # fmt: skip
SITEMAPS = 100
"""Most sitemaps that one index may name."""
LONGEST_DELAY = 30.0
"""Seconds between requests that a robots.txt may ask for."""


class Web:
    """Pages that a sitemap or a list names. ``fetcher`` lets out only what may leave."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        folder: Path,
        sitemap: str = "",
        urls: tuple[str, ...] = (),
        name: str = "",
        most: int = 5_000,
    ) -> None:
        """Raises ``LocationInvalid`` where an address is none, or there is none."""
        for url in (*urls, *filter(None, [sitemap])):
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise LocationInvalid(
                    f"{url!r} is no address of a web page.", do="Give it whole, as https://host/path."
                )
        if not urls and not sitemap:
            raise LocationInvalid("The list names no address.", do="Write one address to a line.")
        self._sitemap, self._urls = sitemap, urls
        self._fetcher = fetcher
        self._folder = folder
        self._most = most
        self._hosts = {urlsplit(url).netloc for url in (*urls, *filter(None, [sitemap]))}
        self._robots: dict[str, Protego] = {}
        self.id = name or (f"sitemap:{sitemap}" if sitemap else f"urls:{_hash(chr(10).join(urls))}")

    @property
    def root(self) -> Path:
        """Where the copies lie."""
        return self._folder

    def list(self) -> Iterator[Found]:
        """Every page named. Raises ``SourceUnreachable`` where a sitemap or a robots.txt cannot be had now."""
        mirror = Mirror(self._folder)
        urls = list(dict.fromkeys([*self._urls, *(self._of_sitemap() if self._sitemap else ())]))
        listed = set()
        for url in urls:
            found = self._page(mirror, url)
            if found is not None:
                listed.add(url)
                yield found
        mirror.keep_only(listed)

    def _page(self, mirror: Mirror, url: str) -> Found | None:
        held = mirror.held(url)
        name = held.path if held else _name(url, "text/html")
        if not self._ours(url):
            return Found(name, mirror.file(name), problem=f"{url} is on another host than its list")
        if not self._may(url):
            return Found(name, mirror.file(name), problem=f"the robots.txt of its host does not allow {url}")
        try:
            answer = self._fetcher.get(
                url, etag=held.etag if held else "", modified=held.modified if held else "",
                may=lambda other: self._ours(other) and self._may(other),
            )  # fmt: skip
        except (SourceUnreachable, DestinationRefused) as error:
            return Found(name, mirror.file(name), uri=url, unasked=error.message)
        if answer.status == 304 and held:
            return Found(held.path, mirror.file(held.path), uri=url)
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            return Found(name, mirror.file(name), uri=url, unasked=f"{url} answers {answer.status}.")
        name = _name(url, answer.type)
        return Found(name, mirror.put(url, Copy(name, answer.etag, answer.modified), answer.body), uri=url)

    def _ours(self, url: str) -> bool:
        return urlsplit(url).netloc in self._hosts and urlsplit(url).scheme in ("http", "https")

    # --- robots.txt ---------------------------------------------------------------------------------------

    def _may(self, url: str) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            answer = self._fetcher.get(
                f"{origin}/robots.txt", may=self._ours
            )  # RFC 9309: no answer, no visit
            text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
            self._robots[origin] = Protego.parse(text)
            asked = self._robots[origin].crawl_delay(AGENT)
            self._fetcher.delay = min(LONGEST_DELAY, max(self._fetcher.delay, float(asked or 0)))
        return bool(self._robots[origin].can_fetch(url, AGENT))

    # --- sitemaps -----------------------------------------------------------------------------------------

    def _of_sitemap(self) -> Sequence[str]:
        """Addresses that a sitemap names, through those that it names. See sitemaps.org/protocol.html."""
        urls: builtins.list[str] = []
        waiting, seen = [self._sitemap], {self._sitemap}
        while waiting:
            here = waiting.pop(0)
            pages, maps = self._one_sitemap(here)
            urls += pages
            new = [url for url in maps if url not in seen and self._ours(url)]
            seen.update(new)
            waiting += new
            if len(urls) > self._most or len(seen) > SITEMAPS:
                raise LocationInvalid(
                    f"{self._sitemap} names more than {self._most:,} pages or {SITEMAPS} sitemaps.",
                    do="Give a smaller sitemap, or raise `most`.",
                )
        return urls

    def _one_sitemap(self, url: str) -> tuple[Sequence[str], Sequence[str]]:
        answer = self._fetcher.get(url, may=self._ours)
        if answer.status != 200:
            raise SourceUnreachable(f"The sitemap {url} answers {answer.status}.", do="Check its address.")
        body = _unpacked(answer.body, url)
        try:
            root = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
        except (DefusedXmlException, SyntaxError, ValueError) as error:
            raise LocationInvalid(
                f"{url} is no sitemap.", do="Give the address of a sitemap in XML."
            ) from error
        inside: dict[str, builtins.list[str]] = {"url": [], "sitemap": []}
        for entry in root:
            kind = str(entry.tag).rpartition("}")[2]
            place = next((c.text for c in entry if str(c.tag).rpartition("}")[2] == "loc"), None)
            if kind in inside and place and place.strip():
                inside[kind].append(place.strip())
        return inside["url"], inside["sitemap"]


def _unpacked(body: bytes, url: str) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    most = Limits().bytes
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            content = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise LocationInvalid(f"{url} is a broken archive.", do="Give the address of a sitemap.") from error
    if len(content) > most:
        raise LocationInvalid(f"{url} unpacks to more than {most:,} bytes.", do="Give a smaller sitemap.")
    return content


def _name(url: str, kind: str) -> str:
    """A page's name in the mirror: host and path, a mark for its query, and an ending that says what it is."""
    parts = urlsplit(url)
    path = parts.path if not parts.path.endswith("/") else parts.path + "index"
    query = f"~{_hash(parts.query)}" if parts.query else ""
    wanted = SUFFIXES.get(kind, "")
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in (*SUFFIXES.values(), ".htm", ".pptx", ".xlsx", ".json") and not query:
        wanted = ""
    return safe_path(f"{parts.netloc}/{path}{query}", suffix=wanted)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
