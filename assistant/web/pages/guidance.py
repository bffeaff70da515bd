"""One document of the guidance, in one version, open at the passage that was cited."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from assistant.web.desk import desk_of, signed_in
from assistant.web.passages import Block, Span, blocks
from assistant.web.sources import web_address
from assistant.web.tasks.library import readable, usual
from governance.errors import DocumentUnknown
from ingest.documents import Passage

router = APIRouter()

_MARK = re.compile(r"(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True)
class Part:
    """A passage as the page shows it."""

    id: str
    headings: tuple[tuple[int, str], ...]
    """Headings that begin here, each with its level (2 to 6)."""
    blocks: tuple[Block, ...]
    page: int | None
    cited: bool


@router.get("/guidance/{document_id}")
def document(
    request: Request,
    document_id: str,
    version: str = "",
    passage: str = "",
    mark: Annotated[tuple[str, ...], Query()] = (),
) -> Response:
    """All passages of a version, in order. ``mark`` is start-end of a quote in the passage that is named."""
    signed_in(request)
    desk = desk_of(request)
    snapshot = desk.assistant.snapshots.current()
    versions = readable(snapshot.document(document_id))
    today = dt.date.today()  # noqa: DTZ011 - the day on the reader's calendar
    chosen = (
        [one for one in versions if one.id == version] if version else versions and [usual(versions, today)]
    )
    if not chosen:
        raise DocumentUnknown(
            "No guidance is kept here under this address.",
            do="Search for it again; it may have been taken out since.",
        )
    spans = [(int(m[1]), int(m[2])) for one in mark if (m := _MARK.fullmatch(one))]
    return desk.page(
        request, "document.html", version=chosen[0], versions=versions, in_force=chosen[0].in_force(today),
        original=web_address(chosen[0].metadata.uri), parts=parts(snapshot.passages_of(chosen[0].id), passage, spans),
    )  # fmt: skip


def parts(passages: Sequence[Passage], cited: str, spans: Sequence[Span]) -> list[Part]:
    """Passages with the headings that begin at each, and the cited one marked."""
    made = []
    before: tuple[str, ...] = ()
    for one in passages:
        path = one.heading_path
        same = next(
            (i for i, (a, b) in enumerate(zip(before, path, strict=False)) if a != b),
            min(len(before), len(path)),
        )
        headings = tuple((min(level + 1, 6), path[level]) for level in range(max(same, 1), len(path)))
        is_cited = one.id == cited
        made.append(Part(one.id, headings, blocks(one.text, spans if is_cited else ()), one.page, is_cited))
        before = path
    return made
