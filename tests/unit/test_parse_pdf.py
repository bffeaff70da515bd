"""A PDF's structure is found again from where its marks stand."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission

from governance.errors import DocumentCorrupt, DocumentLocked, DocumentTooLarge, DocumentWithoutText
from ingest.documents import Section
from ingest.parse.blocks import sections
from ingest.parse.limits import Limits
from ingest.parse.pdf import pdf

LONG = (
    "The claimant must tell the Department about each change that could alter their award as soon as it happens"
    " and must keep the letter that says so."
)


class Paper(FPDF):
    """Pages with a running header and a page number, as guidance is printed."""

    def header(self) -> None:
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, "Staff guidance, not for publication", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, f"Page {self.page_no()} of 9")

    def line_of(self, text: str, size: int = 11, style: str = "") -> None:
        self.set_font("Helvetica", style=style, size=size)
        self.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(4)


def paper() -> Paper:
    made = Paper()
    made.set_title("Microsoft Word - draft.doc")
    made.add_page()
    made.line_of("Reporting changes", 20, "B")
    made.line_of("When to report ................................ 2")
    made.line_of(LONG)
    made.line_of("When to report", 14, "B")
    made.line_of("1. Report within one month. The date of the change counts.")
    made.line_of("2. Send these:")
    made.line_of("- a form")
    made.line_of("- a letter")
    made.add_page()
    made.line_of("Bold words in the body", 11, "B")
    made.line_of(LONG)
    made.set_font("Helvetica", size=11)
    with made.table() as table:
        for row in (("Age", "Rate"), ("25", "£5"), ("30", "£6")):
            cells = table.row()
            for cell in row:
                cells.cell(cell)
    made.ln(6)
    made.line_of("After the table comes one more line of text.")
    made.add_page()
    made.line_of(LONG)
    return made


def read(made: FPDF) -> dict[str, Section]:
    draft = pdf(bytes(made.output()), Limits())
    title = draft.blocks[0].text
    return {section.heading_path[-1]: section for section in sections(title, draft.blocks)}


def test_headings_paragraphs_lists_tables_and_pages() -> None:
    made = read(paper())
    assert list(made) == ["Reporting changes", "When to report", "Bold words in the body"]
    assert made["Reporting changes"].text == LONG
    assert made["When to report"].text == (
        "1. Report within one month. The date of the change counts.\n\n2. Send these:\n\n- a form\n- a letter"
    )
    assert made["When to report"].heading_path == ("Reporting changes", "When to report")
    bold = made["Bold words in the body"]
    assert bold.page == 2
    assert bold.text == (
        f"{LONG}\n\n| Age | Rate |\n| --- | --- |\n| 25 | £5 |\n| 30 | £6 |\n\n"
        f"After the table comes one more line of text.\n\n{LONG}"
    )


def test_what_repeats_on_each_page_is_dropped_and_counted() -> None:
    draft = pdf(bytes(paper().output()), Limits())
    assert draft.dropped["running line"] == 6
    assert draft.dropped["line of contents"] == 1
    assert draft.own_title == ""
    assert not any("not for publication" in block.text or "of 9" in block.text for block in draft.blocks)


def test_a_number_that_ends_up_first_on_a_line_does_not_begin_a_paragraph() -> None:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    made.text(10, 20, "Forecasts were sent between December 2004 and December 2006 to all people aged 20 to")
    made.text(10, 25, "64. They gave the amount of State Pension.")
    assert (
        pdf(bytes(made.output()), Limits())
        .blocks[0]
        .text.endswith("aged 20 to 64. They gave the amount of State Pension.")
    )


def test_a_scan_has_no_text() -> None:
    made = FPDF()
    made.add_page()
    made.rect(10, 10, 50, 50)
    with pytest.raises(DocumentWithoutText, match="scan"):
        pdf(bytes(made.output()), Limits())


def test_a_password_is_asked_for_and_an_owners_is_not() -> None:
    made = paper()
    made.set_encryption(owner_password="owner", user_password="user", permissions=AccessPermission.none())
    with pytest.raises(DocumentLocked):
        pdf(bytes(made.output()), Limits())


def test_pages_are_capped() -> None:
    with pytest.raises(DocumentTooLarge, match="3 pages"):
        pdf(bytes(paper().output()), Limits(pages=2))


def test_rubbish_is_corrupt() -> None:
    with pytest.raises(DocumentCorrupt):
        pdf(b"%PDF-1.7\nnothing more", Limits())
