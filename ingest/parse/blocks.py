"""Why: every format comes down to the same few things (headings, paragraphs, list items, tables), so that
furniture is dropped and sections are made by one piece of code whatever the file was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ingest.documents import Section, Unseen
from ingest.parse.text import one_line
from ingest.parse.unseen import LONGEST, MOST

BlockKind = Literal["heading", "paragraph", "item", "table"]


@dataclass(frozen=True)
class Block:
    """One thing on a page, its text already clean."""

    kind: BlockKind
    text: str
    level: int = 0
    """Of a heading: 1 is the highest. Of a list item: how deep it is nested, from 0."""
    marker: str = "-"
    """Of a list item: "-", or its number with a stop."""
    page: int | None = None
    linked: float = 0.0
    """Share of the text that is links: menus are nearly all links."""
    opens: bool = False
    """Of a list item: whether a new list begins with it."""
    place: str = ""
    """Of a heading: what the document's address needs to open there."""


@dataclass
class Draft:
    """What a reader of one format found, before metadata and defaults are settled."""

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    """What the document is called, where its reader is sure of it."""
    own_title: str = ""
    """What the file's properties say; often left over from another file, so a main heading comes first."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Metadata that the file carries, as written."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Kinds of content left out, with how many of each."""
    unseen: list[Unseen] = field(default_factory=list)
    """What the file holds that a reader of it does not see."""

    def hide(self, kind: str, text: str, place: str = "") -> None:
        """Keep a text apart that a reader does not see."""
        said = one_line(text)
        if said and len(self.unseen) < MOST:
            self.unseen.append(Unseen(kind, said[:LONGEST], place))


def table(rows: Sequence[Sequence[str]], **about: Any) -> Block | None:
    """Rows as one Markdown pipe table, the first its header; None where they hold no text.

    A table of one column, or of one row, is layout and not data, and becomes a paragraph.
    """
    cells = [[one_line(cell) for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return None
    width = max(map(len, cells))
    kept = [c for c in range(width) if any(c < len(row) and row[c] for row in cells)]
    if len(kept) == 1 or len(cells) == 1:
        return Block("paragraph", " ".join(cell for row in cells for cell in row if cell), **about)
    lines = [_row([row[c] if c < len(row) else "" for c in kept]) for row in cells]
    lines.insert(1, _row(["---"] * len(kept)))
    return Block("table", "\n".join(lines), **about)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def sections(title: str, blocks: Iterable[Block]) -> tuple[Section, ...]:
    """The tree of headings flattened: each section with the path of headings that leads to it.

    A first heading that repeats the title adds nothing to the path. Headings with no text of their own
    survive in the paths of what stands under them.
    """
    made: list[Section] = []
    for path, place, held in _under_headings(title, blocks):
        text = render(held)
        if text:
            page = next((b.page for b in held if b.page), None)
            made.append(Section((title, *path), text, page, place))
    return tuple(made)


def _under_headings(
    title: str, blocks: Iterable[Block]
) -> Iterator[tuple[tuple[str, ...], str, list[Block]]]:
    """Heading path, the last heading's place, and what stands under it."""
    stack: list[tuple[int, str]] = []
    place = ""
    held: list[Block] = []
    started = False
    for block in blocks:
        if block.kind != "heading":
            held.append(block)
            continue
        yield tuple(text for _, text in stack), place, held
        held = []
        place = block.place
        if not started and block.text.casefold() == title.casefold():
            started = True
            continue
        started = True
        stack = [entry for entry in stack if entry[0] < block.level] + [(block.level, block.text)]
    yield tuple(text for _, text in stack), place, held


def render(blocks: Iterable[Block]) -> str:
    """Blocks as a person reads them: a blank line between them, but list items on lines of their own."""
    text, before = "", ""
    for block in blocks:
        line = f"{'  ' * block.level}{block.marker} {block.text}" if block.kind == "item" else block.text
        if not block.text.strip():
            continue
        together = block.kind == "item" and before == "item" and not block.opens
        text += (("\n" if together else "\n\n") if text else "") + line
        before = block.kind
    return text
