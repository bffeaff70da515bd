"""Why: what is quoted must stand on its own: a sentence; a list with the line that introduces it; a row of a
table with its headings. A passage is read as such statements, and one is never cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.tables import row_in_words
from ingest.sentences import Unit, units

WHOLE_LIST = 700
"""Characters up to which a list is quoted whole, with its lead-in; beyond, item by item under its lead-in."""

LONGEST_HEADING = 8
"""Words of a heading that stands in a passage's text, where small sections were joined."""


@dataclass(frozen=True)
class Statement:
    """Something a passage says that can be quoted by itself."""

    text: str
    """As it is shown: the quotes, or a table row in words."""
    quotes: tuple[tuple[int, int], ...]
    """Spans of the passage's text that carry it, in order."""
    form: str
    """``sentence``, ``list``, ``item`` or ``row``."""

    @property
    def start(self) -> int:
        """Where the statement's own part begins: its last quote, which is the item or row itself."""
        return self.quotes[-1][0]


@lru_cache(maxsize=2_000)
def statements(text: str) -> tuple[Statement, ...]:
    """Every statement of a passage, in order. Kept for the passages read last: search and contract read the same."""
    found: list[Statement] = []
    parts = units(text)
    at = 0
    header: Unit | None = None
    while at < len(parts):
        unit = parts[at]
        if unit.form == "item":
            items = _run(parts, at)
            lead = parts[at - 1] if at and _introduces(text, parts[at - 1]) else None
            if lead is not None and found and found[-1].quotes == ((lead.start, lead.end),):
                found.pop()
            found.extend(_list(text, lead, items))
            at += len(items)
            continue
        if unit.form == "header":
            header = unit
        elif unit.form == "row":
            found.append(_row(text, header, unit))
        elif not _is_heading(text, parts, at):
            header = None
            found.append(Statement(text[unit.start : unit.end], ((unit.start, unit.end),), "sentence"))
        at += 1
    return tuple(found)


def _is_heading(text: str, parts: list[Unit], at: int) -> bool:
    """Whether a line is the heading of what follows: short, by itself, and it ends as no sentence does."""
    unit = parts[at]
    said = text[unit.start : unit.end].strip()
    alone = text[: unit.start].endswith("\n\n") or not unit.start
    alone = alone and text[unit.end :].startswith("\n\n") and at + 1 < len(parts)
    return (
        alone
        and len(said.split()) <= LONGEST_HEADING
        and said[-1].isalpha()
        and not any(c.isdigit() for c in said)
    )


def _run(parts: list[Unit], at: int) -> list[Unit]:
    end = at
    while end < len(parts) and parts[end].form == "item":
        end += 1
    return parts[at:end]


def _introduces(text: str, unit: Unit) -> bool:
    return unit.form == "sentence" and text[unit.start : unit.end].rstrip().endswith((":", "–", "—"))


def _list(text: str, lead: Unit | None, items: list[Unit]) -> Iterator[Statement]:
    begin, end = (lead or items[0]).start, items[-1].end
    if lead is not None and end - begin <= WHOLE_LIST:
        yield Statement(text[begin:end], ((begin, end),), "list")
        return
    for item in items:
        own = text[item.start : item.end]
        if lead is None:
            yield Statement(own, ((item.start, item.end),), "item")
        else:
            said = f"{text[lead.start : lead.end]}\n- {own}"
            yield Statement(said, ((lead.start, lead.end), (item.start, item.end)), "item")


def _row(text: str, header: Unit | None, row: Unit) -> Statement:
    spans = ((header.start, header.end), (row.start, row.end)) if header else ((row.start, row.end),)
    heading = text[header.start : header.end] if header else ""
    return Statement(row_in_words(heading, text[row.start : row.end]), spans, "row")
