"""Why: one table says which reader takes which format; it runs inside the limited process, and nothing here
trusts the file.
"""

from __future__ import annotations

from pathlib import Path

from governance.errors import DocumentCorrupt, DocumentTooLarge, DocumentWithoutText, FileNotReadable
from ingest.documents import Parsed
from ingest.parse.blocks import Draft, sections
from ingest.parse.limits import Counted, Limits, uncounted
from ingest.parse.metadata import metadata, sidecar
from ingest.parse.sniff import Format, sniff
from ingest.parse.text import decode
from ingest.parse.unseen import watching

LONGEST_TITLE = 200
"""Most characters of a first heading that is taken for a title."""


def read(path: Path, relative: str, limits: Limits, counted: Counted = uncounted) -> Parsed:
    """Parse one file in this process. Raises DocumentRejected; may raise what a library raises on a bad file.

    ``relative`` is the file's path inside its source, with forward slashes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError as error:
        raise FileNotReadable(
            f"{relative} cannot be read ({error.strerror})", do="check its permissions"
        ) from error
    if len(data) > limits.bytes:
        raise DocumentTooLarge(f"it is larger than {limits.bytes:,} bytes", do="split it into smaller files")
    with watching() as unseen:
        draft = drafted(data, path.name, limits, counted)
    given = {**draft.fields, **sidecar(path)}
    about = metadata(given, path=relative, title=_title(draft, path))
    total = sum(len(block.text) for block in draft.blocks)
    if total > limits.text:
        raise DocumentTooLarge(f"it holds more than {limits.text:,} characters of text", do="split it")
    made = sections(about.title, draft.blocks)
    if not made:
        left = ", ".join(_counted(draft))
        raise DocumentWithoutText(f"no text was found in it{f' ({left})' if left else ''}", do=_WHAT_TO_DO)
    return Parsed(about, made, _counted(draft), (*draft.unseen, *unseen))


_WHAT_TO_DO = "if it is a scan, read it with OCR first; if it is a menu page, leave it out"


def drafted(data: bytes, name: str, limits: Limits, counted: Counted = uncounted) -> Draft:
    """Blocks and fields of a file's bytes, by the reader for its format. Libraries are loaded when needed."""
    form = sniff(data, name)
    if form is Format.PDF:
        from ingest.parse.pdf import pdf

        return pdf(data, limits, counted)
    if form is Format.WORD:
        from ingest.parse.docx import word

        return word(data, limits)
    if form is Format.OPEN_DOCUMENT:
        from ingest.parse.odf import open_document

        return open_document(data, limits)
    if form is Format.SLIDES:
        from ingest.parse.slides import slides

        return slides(data, limits)
    if form is Format.WORKBOOK:
        from ingest.parse.workbook import workbook

        return workbook(data, limits)
    if form is Format.RICH:
        from ingest.parse.rich import rich

        return rich(data)
    if form is Format.GOVUK:
        from ingest.parse.govuk import govuk

        return govuk(data)
    if form is Format.MAIL:
        from ingest.parse.mail import mail

        return mail(data)
    text = decode(data)
    if _is_binary(text):
        raise DocumentCorrupt("it holds bytes and not text", do="check what the file is, and name it so")
    if form is Format.MARKDOWN:
        from ingest.parse.markdown import markdown

        return markdown(text)
    if form is Format.HTML:
        from ingest.parse.html import html

        return html(text)
    if form is Format.PLAIN:
        from ingest.parse.plain import plain

        return plain(text)
    from ingest.parse.sheet import sheet

    return sheet(text, "," if form is Format.COMMAS else "\t")


def _is_binary(text: str) -> bool:
    """More than one character in fifty that no text has: controls, or the mark of an undecodable byte."""
    odd = sum(text.count(chr(code)) for code in [*range(9), *range(14, 32), 0xFFFD])
    return odd * 50 > len(text)


def _title(draft: Draft, path: Path) -> str:
    """What its reader is sure of, else a main heading, else what its properties say, else any heading or its name."""
    headings = [
        block for block in draft.blocks if block.kind == "heading" and len(block.text) <= LONGEST_TITLE
    ]
    main = next((block.text for block in headings[:1] if block.level == 1), "")
    return draft.title or main or draft.own_title or (headings[0].text if headings else path.stem)


def _counted(draft: Draft) -> tuple[str, ...]:
    return tuple(f"{kind}: {count}" for kind, count in sorted(draft.dropped.items()) if count)
