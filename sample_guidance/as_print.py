"""Why: much guidance exists only in print form, where a heading is no more than larger type and the notice
stands on every page; a parser has to tell both from the text.
"""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from sample_guidance.source import Block, Guide

_SIZES = {"h1": 20, "h2": 14, "h3": 12}
_BODY = 11
_LINE = 6.2
_MARGIN = 25
"""Lengths in millimetres, sizes of type in points."""


class _Paper(FPDF):
    """A4 pages with the notice at the head and the page's number at the foot."""

    def __init__(self, notice: str) -> None:
        super().__init__(format="A4")
        self.notice = notice
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)

    def header(self) -> None:
        self.set_y(12)
        self.set_font("helvetica", size=8)
        self.multi_cell(0, 4, self.notice, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(_MARGIN + 5)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=8)
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="C")


def render(guide: Guide) -> bytes:
    """A PDF in a standard font: the sources hold no letter outside Latin-1."""
    paper = _Paper(guide.fields["notice"])
    paper.set_title(guide.fields["title"])
    paper.set_author(guide.fields["publisher"])
    paper.set_lang("en-GB")
    paper.set_creation_date(guide.dated)
    paper.add_page()
    for block in guide.blocks:
        _add(paper, block)
    return bytes(paper.output())


def _add(paper: _Paper, block: Block) -> None:
    if block.kind in _SIZES:
        _heading(paper, block)
    elif block.kind == "table":
        paper.set_font("helvetica", size=_BODY)
        with paper.table(line_height=_LINE, padding=1) as table:
            for row in block.rows:
                table.row(row)
        paper.ln(_LINE)
    elif block.kind in ("ul", "ol"):
        for number, item in enumerate(block.rows[0], start=1):
            _paragraph(paper, f"{number}." if block.kind == "ol" else "-", item)
        paper.ln(_LINE)
    else:
        _paragraph(paper, "", block.text)
        paper.ln(_LINE)


def _heading(paper: _Paper, block: Block) -> None:
    size = _SIZES[block.kind]
    if paper.will_page_break(4 * _LINE):
        paper.add_page()
    paper.set_font("helvetica", style="B", size=size)
    paper.multi_cell(0, size * 0.5, block.text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(3)


def _paragraph(paper: _Paper, marker: str, text: str) -> None:
    paper.set_font("helvetica", size=_BODY)
    whole = f"{marker} {text}" if marker else text
    paper.multi_cell(0, _LINE, whole, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
