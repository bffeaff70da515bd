"""Plain text, separated values, e-mail, and telling what a file is."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from email.message import EmailMessage

import pytest

from governance import errors
from ingest.parse.blocks import render, sections
from ingest.parse.limits import Limits
from ingest.parse.mail import mail
from ingest.parse.plain import plain
from ingest.parse.read import drafted
from ingest.parse.sheet import sheet
from ingest.parse.sniff import Format, sniff

TEXT = """Reporting changes
=================

A claimant must report
changes at once.

WHAT TO REPORT

Report these:
* a new job
  that is paid
* a move
1) first

Two lines in the text
follow on.
"""


def test_plain_text_has_the_structure_a_person_sees() -> None:
    assert {s.heading_path[-1]: s.text for s in sections("Reporting changes", plain(TEXT).blocks)} == {
        "Reporting changes": "A claimant must report changes at once.",
        "WHAT TO REPORT": "Report these:\n\n- a new job that is paid\n- a move\n1) first\n\nTwo lines in the text follow on.",
    }


def test_separated_values_are_one_table() -> None:
    assert (
        render(sheet('Age,Rate\n25,"£5, or less"\n', ",").blocks)
        == "| Age | Rate |\n| --- | --- |\n| 25 | £5, or less |"
    )
    assert sheet("", ",").blocks == []
    with pytest.raises(errors.DocumentCorrupt, match="columns"):
        sheet(",".join("abc" * 30), ",")


def message(body: str, subtype: str = "plain") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "New rates"
    made["From"] = "someone@example.org"
    made["Date"] = "Mon, 06 Apr 2026 09:00:00 +0000"
    made.set_content(body, subtype=subtype)
    return made


def test_mail_gives_its_words_and_neither_addresses_nor_what_it_replies_to() -> None:
    made = message("The rate is £5.\n\nOn Monday someone@example.org wrote:\n> What is the rate?\n")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    draft = mail(bytes(made))
    assert [b.text for b in draft.blocks] == ["New rates", "The rate is £5."]
    assert draft.fields == {"published_at": dt.date(2026, 4, 6)}
    assert draft.dropped["attachment"] == 1
    assert [b.text for b in mail(bytes(message("Words.\n-- \nA Person"))).blocks] == ["New rates", "Words."]
    assert [b.text for b in mail(bytes(message("<p>In HTML.</p>", "html"))).blocks] == [
        "New rates",
        "In HTML.",
    ]


def test_encrypted_mail_is_locked() -> None:
    with pytest.raises(errors.DocumentLocked):
        mail(b"Content-Type: multipart/encrypted; boundary=x\n\n--x\n")


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (b"# A", "a.md", Format.MARKDOWN),
        (b"<!DOCTYPE html><p>x", "a.txt", Format.HTML),
        (b"%PDF-1.4", "anything.txt", Format.PDF),
        (archive("word/document.xml"), "a.bin", Format.WORD),
        (b"{}", "a.json", Format.GOVUK),
        (b"a,b", "a.CSV", Format.COMMAS),
        (b"a\tb", "a.tsv", Format.TABS),
        (b"From: a", "a.eml", Format.MAIL),
        (b"words", "README", Format.PLAIN),
    ],
)
def test_what_a_file_is(data: bytes, name: str, form: Format) -> None:
    assert sniff(data, name) is form


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.md", errors.DocumentEmpty),
        (b" \n\xef\xbb\xbf", "a.md", errors.DocumentEmpty),
        (b"words", "a.pdf", errors.DocumentCorrupt),
        (b"words", "a.docx", errors.DocumentCorrupt),
        (b"PK\x03\x04 broken", "a.docx", errors.DocumentCorrupt),
        (archive("a.txt"), "a.docx", errors.DocumentCorrupt),
        (archive("content.xml"), "a.odt", errors.DocumentCorrupt),
        (archive("a.txt"), "a.zip", errors.DocumentUnsupported),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "a.docx", errors.DocumentLocked),
        (OLD, "a.doc", errors.DocumentUnsupported),
        (b"words", "a.rtf", errors.DocumentCorrupt),
        (b"\x89PNG", "a.png", errors.DocumentUnsupported),
    ],
)
def test_what_is_not_taken_in_and_why(data: bytes, name: str, error: type[errors.DocumentRejected]) -> None:
    with pytest.raises(error) as raised:
        sniff(data, name)
    assert raised.value.do


def test_bytes_that_are_not_text_are_corrupt() -> None:
    with pytest.raises(errors.DocumentCorrupt, match="bytes"):
        drafted(b"ab\x01\x02\x03cd" * 50, "a.md", Limits())


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.html", "a.md"])
def test_each_text_format_reaches_its_reader(name: str) -> None:
    assert drafted(b"One\tline,\n\nand another.", name, Limits()).blocks
