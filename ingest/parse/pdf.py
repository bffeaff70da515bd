"""Why: much guidance exists only as PDF, which holds marks on a page and no structure: headings, paragraphs
and tables are found again from where the marks stand, and what repeats on each page is dropped.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from governance.errors import DocumentCorrupt, DocumentLocked, DocumentTooLarge, DocumentWithoutText
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.limits import Counted, Limits, uncounted
from ingest.parse.pdf_layout import Line, Page, blocks_of
from ingest.parse.pdf_unseen import without_unseen
from ingest.parse.text import clean, one_line

_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_JUNK_TITLE = re.compile(
    r"^(untitled|microsoft word|document\d*|.*\.(docx?|pdf|indd|qxd|rtf|pptx?))\b", re.IGNORECASE
)
FEWEST = 20
"""Fewest characters in a whole file that count as a text layer."""


def pdf(data: bytes, limits: Limits, counted: Counted = uncounted) -> Draft:
    """Blocks of a PDF's text layer, with page numbers; ``counted`` is told how many pages there are.

    Raises DocumentLocked, DocumentCorrupt, DocumentTooLarge and, for a scan, DocumentWithoutText.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            return _drafted(document, limits, counted)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise _locked() from error
    except PdfminerException as error:  # pdfplumber wraps the first error of pdfminer
        if any(
            isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError))
            for cause in (*error.args, error.__cause__)
        ):
            raise _locked() from error
        raise _corrupt() from error
    except (
        PDFException,
        PSException,
        MalformedPDFException,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
    ) as error:
        raise _corrupt() from error


def _locked() -> DocumentLocked:
    return DocumentLocked("it needs a password", do="save it without a password")


def _corrupt() -> DocumentCorrupt:
    return DocumentCorrupt("its pages cannot be read", do="print it to PDF again, or use the original")


def _drafted(document: Any, limits: Limits, counted: Counted) -> Draft:
    draft = Draft(own_title=_own_title(document.metadata))
    count = len(document.pages)
    if count > limits.pages:
        raise DocumentTooLarge(f"it has {count:,} pages; the limit is {limits.pages:,}", do="split it")
    counted(count)
    pages: list[Page] = []
    for page in document.pages:
        pages.append(_page(page, draft))
        draft.dropped["image"] += len(page.images)
        draft.dropped["page without text"] += not pages[-1].lines
        page.close()
    if sum(len(line.text) for page in pages for line in page.lines) < FEWEST:
        raise DocumentWithoutText(
            "it has next to no text layer: it is a scan or holds pictures only", do="read it with OCR first"
        )
    draft.blocks = blocks_of(pages, draft.dropped)
    return draft


def _own_title(about: Any) -> str:
    title = about.get("Title") if isinstance(about, dict) else None
    named = one_line(title) if isinstance(title, str) else ""
    return "" if _JUNK_TITLE.match(named) or len(named) < 4 else named


def _page(page: Any, draft: Draft) -> Page:
    """A page's lines outside its tables, and its tables, top to bottom as they are written."""
    page = without_unseen(page, draft).filter(_once())
    tables = _tables(page)
    words = page.extract_words(use_text_flow=True, extra_attrs=["fontname", "size"], keep_blank_chars=False)
    outside = [w for w in words if not any(_within(w, box) for box, _ in tables)]
    made = Page(page.page_number, float(page.height), list(_lines(outside)))
    for (_, top, _, bottom), block in tables:
        made.tables.append((float(top), float(bottom), block))
    return made


def _once() -> Callable[[dict[str, Any]], bool]:
    """Keeps each character once: bold is often a letter printed twice, a hair apart."""
    seen: set[tuple[str, int, int]] = set()

    def keep(thing: dict[str, Any]) -> bool:
        if thing["object_type"] != "char":
            return True
        key = (thing["text"], round(thing["x0"]), round(thing["top"]))
        new = key not in seen
        seen.add(key)
        return new

    return keep


def _tables(page: Any) -> list[tuple[tuple[float, float, float, float], Block]]:
    """Ruled tables. Tables set without rules are read as lines: guessing columns would put words together
    that stand apart."""
    if len(page.rects) + len(page.lines) + len(page.curves) < 4 or len(page.edges) > 5_000:
        return []
    found = []
    for each in page.find_tables():
        rows = [[clean(cell or "") for cell in row] for row in each.extract()]
        filled = sum(bool(cell.strip()) for row in rows for cell in row)
        block = table(rows, page=page.page_number)
        if block is not None and block.kind == "table" and filled * 3 >= sum(map(len, rows)):
            found.append((each.bbox, block))
    return found


def _within(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle_x, middle_y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= middle_x <= box[2] and box[1] <= middle_y <= box[3])


def _lines(words: list[dict[str, Any]]) -> Iterator[Line]:
    """Words that follow each other at one height, in the order in which the page was written."""
    held: list[dict[str, Any]] = []
    for word in words:
        if held and not _same_line(held[-1], word):
            yield _line(held)
            held = []
        held.append(word)
    if held:
        yield _line(held)


def _same_line(before: dict[str, Any], word: dict[str, Any]) -> bool:
    overlap = min(before["bottom"], word["bottom"]) - max(before["top"], word["top"])
    height = min(before["bottom"] - before["top"], word["bottom"] - word["top"])
    forward = word["x0"] >= before["x0"] - 1
    return bool(forward and overlap > 0.4 * height and word["x0"] - before["x1"] < 8 * max(height, 1))


def _line(words: list[dict[str, Any]]) -> Line:
    letters = sum(len(w["text"]) for w in words)
    bold = sum(len(w["text"]) for w in words if _BOLD.search(str(w["fontname"])))
    size = max(words, key=lambda w: len(w["text"]))["size"]
    return Line(
        text=one_line(" ".join(w["text"] for w in words)),
        x0=float(min(w["x0"] for w in words)),
        x1=float(max(w["x1"] for w in words)),
        top=float(min(w["top"] for w in words)),
        bottom=float(max(w["bottom"] for w in words)),
        size=round(float(size) * 2) / 2,
        bold=bold > 0.8 * letters,
    )
