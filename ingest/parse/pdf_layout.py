"""Why: which lines make a paragraph, a heading or a page's furniture is judged from the whole file: from the
size most of it is set in, and from what comes back at the same place page after page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.parse.blocks import Block
from ingest.parse.plain import marked

EDGE = 0.12
"""Share of a page's height, at its top and at its foot, in which running lines are looked for."""
LARGER = 1.12
"""A line set this much larger than the body is a heading."""
LONGEST_HEADING = 140
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)
_PARAGRAPH_NUMBER = re.compile(
    r"(?:\d{1,3}\.?|\d{1,4}(?:\.\d{1,3})+\.?|\(?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,4})\))\s+\S"
)
_CONTENTS = re.compile(r".*?(?:\.{5,}|(?:\. ){4,}|…{2,})\s*(?:\d{1,4}|[ivxlc]{1,6})?")
_ENDS = re.compile(r"[.!?:;]['\"”’)\]]*$")
_CUT_WORD = re.compile(r"(\w+)-$")


@dataclass(frozen=True)
class Line:
    """One line of print. Lengths in points; ``top`` is measured from the top of the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass
class Page:
    """The lines of a page outside its tables, and the tables with where they begin and end."""

    number: int
    height: float
    lines: list[Line]
    tables: list[tuple[float, float, Block]] = field(default_factory=list)


def blocks_of(pages: list[Page], dropped: Counter[str]) -> list[Block]:
    """Headings, paragraphs, items and tables of the whole file, in reading order."""
    running = _running(pages)
    sizes: Counter[float] = Counter()
    words: set[str] = set()
    for page in pages:
        kept = [line for line in page.lines if line.text and not _is_furniture(line, page, running)]
        dropped["running line"] += len(page.lines) - len(kept)
        page.lines = [line for line in kept if not _CONTENTS.fullmatch(line.text)]
        dropped["line of contents"] += len(kept) - len(page.lines)
        for line in page.lines:
            sizes[line.size] += len(line.text)
            words.update(re.findall(r"\w+(?:-\w+)*", line.text.lower()))
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    levels = _levels(pages, body)
    blocks: list[Block] = []
    for page in pages:
        for block in _page_blocks(page, levels, body, words):
            if blocks and _carries_on(blocks[-1], block):
                blocks[-1] = _joined(blocks[-1], block, words)
            else:
                blocks.append(block)
    return blocks


def _running(pages: list[Page]) -> set[tuple[str, int]]:
    """Lines at one height at the edges of three pages (two of a short file) and a third of them."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_pattern(line) for line in page.lines if _at_edge(line, page)})
    least = max(2 if len(pages) < 4 else 3, len(pages) / 3)
    return {pattern for pattern, count in seen.items() if count >= least}


def _pattern(line: Line) -> tuple[str, int]:
    """What a running line has in common from page to page: its words, whatever its numbers, and its height."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.top / 6)


def _at_edge(line: Line, page: Page) -> bool:
    return line.bottom < page.height * EDGE or line.top > page.height * (1 - EDGE)


def _is_furniture(line: Line, page: Page, running: set[tuple[str, int]]) -> bool:
    return _at_edge(line, page) and (
        _pattern(line) in running or _PAGE_NUMBER.fullmatch(line.text.strip()) is not None
    )


def _levels(pages: list[Page], body: float) -> dict[tuple[float, bool], int]:
    """Level of each style of heading: the larger the higher, bold before light of one size."""
    styles = {(line.size, line.bold) for page in pages for line in page.lines if _stands_out(line, body)}
    ordered = sorted(styles, reverse=True)[:12]
    return {style: min(level, 6) for level, style in enumerate(ordered, start=1)}


def _stands_out(line: Line, body: float) -> bool:
    larger = line.size >= body * LARGER
    return (larger or (line.bold and line.size >= body)) and (
        len(line.text) <= LONGEST_HEADING
        and any(c.isalpha() for c in line.text)
        and not line.text.endswith((",", ";"))
        and (larger or not line.text.endswith("."))
    )


def _page_blocks(
    page: Page, levels: dict[tuple[float, bool], int], body: float, words: set[str]
) -> Iterator[Block]:
    waiting = sorted(page.tables, key=lambda entry: entry[0])
    held: list[Line] = []
    edge = max((line.x1 for line in page.lines), default=0.0)
    for line in page.lines:
        due = [entry for entry in waiting if entry[1] <= line.top + 1]
        if due or (held and _parts(held[-1], line, body, edge)):
            yield from _block(held, page.number, levels, body, words)
            held = []
        for entry in due:
            waiting.remove(entry)
            yield entry[2]
        held.append(line)
    yield from _block(held, page.number, levels, body, words)
    for entry in waiting:
        yield entry[2]


def _parts(before: Line, line: Line, body: float, edge: float) -> bool:
    """Whether a new paragraph begins with this line; ``edge`` is where the page's longest line ends."""
    if (before.size, before.bold) != (line.size, line.bold) and (
        _stands_out(before, body) or _stands_out(line, body)
    ):
        return True
    gap = line.top - before.bottom
    if line.top < before.top - 2:  # another column, or the page begins again
        return bool(_ENDS.search(before.text))
    if gap > 0.75 * max(line.size, before.size):
        return True
    item = marked(line.text)
    if item and item[0] == "-":
        return True
    full = before.x1 > 0.9 * edge and not _ENDS.search(before.text)  # "aged 20 to / 64." is one sentence
    return not full and (item is not None or _PARAGRAPH_NUMBER.match(line.text) is not None)


def _block(
    lines: list[Line], number: int, levels: dict[tuple[float, bool], int], body: float, words: set[str]
) -> Iterator[Block]:
    if not lines:
        return
    text = lines[0].text
    for line in lines[1:]:
        text = _continued(text, line.text, words)
    if all(_stands_out(line, body) for line in lines) and len(text) <= LONGEST_HEADING:
        yield Block("heading", text, level=levels.get((lines[0].size, lines[0].bold), 6), page=number)
        return
    item = marked(text)
    if item and item[0] == "-":
        yield Block("item", item[1], page=number)
    elif len(text) > 1:
        yield Block("paragraph", text, page=number)


def _continued(text: str, more: str, words: set[str]) -> str:
    """Two lines as one. A word cut at the end of a line is joined as it is written elsewhere in the file."""
    cut = _CUT_WORD.search(text)
    if not cut or not more[:1].islower():
        return f"{text} {more}"
    rest = re.match(r"\w+", more)
    whole = (cut[1] + (rest[0] if rest else "")).lower()
    return text[:-1] + more if whole in words else text + more


def _carries_on(before: Block, block: Block) -> bool:
    """Whether a paragraph runs over from the page before."""
    return (
        before.page != block.page
        and before.kind in ("paragraph", "item")
        and block.kind == "paragraph"
        and not _ENDS.search(before.text)
        and block.text[:1].islower()
    )


def _joined(before: Block, block: Block, words: set[str]) -> Block:
    return Block(
        before.kind, _continued(before.text, block.text, words), marker=before.marker, page=before.page
    )
