"""Why: a colleague checks a sentence by reading its source, so each source is numbered once, whole, and marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from assistant.answers import Answer, Citation, DocumentRef
from assistant.web.passages import Block, Span, blocks
from governance.errors import IndexEmpty

if TYPE_CHECKING:
    from ingest.context import Context
    from ingest.documents import Passage, Version
    from ingest.snapshot import Snapshot, SnapshotReader


@dataclass(frozen=True)
class Beside:
    """A passage that stands around a cited one."""

    where: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Source:
    """A cited passage as an answer shows it."""

    number: int
    passage_id: str
    document: DocumentRef
    section: str
    heading: str
    """The heading that the passage stands under, where it is not the document's title."""
    page: int | None
    blocks: tuple[Block, ...]
    whole: bool
    """False: the passage is no longer kept here, and only the quote is shown."""
    link: str
    """The document's page, open at the passage."""
    original: str
    """Address of the original on the web; empty where the uri is no web address."""
    around: tuple[Beside, ...] = ()
    """What the section above says, and the passages before and after: a quote is understood by what stands around it."""


@dataclass(frozen=True)
class Shown:
    """An answer's sentences with the numbers of their sources, and the sources."""

    sentences: tuple[tuple[str, tuple[int, ...]], ...]
    sources: tuple[Source, ...]


def shown(answer: Answer, snapshots: SnapshotReader) -> Shown:
    """Number the sources of an answer in the order in which its sentences cite them."""
    cited: dict[str, list[Citation]] = {}
    for sentence in answer.sentences:
        for citation in sentence.citations:
            cited.setdefault(citation.passage_id, []).append(citation)
    numbers = {passage_id: number for number, passage_id in enumerate(cited, start=1)}
    snapshot = _current(snapshots)
    kept = snapshot.passages_by_id(cited) if snapshot and cited else {}
    return Shown(
        tuple(
            (sentence.text, tuple(dict.fromkeys(numbers[c.passage_id] for c in sentence.citations)))
            for sentence in answer.sentences
        ),
        tuple(_source(numbers[key], citations, kept, snapshot) for key, citations in cited.items()),
    )


def web_address(uri: str) -> str:
    """The uri where a browser may follow it; empty for any other scheme."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    return uri if parts.scheme in ("http", "https") and parts.hostname else ""


def _current(snapshots: SnapshotReader) -> Snapshot | None:
    try:
        return snapshots.current()
    except IndexEmpty:
        return None


def _source(
    number: int,
    citations: list[Citation],
    kept: Mapping[str, tuple[Passage, Version]],
    snapshot: Snapshot | None,
) -> Source:
    first = citations[0]
    found = kept.get(first.passage_id)
    spans = [(citation.start, citation.end) for citation in citations]
    whole = found is not None and all(found[0].text[c.start : c.end] == c.quote for c in citations)
    if found is not None and whole:
        made = blocks(found[0].text, spans)
    else:
        made = tuple(block for c in citations for block in blocks(c.quote, [(0, len(c.quote))]))
    return Source(
        number=number,
        passage_id=first.passage_id,
        document=first.document,
        section=first.section,
        heading=_heading(first),
        page=first.page,
        blocks=made,
        whole=whole,
        link=_link(first, spans),
        original=web_address(first.link or first.document.uri),
        around=_around(snapshot.context(first.passage_id)) if snapshot and whole else (),
    )


def _around(context: Context | None) -> tuple[Beside, ...]:
    """What the section above says, then the passages before and after, each once."""
    if context is None:
        return ()
    placed = [("From the section above", p) for p in context.parent]
    placed += [("Just before", p) for p in context.before]
    placed += [("Just after", p) for p in context.after]
    once = {p.id: (where, p) for where, p in reversed(placed)}
    return tuple(
        Beside(where, p.section.rpartition(" > ")[2], blocks(p.text, ()))
        for where, p in reversed(once.values())
    )


def _heading(citation: Citation) -> str:
    last = citation.section.rpartition(" > ")[2]
    return "" if last == citation.document.title else last


def _link(citation: Citation, spans: list[Span]) -> str:
    marks = [("mark", f"{start}-{end}") for start, end in spans]
    query = urlencode([("version", citation.document.version_id), ("passage", citation.passage_id), *marks])
    return f"/guidance/{citation.document.id}?{query}#passage-{citation.passage_id}"
