"""Why: a passage is shown as it is read, in paragraphs, lists and tables, and the quote is marked where it stands.

Passage text keeps its structure as plain text (see ``ingest.documents.Section``): blank lines part
paragraphs, list items begin with "- " or "1. ", a table is a Markdown pipe table. Every character that is
shown comes from the passage, and each piece knows whether it lies inside a marked span.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Span = tuple[int, int]
"""Start and end of a quote, in characters of the passage."""

_ITEM = re.compile(r"\s*(?:([-*•])|(\d{1,3})[.)])\s+")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is marked, or is not."""

    text: str
    marked: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph (one row of one cell), a list (a row for each item) or a table (its header is row 0)."""

    kind: Literal["paragraph", "bullets", "numbers", "table"]
    rows: tuple[tuple[Pieces, ...], ...]
    start: int = 1
    """First number of a numbered list."""


def blocks(text: str, spans: Iterable[Span] = ()) -> tuple[Block, ...]:
    """A passage as blocks, with the spans marked."""
    marks = sorted(spans)
    return tuple(_block(kind, text, lines, marks) for kind, lines in _groups(text))


def _groups(text: str) -> Iterator[tuple[str, list[Span]]]:
    """Runs of lines of one kind, each line as a span."""
    kind, lines = "", list[Span]()
    for line in re.finditer(r"[^\n]*\n?", text):
        said = line.group().rstrip()
        now = _kind(said, kind)
        if lines and (now != kind or not now):
            yield kind, lines
            lines = []
        kind = now
        if now and not _RULE.fullmatch(said):
            lines.append((line.start(), line.start() + len(said)))
    if lines:
        yield kind, lines


def _kind(line: str, before: str) -> str:
    if not line.strip():
        return ""
    if line.startswith("|"):
        return "table"
    if item := _ITEM.match(line):
        return "bullets" if item.group(1) else "numbers"
    if before in ("bullets", "numbers") and line.startswith("  "):
        return before  # an item goes on
    return "paragraph"


def _block(kind: str, text: str, lines: list[Span], marks: list[Span]) -> Block:
    if kind == "table":
        rows = tuple(tuple(_pieces(text, *cell, marks) for cell in _cells(text, line)) for line in lines)
        return Block("table", rows)
    if kind == "paragraph":
        return Block("paragraph", ((_pieces(text, lines[0][0], lines[-1][1], marks),),))
    items: list[Span] = []
    first = 1
    for start, end in lines:
        item = _ITEM.match(text, start, end)
        if item is None:
            items[-1] = (items[-1][0], end)
            continue
        if not items and item.group(2):
            first = int(item.group(2))
        items.append((item.end(), end))
    rows = tuple((_pieces(text, start, end, marks),) for start, end in items)
    return Block("numbers" if kind == "numbers" else "bullets", rows, first)


def _cells(text: str, line: Span) -> Iterator[Span]:
    bars = [bar.start() for bar in _CELL.finditer(text, *line)]
    if len(bars) < 2 or bars[-1] < line[1] - 1:
        bars.append(line[1])
    for left, right in pairwise(bars):
        inner = text[left + 1 : right]
        start = left + 1 + len(inner) - len(inner.lstrip())
        yield start, max(start, start + len(inner.strip()))


def _pieces(text: str, start: int, end: int, marks: list[Span]) -> Pieces:
    made: list[Piece] = []
    at = start
    for low, high in marks:
        low, high = max(low, at), min(high, end)
        if low < high:
            if at < low:
                made.append(Piece(text[at:low]))
            made.append(Piece(text[low:high], marked=True))
            at = high
    if at < end:
        made.append(Piece(text[at:end]))
    return tuple(made)
