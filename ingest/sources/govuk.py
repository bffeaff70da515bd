"""Why: GOV.UK says of each page by machine what a scraped page leaves out, and which pages belong to it.

Starts from some pages and follows what belongs to each: sections of a manual, children of a browse page, documents of
a collection, steps, HTML publications and attached files. Content API: ``GET <site>/api/content/<base path>``.
A page that is gone or has moved is not listed, so that what it said stops answering; one that is withdrawn is, with its notice.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from governance.errors import DestinationRefused, LocationInvalid, SourceUnreachable
from ingest.sources.fetch import Fetcher
from ingest.sources.mirror import Copy, Mirror, safe_path
from ingest.sources.source import Found

API = "/api/content"
FOLLOWED = ("children", "sections", "documents", "manual")
"""Kinds of link that lead to what belongs to a page. Related pages do not belong to it."""
READ = frozenset((".pdf", ".docx", ".odt", ".pptx", ".odp", ".xlsx", ".ods", ".csv", ".rtf", ".txt", ".html"))
"""Kinds of attached file that are fetched."""


@dataclass(frozen=True)
class _Attachment:
    url: str
    title: str


class GovUk:
    """Pages of a site with a Content API. ``fetcher`` lets out only what may leave."""

    def __init__(
        self,
        site: str,
        start: tuple[str, ...],
        *,
        fetcher: Fetcher,
        folder: Path,
        name: str = "",
        follow: bool = True,
        most: int = 5_000,
    ) -> None:
        """``site`` is its scheme and host; ``start``, base paths. Raises ``LocationInvalid`` where there is none."""
        if not start:
            raise LocationInvalid(
                f"{site}{API} alone names no page.",
                do=f"Give one to start from, as {site}{API}/browse/benefits.",
            )
        self._site = site.rstrip("/")
        self._start = tuple("/" + path.strip("/") for path in start)
        self._fetcher = fetcher
        self._folder = folder
        self._follow = follow
        self._most = most
        self.id = name or f"govuk:{self._site}{API}{self._start[0]}"

    @property
    def root(self) -> Path:
        """Where the copies lie."""
        return self._folder

    def list(self) -> Iterator[Found]:
        """Every page that can be reached, in the order in which it was. Raises ``SourceUnreachable`` where a page to
        start from does not answer, and ``LocationInvalid`` where there are more pages than may be."""
        mirror = Mirror(self._folder)
        waiting, seen = deque(self._start), set(self._start)
        attached: dict[str, tuple[_Attachment, Mapping[str, Any]]] = {}
        listed: set[str] = set()
        while waiting:
            path = waiting.popleft()
            item, found = self._item(mirror, path)
            if found is not None:
                listed.add(self._address(path))
                yield found
            for other in _belonging(item) if self._follow or _moved(item) else ():
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
            if self._follow:
                attached.update({a.url: (a, item) for a in _attachments(item)})
            if len(seen) + len(attached) > self._most:
                raise LocationInvalid(
                    f"{self.id} leads to more than {self._most:,} pages.",
                    do="Start further down, or raise `most`.",
                )
        for attachment, item in attached.values():
            listed.add(attachment.url)
            yield self._attachment(mirror, attachment, item)
        mirror.keep_only(listed)

    def _address(self, path: str) -> str:
        return f"{self._site}{API}{path}"

    def _item(self, mirror: Mirror, path: str) -> tuple[Mapping[str, Any], Found | None]:
        """A page as it was answered, and where it lies; nothing where there is no such page."""
        address = self._address(path)
        name = safe_path(path, suffix=".json")
        held = mirror.held(address)
        try:
            answer = self._fetcher.get(
                address,
                etag=held.etag if held else "",
                modified=held.modified if held else "",
                may=self._ours,
            )
        except SourceUnreachable as error:
            if path in self._start and held is None:
                raise
            return self._held(mirror, name, f"{error.message}")
        if answer.status == 304 and held:
            return _json(mirror.file(held.path).read_bytes()), Found(held.path, mirror.file(held.path))
        if answer.status in (404, 410):
            return {}, None
        if answer.status != 200:
            return self._held(mirror, name, f"{address} answers {answer.status}.")
        item = _json(answer.body)
        if item.get("schema_name") in ("gone", "vanish", "redirect"):
            return item, None
        return item, Found(name, mirror.put(address, Copy(name, answer.etag, answer.modified), answer.body))

    def _held(self, mirror: Mirror, name: str, why: str) -> tuple[Mapping[str, Any], Found]:
        file = mirror.file(name)
        return _json(file.read_bytes()) if file.is_file() else {}, Found(name, file, unasked=why)

    def _ours(self, url: str) -> bool:
        return url.startswith(self._site + API + "/")

    def _attachment(self, mirror: Mirror, attachment: _Attachment, item: Mapping[str, Any]) -> Found:
        url = attachment.url
        name = safe_path(f"attachments/{urlsplit(url).path}")
        held = mirror.held(url)
        try:
            answer = self._fetcher.get(
                url, etag=held.etag if held else "", modified=held.modified if held else "",
                may=lambda other: urlsplit(other).netloc == urlsplit(url).netloc,
            )  # fmt: skip
        except (SourceUnreachable, DestinationRefused) as error:
            return Found(name, mirror.file(name), uri=url, unasked=error.message)
        if answer.status == 304 and held:
            return Found(held.path, mirror.file(held.path), uri=url)
        if answer.status != 200:
            return Found(name, mirror.file(name), uri=url, unasked=f"{url} answers {answer.status}.")
        about = _about(attachment, item)
        copy = Copy(name, answer.etag, answer.modified)
        return Found(name, mirror.put(url, copy, answer.body, about), uri=url)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        item = json.loads(body)
    except (ValueError, RecursionError):
        return {}  # its reader says so, by name
    return item if isinstance(item, dict) else {}


def _moved(item: Mapping[str, Any]) -> bool:
    return item.get("schema_name") == "redirect"


def _belonging(item: Mapping[str, Any]) -> list[str]:
    """Base paths of what belongs to a page, and of where it has moved to."""
    details = item.get("details")
    details = details if isinstance(details, dict) else {}
    links = item.get("links")
    links = links if isinstance(links, dict) else {}
    found = [row.get("base_path") for kind in FOLLOWED for row in _rows(links.get(kind))]
    for group in _rows(details.get("child_section_groups")):
        found += [row.get("base_path") for row in _rows(group.get("child_sections"))]
    found += [row.get("destination") for row in _rows(item.get("redirects"))]
    found += [
        row.get("url") for row in _rows(details.get("attachments")) if row.get("attachment_type") == "html"
    ]
    steps = details.get("step_by_step_nav")
    for step in _rows(steps.get("steps")) if isinstance(steps, dict) else []:
        for part in _rows(step.get("contents")):
            found += [row.get("href") for row in _rows(part.get("contents"))]
    paths = [re.split(r"[?#]", path)[0] for path in found if isinstance(path, str) and path.startswith("/")]
    return [
        path.rstrip("/") for path in dict.fromkeys(paths) if not path.startswith("//") and ".." not in path
    ]


def _attachments(item: Mapping[str, Any]) -> Iterator[_Attachment]:
    details = item.get("details")
    for row in _rows(details.get("attachments")) if isinstance(details, dict) else []:
        url = row.get("url")
        if row.get("attachment_type", "file") != "file" or not isinstance(url, str):
            continue
        if (
            url.startswith(("http://", "https://"))
            and PurePosixPath(urlsplit(url).path).suffix.lower() in READ
        ):
            yield _Attachment(url, str(row.get("title") or ""))


def _about(attachment: _Attachment, item: Mapping[str, Any]) -> dict[str, str]:
    """What a page says that holds for its attachments too."""
    about = {"uri": attachment.url, "licence": "OGL-UK-3.0"}
    if attachment.title.strip():
        about["title"] = " ".join(attachment.title.split())
    published = str(item.get("public_updated_at") or "")[:10]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", published):
        about["published_at"] = published
    notice = item.get("withdrawn_notice")
    if isinstance(notice, dict) and notice:
        about["state"] = "withdrawn"
        at = str(notice.get("withdrawn_at") or "")[:10]
        if re.fullmatch(r"\d{4}-\d\d-\d\d", at):
            about["withdrawn_at"] = at
    return about


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
