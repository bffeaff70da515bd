"""Why: a file's name is a claim, and its first bytes are evidence; a reader is chosen by what a file is,
and one that is not what it says is rejected with a reason a person can act on.
"""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from pathlib import PurePath

from governance.errors import DocumentCorrupt, DocumentEmpty, DocumentLocked, DocumentUnsupported


class Format(StrEnum):
    """What a file is."""

    MARKDOWN = "markdown"
    HTML = "html"
    PLAIN = "plain"
    PDF = "pdf"
    WORD = "word"
    GOVUK = "govuk"
    COMMAS = "commas"
    TABS = "tabs"
    MAIL = "mail"
    OPEN_DOCUMENT = "open document"
    SLIDES = "slides"
    WORKBOOK = "workbook"
    RICH = "rich text"


_BY_NAME = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".txt": Format.PLAIN,
    ".text": Format.PLAIN,
    "": Format.PLAIN,
    ".json": Format.GOVUK,
    ".csv": Format.COMMAS,
    ".tsv": Format.TABS,
    ".eml": Format.MAIL,
}
_SAVE_AS = "save it as DOCX, PDF, HTML or Markdown"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def sniff(data: bytes, name: str) -> Format:
    """What the bytes are, helped by the name.

    Raises DocumentEmpty, DocumentLocked (an encrypted Office file), DocumentCorrupt (not what its name
    says) or DocumentUnsupported.
    """
    suffix = PurePath(name).suffix.lower()
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise DocumentEmpty("it holds nothing", do="remove the file, or save it again")
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archived(data, suffix)
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise DocumentLocked("it needs a password", do="save it without a password")
        raise DocumentUnsupported(f"{suffix or 'this'} is an old Office format", do=_SAVE_AS)
    if data.startswith(b"{\\rtf"):
        return Format.RICH
    if suffix in (".pdf", ".docx", ".odt", ".odp", ".ods", ".pptx", ".xlsx", ".rtf"):
        raise DocumentCorrupt(f"it is named {suffix} and is none", do="save or copy the file again")
    chosen = _BY_NAME.get(suffix)
    if chosen is None:
        raise DocumentUnsupported(f"{suffix} files are not taken in", do=_SAVE_AS)
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if chosen in (Format.MARKDOWN, Format.PLAIN) and head.startswith((b"<!doctype html", b"<html")):
        return Format.HTML
    return chosen


def _archived(data: bytes, suffix: str) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if _is_small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise DocumentCorrupt("it is a broken archive", do="save or copy the file again") from error
    if "word/document.xml" in names or (suffix == ".docx" and "[Content_Types].xml" in names):
        return Format.WORD
    if "ppt/presentation.xml" in names:
        return Format.SLIDES
    if "xl/workbook.xml" in names:
        return Format.WORKBOOK
    if kind.startswith(b"application/vnd.oasis.opendocument.") and "content.xml" in names:
        return Format.OPEN_DOCUMENT
    if suffix in (".docx", ".odt", ".odp", ".ods", ".pptx", ".xlsx"):
        raise DocumentCorrupt(f"it is an archive and no whole {suffix} file", do="save it again")
    raise DocumentUnsupported(f"{suffix or 'this kind of archive'} files are not taken in", do=_SAVE_AS)


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 200
