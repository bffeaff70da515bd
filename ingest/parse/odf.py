"""Why: OpenDocument is the format that government publishes editable documents in: text, slides and sheets.

Its XML is read as it is written (OASIS OpenDocument 1.3, part 3), after the archive was measured and its parts were
checked; the parser resolves nothing and fetches nothing.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from governance.errors import DocumentCorrupt, DocumentLocked
from ingest.parse.archive import check_xml, opened
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.limits import Limits
from ingest.parse.odf_styles import Styles
from ingest.parse.odf_words import DRAW, OFFICE, TABLE, TEXT, XLINK, Words

DEEPEST = 40
"""Deepest nesting of lists, sections and frames that is followed."""
MOST_REPEATED = 50
"""How often a cell or a row is repeated at most: a sheet says "repeat this empty cell a million times"."""


def open_document(data: bytes, limits: Limits) -> Draft:
    """Blocks of an ODT, ODP or ODS file. Raises DocumentCorrupt, DocumentHostile, DocumentTooLarge, DocumentLocked."""
    archive = opened(data, limits)
    check_xml(archive, limits)
    try:
        if b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
            raise DocumentLocked("it needs a password", do="save it without a password")
        content = _tree(_part(archive, "content.xml"))
        meta = _tree(_part(archive, "meta.xml")) if "meta.xml" in archive.namelist() else None
        common = _tree(_part(archive, "styles.xml")) if "styles.xml" in archive.namelist() else None
    except (
        KeyError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        etree.XMLSyntaxError,
    ) as error:
        raise DocumentCorrupt("it is no whole OpenDocument file", do="save it again") from error
    title = meta.findtext(".//{http://purl.org/dc/elements/1.1/}title") if meta is not None else None
    draft = Draft(own_title=" ".join((title or "").split()))
    reader = _Reader(draft, Styles(content, common))
    body = content.find(f"{OFFICE}body")
    for kind in body if body is not None else ():
        draft.blocks += reader.blocks(kind, 0)
        draft.blocks += reader.notes()
    return draft


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() or name == "content.xml" else b""


def _tree(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


class _Reader:
    """Elements of the body to blocks."""

    def __init__(self, draft: Draft, styles: Styles) -> None:
        self._draft = draft
        self._styles = styles
        self._words = Words(draft, styles)
        self._page: int | None = None
        self._pages = 0

    def notes(self) -> Iterator[Block]:
        """Foot- and endnotes so far, each with the mark that stands in the text."""
        for text in self._words.notes:
            yield Block("paragraph", text, page=self._page)
        self._words.notes = []

    def blocks(self, parent: Any, depth: int) -> Iterator[Block]:
        if depth > DEEPEST:
            return
        for element in parent:
            tag = element.tag
            if tag == f"{TEXT}h":
                yield from self.notes()
                yield from self._paragraph(element, int(element.get(f"{TEXT}outline-level") or 1) + 1)
            elif tag == f"{TEXT}p":
                yield from self._paragraph(element, 0)
            elif tag == f"{TEXT}list":
                yield from self._list(element, depth, 0, "")
            elif tag == f"{TABLE}table":
                yield from self._table(element)
            elif tag == f"{DRAW}page":
                yield from self._slide(element, depth)
            elif tag in (f"{TEXT}table-of-content", f"{TEXT}alphabetical-index"):
                self._draft.dropped["contents"] += 1
            elif tag in (f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}sequence-decls"):
                self._draft.dropped["deleted text"] += tag == f"{TEXT}tracked-changes"
            elif isinstance(tag, str):
                yield from self.blocks(element, depth + 1)

    def _paragraph(self, element: Any, level: int) -> Iterator[Block]:
        style = element.get(f"{TEXT}style-name") or ""
        text = self._words.of(element)
        hidden = self._styles.unseen(style)
        if hidden and text:
            self._draft.hide(hidden, text)
        elif text:
            level = level or self._styles.heading(style)
            kind: Any = "heading" if level else "paragraph"
            yield Block(kind, text, level=min(level, 6), page=self._page)
        for frame in element.iter(f"{DRAW}text-box"):
            yield from self.blocks(frame, 1)

    def _list(self, element: Any, depth: int, level: int, style: str) -> Iterator[Block]:
        if depth > DEEPEST:
            return
        style = element.get(f"{TEXT}style-name") or style
        numbered, number, opens = self._styles.numbered(style, level), 0, level == 0
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            number += item.tag == f"{TEXT}list-item"
            for part in item:
                if part.tag == f"{TEXT}list":
                    yield from self._list(part, depth + 1, level + 1, style)
                    continue
                for block in self.blocks([part], depth + 1):
                    if block.kind != "paragraph":
                        yield block  # a numbered heading is a list item of its own here
                        continue
                    marker = f"{number}." if numbered else "-"
                    yield Block("item", block.text, level=level, marker=marker, page=self._page, opens=opens)
                    opens = False

    def _slide(self, element: Any, depth: int) -> Iterator[Block]:
        self._pages += 1
        self._page = self._pages
        named = False
        for part in element:
            if part.tag.endswith("}notes"):
                self._draft.dropped["speaker's notes"] += 1
                continue
            title = any(value == "title" for key, value in part.attrib.items() if key.endswith("}class"))
            for block in self.blocks([part], depth + 1):
                if title and not named and block.kind == "paragraph":
                    named = True
                    yield Block("heading", block.text, level=2, page=self._page)
                else:
                    yield block
        yield from self.notes()

    def _table(self, element: Any) -> Iterator[Block]:
        if self._styles.hidden_table(element.get(f"{TABLE}style-name") or ""):
            self._draft.dropped["hidden sheet"] += 1
            self._draft.hide("hidden sheet", " ".join(element.itertext()))
            return
        name = element.get(f"{TABLE}name") or ""
        if element.getparent().tag == f"{OFFICE}spreadsheet" and name:
            yield Block("heading", name, level=2)
        held: list[list[str]] = []
        for cells in [*self._rows(element), []]:
            if any(cells):
                held.append(cells)
                continue
            made = table(held, page=self._page)
            if made:
                yield made
            held = []

    def _rows(self, element: Any) -> Iterator[list[str]]:
        for row in element:
            if row.tag != f"{TABLE}table-row":
                if row.tag in (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group"):
                    yield from self._rows(row)
                continue
            if row.get(f"{TABLE}visibility") in ("collapse", "filter"):
                self._draft.dropped["hidden row"] += 1
                continue
            cells: list[str] = []
            for cell in row:
                if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                    continue
                text = " ".join(block.text for block in self.blocks(cell, 2))
                cells += [text] * _times(cell, "columns")
            while cells and not cells[-1]:
                cells.pop()
            yield from [cells] * (_times(row, "rows") if cells else 1)


def _times(element: Any, what: str) -> int:
    said = element.get(f"{TABLE}number-{what}-repeated") or "1"
    return min(int(said), MOST_REPEATED) if said.isdecimal() else 1


__all__ = ["XLINK", "open_document"]
