"""Why: most internal guidance is kept in Word. Its styles say what is a heading and what is a list; its
headers, footers, tables of contents, deleted text and comments are not guidance.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from governance.errors import DocumentCorrupt
from ingest.parse.archive import check_xml, opened
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.docx_unseen import footnotes, hidden, unseen
from ingest.parse.limits import Limits
from ingest.parse.text import one_line

_W_P, _W_TBL, _W_SDT = qn("w:p"), qn("w:tbl"), qn("w:sdt")
_UNSAID = frozenset(qn(f"w:{name}") for name in ("del", "moveFrom", "txbxContent", "instrText", "pPr", "rPr"))
_PASSED_THROUGH = frozenset(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_COUNTED = {
    "w:drawing": "image",
    "w:pict": "image",
    "w:del": "deleted text",
    "w:commentReference": "comment",
    "w:txbxContent": "text box",
}
DEEPEST = 20
"""Deepest nesting of content controls and tables that is followed."""


def word(data: bytes, limits: Limits) -> Draft:
    """Blocks of a Word document. Raises DocumentCorrupt, DocumentHostile, DocumentTooLarge, DocumentLocked."""
    archive = opened(data, limits)
    check_xml(archive, limits)
    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError) as error:
        raise DocumentCorrupt(
            "it is an archive and no whole Word document", do="save it again in Word"
        ) from error
    draft = Draft(own_title=one_line(document.core_properties.title or ""))
    body = document.element.body
    if body is None:
        return draft
    reader = _Reader(document, draft)
    draft.blocks = [*reader.blocks(body, 0), *reader.notes_so_far()]
    for said in body.iter(qn("wp:docPr")):
        draft.hide("alternative text", said.get("descr") or "")
    for name, kind in _COUNTED.items():
        draft.dropped[kind] += sum(1 for _ in body.iter(qn(name)))
    draft.dropped["contents"] += reader.contents
    return draft


class _Reader:
    """Elements of the body to blocks."""

    def __init__(self, document: Any, draft: Draft) -> None:
        self.draft = draft
        self.notes = footnotes(document)
        self.cited: list[str] = []
        self.styles = {s.style_id: s for s in document.styles if s.style_id}
        self.formats = _numbering(document)
        self.counts: dict[tuple[str, int], int] = defaultdict(int)
        self.last_list = ""
        self.contents = 0

    def blocks(self, parent: Any, depth: int) -> Iterator[Block]:
        if depth > DEEPEST:
            return
        for element in parent:
            if element.tag == _W_P:
                yield from self._paragraph(element)
            elif element.tag == _W_TBL:
                yield from self._table(element)
            elif element.tag in _PASSED_THROUGH:
                yield from self.blocks(element, depth + 1)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        for kind, words in unseen(element):
            self.draft.hide(kind, words)
            self.draft.dropped["hidden text"] += 1
        text = one_line(_words(element))
        if not text:
            return
        self.cited += [note.get(qn("w:id"), "") for note in element.iter(qn("w:footnoteReference"))]
        names = self._style_names(element)
        if any(re.match(r"(toc|contents) ?(\d|heading)", name) for name in names) or _points_to_page(element):
            self.contents += 1
            return
        level = self._heading_level(element, names)
        if level:
            self.last_list = ""
            yield from self.notes_so_far()
            yield Block("heading", text, level=level)
            return
        listed = self._list(element, names)
        if listed is None:
            self.last_list = ""
            yield Block("paragraph", text)
            return
        number, depth, numbered = listed
        opens = self.last_list != number and depth == 0
        if opens or self.last_list == "":
            self.counts[(number, depth)] = (
                0 if numbered and self.last_list == "" else self.counts[(number, depth)]
            )
        self.last_list = number
        self.counts[(number, depth)] += 1
        for deeper in [key for key in self.counts if key[0] == number and key[1] > depth]:
            self.counts[deeper] = 0
        marker = f"{self.counts[(number, depth)]}." if numbered else "-"
        yield Block("item", text, level=depth, marker=marker, opens=opens)

    def notes_so_far(self) -> Iterator[Block]:
        """Footnotes cited since the last heading, each with its mark."""
        for ident in dict.fromkeys(self.cited):
            if self.notes.get(ident):
                yield Block("paragraph", f"[{ident}] {self.notes[ident]}")
        self.cited = []

    def _style_names(self, element: Any) -> list[str]:
        """Names of the paragraph's style and of those it is based on, in lower case."""
        chosen = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self.styles.get(chosen.get(qn("w:val"))) if chosen is not None else None
        names: list[str] = []
        while style is not None and len(names) < 10:
            names.append((style.name or "").lower())
            style = style.base_style
        return names

    def _heading_level(self, element: Any, names: list[str]) -> int:
        for name in names:
            found = re.match(r"heading (\d)", name)
            if found:
                return int(found[1]) + 1 if int(found[1]) < 6 else 6
            if name == "title":
                return 1
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        value = outline.get(qn("w:val")) if outline is not None else ""
        return int(value) + 2 if value and value in "012345" else 0

    def _list(self, element: Any, names: list[str]) -> tuple[str, int, bool] | None:
        """Which list the paragraph is an item of, how deep, and whether that list is numbered."""
        number = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if number is not None:
            ident, depth = number.find(qn("w:numId")), number.find(qn("w:ilvl"))
            key = ident.get(qn("w:val")) if ident is not None else ""
            level = int(depth.get(qn("w:val")) or 0) if depth is not None else 0
            if key == "0":  # numbering taken off
                return None
            if key:
                return key, level, self.formats.get((key, level), "bullet") not in ("bullet", "none")
        for name in names:
            found = re.match(r"list (bullet|number)(?: (\d))?$", name)
            if found:
                return found[1], int(found[2] or 1) - 1, found[1] == "number"
        return None

    def _table(self, element: Any) -> Iterator[Block]:
        rows: list[list[str]] = []
        for row in _below(element, qn("w:tr")):
            cells: list[str] = []
            for cell in _below(row, qn("w:tc")):
                text = " ".join(_words(p) for p in cell.iter(_W_P))
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                width = span.get(qn("w:val"), "1") if span is not None else "1"
                merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                if merged is not None and merged.get(qn("w:val")) != "restart" and rows:
                    text = rows[-1][len(cells)] if len(cells) < len(rows[-1]) else text  # spans rows above
                cells += [text] + [""] * (min(int(width), 50) - 1 if width.isdigit() else 0)
            rows.append(cells)
        made = table(rows)
        if made:
            yield made


def _below(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table, or cells of a row, but not those of a table inside a cell."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _PASSED_THROUGH:
            yield from _below(child, tag)


def _points_to_page(element: Any) -> bool:
    """Whether a paragraph ends in a page number that Word keeps up to date: a line of a table of contents."""
    return any("PAGEREF _Toc" in (field.text or "") for field in element.iter(qn("w:instrText")))


def _words(element: Any) -> str:
    """Text of a paragraph as it reads with its tracked changes accepted."""
    parts: list[str] = []
    stack = [element]
    while stack:
        here = stack.pop()
        if here.tag == qn("w:t"):
            parts.append(here.text or "")
        elif here.tag in (qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:ptab")):
            parts.append(" ")
        elif here.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif here.tag == qn("w:footnoteReference"):
            parts.append(f"[{here.get(qn('w:id'))}]")
        elif here.tag not in _UNSAID and not (here.tag == qn("w:r") and hidden(here)):
            stack.extend(reversed(here))
    return "".join(parts)


def _numbering(document: Any) -> dict[tuple[str, int], str]:
    """Format of each list's levels: (list id, level) → "bullet", "decimal", …"""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    abstract: dict[str, dict[int, str]] = {}
    for kind in root.findall(qn("w:abstractNum")):
        levels = {int(x.get(qn("w:ilvl"))): x.find(qn("w:numFmt")) for x in kind.findall(qn("w:lvl"))}
        abstract[kind.get(qn("w:abstractNumId"))] = {
            level: found.get(qn("w:val")) for level, found in levels.items() if found is not None
        }
    formats: dict[tuple[str, int], str] = {}
    for number in root.findall(qn("w:num")):
        source = number.find(qn("w:abstractNumId"))
        for level, form in abstract.get(source.get(qn("w:val")) if source is not None else "", {}).items():
            formats[(number.get(qn("w:numId")), level)] = form
    return formats
