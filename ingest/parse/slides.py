"""Why: briefings for colleagues are slides: short, undated, and often the only place a change is explained."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pptx
from pptx.exc import PackageNotFoundError

from governance.errors import DocumentCorrupt
from ingest.parse.archive import check_xml, opened
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.limits import Limits
from ingest.parse.text import one_line

DEEPEST = 8
"""Deepest nesting of groups of shapes that is followed."""


def slides(data: bytes, limits: Limits) -> Draft:
    """Blocks of a PPTX, slide by slide (its number is the page). Raises DocumentCorrupt, DocumentHostile, …"""
    archive = opened(data, limits)
    check_xml(archive, limits)
    try:
        deck = pptx.Presentation(io.BytesIO(data))
        draft = Draft(own_title=one_line(deck.core_properties.title or ""))
        for number, slide in enumerate(deck.slides, start=1):
            draft.blocks += _slide(slide, number, draft)
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
    ) as error:
        raise DocumentCorrupt("it is no whole presentation", do="save it again in PowerPoint") from error
    return draft


def _slide(slide: Any, number: int, draft: Draft) -> list[Block]:
    title = slide.shapes.title
    blocks = list(
        _shapes((s for s in slide.shapes if title is None or s.shape_id != title.shape_id), number, draft, 0)
    )
    if slide.has_notes_slide:
        draft.dropped["speaker's notes"] += 1
        notes = slide.notes_slide.notes_text_frame
        draft.hide("speaker's notes", notes.text if notes is not None else "")
    if slide._element.get("show") == "0":
        draft.dropped["hidden slide"] += 1
        draft.hide("hidden slide", " ".join(block.text for block in blocks))
        return []
    words = one_line(title.text_frame.text) if title is not None else ""
    return [Block("heading", words, level=2, page=number), *blocks] if words else blocks


def _shapes(shapes: Iterable[Any], number: int, draft: Draft, depth: int) -> Iterator[Block]:
    for shape in shapes:
        said = shape._element.xpath(".//p:cNvPr/@descr")
        if said:
            draft.hide("alternative text", str(said[0]))
        if hasattr(shape, "shapes"):
            if depth < DEEPEST:
                yield from _shapes(shape.shapes, number, draft, depth + 1)
        elif getattr(shape, "has_table", False):
            made = table([[cell.text for cell in row.cells] for row in shape.table.rows], page=number)
            if made:
                yield made
        elif getattr(shape, "has_chart", False):
            draft.dropped["chart"] += 1
        elif shape.has_text_frame:
            yield from _paragraphs(shape, number)
        else:
            draft.dropped["image"] += 1


def _paragraphs(shape: Any, number: int) -> Iterator[Block]:
    """Paragraphs of a shape; the body of a slide is a list where it holds more than one."""
    paragraphs = [(p.level, one_line(p.text)) for p in shape.text_frame.paragraphs]
    said = [(level, text) for level, text in paragraphs if text]
    listed = shape.is_placeholder and len(said) > 1
    for index, (level, text) in enumerate(said):
        if listed:
            yield Block("item", text, level=min(level, 5), page=number, opens=index == 0)
        else:
            yield Block("paragraph", text, page=number)
