"""Why: letters and older guidance are kept as rich text, which any word processor of the last thirty years has written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from governance.errors import DocumentCorrupt
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.plain import plain
from ingest.parse.text import one_line

_TITLE = re.compile(r"\{\\title ([^{}\\]{1,200})\}")
_HIDDEN = re.compile(r"\\v (?!0)([^{}\\]{3,2000})")
_ROW = re.compile(r"[^\n|]*(?:\|[^\n|]*){2,}")


def rich(data: bytes) -> Draft:
    """Blocks of an RTF file: its paragraphs, lists and tables. Raises DocumentCorrupt."""
    text = data.decode("latin-1")
    hidden = _HIDDEN.findall(text)
    try:
        words = rtf_to_text(_HIDDEN.sub(r"\\v ", text), errors="replace")
    except (ValueError, IndexError, KeyError, LookupError, RecursionError) as error:
        raise DocumentCorrupt("its rich text cannot be read", do="save it as DOCX or ODT") from error
    draft = Draft(blocks=list(_blocks(words)))
    title = _TITLE.search(text)
    draft.own_title = one_line(title[1]) if title else ""
    for said in hidden:
        draft.hide("hidden text", said)
    return draft


def _blocks(words: str) -> Iterator[Block]:
    """Paragraphs end where a line does; lines with bars are rows of a table."""
    rows: list[list[str]] = []
    for line in [*words.split("\n"), ""]:
        if _ROW.fullmatch(line):
            rows.append([cell.strip() for cell in line.rstrip().rstrip("|").split("|")])
            continue
        made = table(rows) if rows else None
        if made:
            yield made
        rows = []
        yield from plain(line).blocks
