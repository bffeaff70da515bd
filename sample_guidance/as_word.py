"""Why: Word files are how most local guidance is passed round; headings, lists and tables must be real
styles, because that is what a parser has to find its sections by.
"""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document

from sample_guidance.source import Block, Guide

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP archive can hold: its members must not say when they were written."""


def render(guide: Guide) -> bytes:
    """A Word file with the notice in the header of its pages."""
    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.comments = guide.fields["title"], guide.fields["publisher"], ""
    about.created = about.modified = guide.dated
    document.sections[0].header.paragraphs[0].text = guide.fields["notice"]
    for block in guide.blocks:
        _add(document, block)
    saved = io.BytesIO()
    document.save(saved)
    return _undated(saved.getvalue())


def _add(document: Document, block: Block) -> None:
    if block.kind == "table":
        table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph()
    elif block.kind in ("ul", "ol"):
        for item in block.rows[0]:
            document.add_paragraph(item, style="List Bullet" if block.kind == "ul" else "List Number")
    elif block.kind == "p":
        document.add_paragraph(block.text)
    else:
        document.add_heading(block.text, level=int(block.kind[1:]))


def _undated(data: bytes) -> bytes:
    """The same archive with every member dated alike."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return made.getvalue()
