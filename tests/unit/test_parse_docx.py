"""A Word document's styles say what is what; its furniture and its tricks are left out."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from governance.errors import DocumentCorrupt, DocumentHostile, DocumentLocked, DocumentTooLarge
from ingest.parse.blocks import sections
from ingest.parse.docx import word
from ingest.parse.limits import Limits


def written() -> Any:
    made = docx.Document()
    made.core_properties.title = "Left over"
    made.sections[0].header.paragraphs[0].text = "Running header"
    made.add_heading("Work-related requirements", 0)
    made.add_paragraph("The claimant must attend.")
    made.add_heading("What to do", 1)
    made.add_paragraph("Check:")
    made.add_paragraph("identity", style="List Bullet")
    made.add_paragraph("address", style="List Bullet 2")
    made.add_paragraph("ask", style="List Number")
    made.add_paragraph("write", style="List Number")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells], ["Age", "Rate", "25", "£5"], strict=True
    ):
        cell.text = text
    made.add_heading("Exceptions", 2)
    made.add_paragraph("A tab\tand a break.")
    return made


def data(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(made: Any) -> dict[tuple[str, ...], str]:
    draft = word(data(made), Limits())
    return {s.heading_path: s.text for s in sections(draft.blocks[0].text, draft.blocks)}


def test_headings_lists_and_tables() -> None:
    title = "Work-related requirements"
    assert read(written()) == {
        (title,): "The claimant must attend.",
        (
            title,
            "What to do",
        ): "Check:\n\n- identity\n  - address\n\n1. ask\n2. write\n\n| Age | Rate |\n| --- | --- |\n| 25 | £5 |",
        (title, "What to do", "Exceptions"): "A tab and a break.",
    }


def test_tracked_changes_are_read_as_accepted_and_content_controls_are_read() -> None:
    made = docx.Document()
    made.add_heading("T", 0)
    body = made.element.body
    body.insert(
        1,
        parse_xml(
            f"<w:p {nsdecls('w')}><w:r><w:t>Pay </w:t></w:r><w:del><w:r><w:delText>£9</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>£10</w:t></w:r></w:ins><w:r><w:t> now.</w:t></w:r></w:p>"
        ),
    )
    body.insert(
        2,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Held in a control.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    body.insert(
        3,
        parse_xml(
            f"<w:p {nsdecls('w')}><w:r><w:t>Chapter 1</w:t></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>"
            "<w:r><w:t>4</w:t></w:r></w:p>"
        ),
    )
    draft = word(data(made), Limits())
    assert [block.text for block in draft.blocks] == ["T", "Pay £10 now.", "Held in a control."]
    assert draft.dropped["deleted text"] == 1
    assert draft.dropped["contents"] == 1


def test_numbered_lists_begin_again_and_numbering_can_be_taken_off() -> None:
    made = docx.Document()
    numbering = made.part.numbering_part.element
    ident = numbering.num_having_numId
    assert ident is not None
    for text, number in (("one", "1"), ("plain", "0")):
        paragraph = made.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
        )
    kinds = [(block.kind, block.text) for block in word(data(made), Limits()).blocks]
    assert kinds == [("item", "one"), ("paragraph", "plain")]


def repacked(change: dict[str, bytes], drop: str = "") -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data(written()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != drop:
                new.writestr(name, change.pop(name, old.read(name)))
        for name, content in change.items():
            new.writestr(name, content)
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("hostile", "limits", "error"),
    [
        (repacked({"word/document.xml": ENTITY}), Limits(), DocumentHostile),
        (repacked({"word/more.xml": b"<x>" + b"a" * 3_000_000 + b"</x>"}), Limits(), DocumentHostile),
        (repacked({}), Limits(unpacked=1000), DocumentTooLarge),
        (repacked({}), Limits(entries=2), DocumentTooLarge),
        (repacked({"word/document.xml": b"<w:document"}), Limits(), DocumentCorrupt),
        (repacked({}, drop="[Content_Types].xml"), Limits(), DocumentCorrupt),
        (repacked({})[:2000], Limits(), DocumentCorrupt),
    ],
)
def test_hostile_and_broken_archives_are_refused(
    hostile: bytes, limits: Limits, error: type[Exception]
) -> None:
    with pytest.raises(error):
        word(hostile, limits)


def test_an_encrypted_archive_is_locked() -> None:
    plain = bytearray(repacked({}))
    position = plain.find(b"PK\x01\x02")
    plain[position + 8] |= 1
    with pytest.raises(DocumentLocked):
        word(bytes(plain), Limits())


def test_a_cell_merged_down_is_repeated() -> None:
    made = docx.Document()
    table = made.add_table(rows=3, cols=2)
    for row, text in zip(table.rows, ["When", "May", "June"], strict=True):
        row.cells[1].text = text
    table.cell(0, 0).text = "Benefit"
    merged = table.cell(1, 0).merge(table.cell(2, 0))
    merged.text = "UC"
    assert word(data(made), Limits()).blocks[0].text.splitlines()[2:] == ["| UC | May |", "| UC | June |"]
