"""Why: a web page is mostly not its content; what a reader came for is in one element, and what they cannot
see (hidden elements, scripts) must never become guidance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, PreformattedString, Tag

from governance.errors import DocumentHostile
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.furniture import without_furniture
from ingest.parse.html_unread import BY_COLOUR, TOO_SMALL, left_out
from ingest.parse.text import one_line

PREFIX = "frontline:"
Hide = Callable[[str, str], None]
"""Told how a text is hidden, and the text."""
DEEPEST = 200
"""Deepest nesting that is followed; pages of public bodies stay below 60."""
_BLOCKS = re.compile(
    "^(?:address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer"
    "|h[1-6]|header|hr|html|li|main|ol|p|pre|section|summary|table|tbody|td|tr|ul)$"
)


def html(text: str) -> Draft:
    """Blocks of the main part of a page and its ``<meta name="frontline:…">`` fields."""
    soup = BeautifulSoup(text, "lxml")
    draft = Draft(fields=_meta(soup), own_title=one_line(soup.title.get_text()) if soup.title else "")
    language = soup.html.get("lang") if soup.html else None
    if isinstance(language, str) and language.strip():
        draft.fields.setdefault("language", language.strip())
    main = soup.find("main") or soup.find(role="main") or soup.find("article") or soup.body or soup
    assert isinstance(main, Tag)  # noqa: S101  (every branch above finds a tag)
    draft.blocks = list(_Reader(draft.dropped, draft.hide).children(main, 0))
    if not any(key for key in draft.fields if key != "language"):
        without_furniture(draft)
    return draft


def html_blocks(fragment: str, dropped: Counter[str], hide: Hide | None = None) -> list[Block]:
    """Blocks of a piece of HTML that is content through and through (a GOV.UK body, HTML inside Markdown)."""
    return list(_Reader(dropped, hide).children(BeautifulSoup(fragment, "lxml"), 0))


def _meta(soup: BeautifulSoup) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for tag in soup.find_all("meta"):
        name, content = tag.get("name"), tag.get("content")
        if isinstance(name, str) and name.lower().startswith(PREFIX) and isinstance(content, str):
            found[name[len(PREFIX) :].lower()] = content
    return found


class _Reader:
    """Elements to blocks, counting what is left out."""

    def __init__(self, dropped: Counter[str], hide: Hide | None = None) -> None:
        self.dropped = dropped
        self._hide = hide

    def _unseen(self, kind: str, text: str) -> None:
        if self._hide is not None and text.strip():
            self._hide(kind, text)

    def children(self, parent: Tag, depth: int, page_level: bool = True) -> Iterator[Block]:
        """Blocks of what stands in an element; loose text between block elements makes paragraphs."""
        if depth > DEEPEST:
            raise DocumentHostile(f"elements are nested more than {DEEPEST} deep", do="simplify the page")
        loose: list[PageElement] = []
        breaks = 0
        for child in parent.children:
            if isinstance(child, Tag) and child.name == "br":
                breaks += 1
                if breaks > 1:
                    yield from self._paragraph(loose)
                    loose = []
                else:
                    loose.append(NavigableString(" "))
                continue
            if isinstance(child, Tag) and (_BLOCKS.match(child.name) or child.find(_BLOCKS)):
                yield from self._paragraph(loose)
                loose = []
                if not self._left_out(child):
                    yield from self._block(child, depth)
            else:
                loose.append(child)
            breaks = 0 if isinstance(child, Tag) or str(child).strip() else breaks
        yield from self._paragraph(loose)

    def _block(self, tag: Tag, depth: int) -> Iterator[Block]:
        name = tag.name
        if re.fullmatch("h[1-6]", name):
            text, linked = self._inline([tag])
            if text:
                anchor = str(tag.get("id") or "")
                place = f"#{anchor}" if re.fullmatch(r"[\w.:-]{1,200}", anchor) else ""
                yield Block("heading", text, level=int(name[1]), linked=linked, place=place)
        elif name in ("ul", "ol"):
            yield from self._list(tag, depth, 0)
        elif name == "table":
            yield from self._table(tag, depth)
        elif name == "dl":
            yield from self._terms(tag, depth)
        elif name == "pre":
            for part in re.split(r"\n[ \t]*\n", tag.get_text()):
                yield from self._paragraph([NavigableString(part)])
        else:
            yield from self.children(tag, depth + 1)

    def _list(self, tag: Tag, depth: int, level: int) -> Iterator[Block]:
        if depth > DEEPEST:
            raise DocumentHostile(f"lists are nested more than {DEEPEST} deep", do="simplify the page")
        start = str(tag.get("start", "1"))
        number = int(start) if tag.name == "ol" and re.fullmatch(r"\d{1,6}", start) else 1
        first = level == 0
        for item in tag.find_all("li", recursive=False):
            if self._left_out(item):
                continue
            inner = [c for c in item.children if isinstance(c, Tag) and c.name in ("ul", "ol", "table")]
            own = list(self._own(item, inner, depth))
            text = " ".join(block.text for block in own)
            if text:
                marker = f"{number}." if tag.name == "ol" else "-"
                linked = sum(b.linked * len(b.text) for b in own) / len(text)
                yield Block("item", text, level=level, marker=marker, linked=linked, opens=first)
                first = False
            number += 1
            for nested in inner:
                if nested.name == "table":
                    yield from self._table(nested, depth + 1)
                elif not self._left_out(nested):
                    yield from self._list(nested, depth + 1, level + 1)

    def _own(self, item: Tag, inner: list[Tag], depth: int) -> Iterator[Block]:
        for nested in inner:
            nested.extract()
        yield from self.children(item, depth + 1)

    def _table(self, tag: Tag, depth: int) -> Iterator[Block]:
        caption = tag.find("caption")
        if isinstance(caption, Tag):
            yield from self._paragraph([caption])
        if tag.find("table"):  # a table for layout: read it as a page
            for cell in tag.find_all(["td", "th"]):
                if cell.find_parent("table") is tag:
                    yield from self.children(cell, depth + 1)
            return
        rows: list[list[str]] = []
        below: dict[int, tuple[int, str]] = {}  # cells that reach down: column → rows still to fill, words
        total = linked = 0.0
        for row in tag.find_all("tr"):
            cells: list[str] = []
            for cell in row.find_all(["td", "th"]):
                _fill(cells, below)
                text, share = self._inline([cell])
                total, linked = total + len(text), linked + share * len(text)
                if _span(cell, "rowspan") > 1:
                    below[len(cells)] = (_span(cell, "rowspan") - 1, text)
                cells += [text] + [""] * (_span(cell, "colspan") - 1)
            _fill(cells, below)
            rows.append(cells)
        made = table(rows, linked=linked / total if total else 0.0)
        if made:
            yield made

    def _terms(self, tag: Tag, depth: int) -> Iterator[Block]:
        """A list of terms: "term: what it means" on one line each."""
        term = ""
        for entry in tag.find_all(["dt", "dd"]):
            text, linked = self._inline([entry])
            if entry.name == "dt":
                term = f"{term}, {text}".lstrip(", ") if term else text
            elif text:
                yield Block("paragraph", f"{term.rstrip(':')}: {text}" if term else text, linked=linked)
                term = ""
        if term:
            yield Block("paragraph", term)

    def _paragraph(self, loose: list[PageElement]) -> Iterator[Block]:
        text, linked = self._inline(loose)
        if text:
            yield Block("paragraph", text, linked=linked)

    def _inline(self, elements: list[PageElement]) -> tuple[str, float]:
        """Words as they are seen, on one line, and what share of them is links."""
        parts: list[str] = []
        links = 0
        stack: list[tuple[PageElement, bool]] = [(element, False) for element in reversed(elements)]
        while stack:
            element, in_link = stack.pop()
            if isinstance(element, Tag):
                if element.name == "img":
                    self.dropped["image"] += 1
                    self._unseen("alternative text", str(element.get("alt", "")))
                elif element.name == "br":
                    parts.append(" ")
                elif not self._left_out(element):
                    apart = _BLOCKS.match(element.name) is not None
                    linking = in_link or element.name == "a"
                    edge: list[tuple[PageElement, bool]] = [(NavigableString(" "), False)] if apart else []
                    stack.extend(edge + [(c, linking) for c in reversed(list(element.children))] + edge)
            elif isinstance(element, Comment):
                self._unseen("comment", str(element))
            elif not isinstance(element, PreformattedString):
                parts.append(str(element))
                links += len(str(element).strip()) if in_link else 0
        text = one_line("".join(parts))
        return text, min(1.0, links / len(text)) if text else 0.0

    def _left_out(self, tag: Tag) -> bool:
        kind = left_out(tag)
        if kind:
            self.dropped[kind] += 1
        if kind in ("hidden element", BY_COLOUR, TOO_SMALL):
            self._unseen(kind, tag.get_text(" "))
        return bool(kind)


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Repeat what spans this row from above, so that each row can be read alone."""
    while len(cells) in below:
        left, text = below.pop(len(cells))
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(max(int(value), 1), 50) if re.fullmatch(r"\d{1,4}", value) else 1
