"""Why: Word can hide a run of text, print it in white or make it a point high; and it keeps footnotes in a part of
their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ingest.parse.text import one_line

_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
SMALLEST = 4
"""Half-points below which letters are not read by eye."""


def hidden(run: Any) -> str:
    """How a run is hidden from its reader; empty: it is seen."""
    about = run.find(qn("w:rPr"))
    if about is None:
        return ""
    vanish = about.find(qn("w:vanish"))
    if vanish is not None and vanish.get(qn("w:val")) not in ("0", "false"):
        return "hidden text"
    size = about.find(qn("w:sz"))
    if (
        size is not None
        and (size.get(qn("w:val")) or "9").isdecimal()
        and int(size.get(qn("w:val")) or 9) < SMALLEST
    ):
        return "text too small to read"
    ink = about.find(qn("w:color"))
    if ink is None or (ink.get(qn("w:val")) or "").lower() != "ffffff":
        return ""
    return "" if _has_paper(run, about) else "text in the colour of its page"


def _has_paper(run: Any, about: Any) -> bool:
    """Whether something says that white letters stand on another colour: their own shade, or a paragraph's or cell's."""
    shades = [about.find(qn("w:shd")), about.find(qn("w:highlight"))]
    for holder in run.iterancestors():
        for name in ("w:pPr", "w:tcPr", "w:tblPr"):
            properties = holder.find(qn(name))
            if properties is not None:
                shades.append(properties.find(qn("w:shd")))
                if (
                    properties.find(qn("w:pStyle")) is not None
                    or properties.find(qn("w:tblStyle")) is not None
                ):
                    return True  # a style may set it
    fills = [shade.get(qn("w:fill")) or shade.get(qn("w:val")) or "" for shade in shades if shade is not None]
    return any(fill.lower() not in ("", "auto", "ffffff", "clear", "white", "none") for fill in fills)


def unseen(paragraph: Any) -> Iterator[tuple[str, str]]:
    """Hidden runs of a paragraph: how, and what they say."""
    together: dict[str, list[str]] = {}
    for run in paragraph.iter(qn("w:r")):
        kind = hidden(run)
        if kind:
            together.setdefault(kind, []).append("".join(text.text or "" for text in run.iter(qn("w:t"))))
    for kind, words in together.items():
        if "".join(words).strip():
            yield kind, "".join(words)


def footnotes(document: Any) -> dict[str, str]:
    """Footnotes by their ids."""
    part = next(
        (r.target_part for r in document.part.rels.values() if r.reltype == _FOOTNOTES and not r.is_external),
        None,
    )
    if part is None:
        return {}
    root = parse_xml(part.blob)
    return {
        note.get(qn("w:id"), ""): one_line(
            " ".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in note.iter(qn("w:p")))
        )
        for note in root.iter(qn("w:footnote"))
        if note.get(qn("w:type")) is None
    }
