"""Why: answers quote whole sentences, and passages are never cut inside one, so both must agree on
where a sentence begins and ends.

Guidance is full of stops that end nothing ("reg. 5", "e.g.", "£1.50", "Mr. Jones"), and of things that
are one thought without a stop at all: a list item, a row of a table. ``units`` finds them all as spans of
the text as given, so that ``text[start:end]`` is always an exact quotation. Rules, not a model: the same
text must give the same spans on every machine and in every release of every library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Form = Literal["sentence", "item", "header", "row"]

_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(r"\s*(?:[-*•‣▪–]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_STOP = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*")
_OPENING = "\"'“‘«([{"
_WORD_BEFORE = re.compile(r"[\w.&’'-]*$")

_NEVER_LAST = re.compile(
    r"e\.g|i\.e|eg|ie|viz|cf|mr|mrs|ms|mx|dr|prof|rev|hon|messrs|sgt|lt|col|gen|st|vs|v|approx|e\.e"
    r"|h\.y"
)
"""Abbreviations that always have more to come (the last two are Welsh for "e.g." and "i.e.")."""
_BEFORE_A_NUMBER = re.compile(
    r"no|nos|reg|regs|para|paras|sch|schs|art|arts|s|ss|sec|secs|ch|chs|pt|pts|vol|p|pp|fig|figs|r|rr"
    r"|tel|ext|c|ca|cl|rhif|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
)
"""Abbreviations that have more to come when a number, a bracket or a single letter follows."""
_NAMES_A_LETTER = re.compile(
    r"part|schedule|annex|appendix|form|option|group|type|step|table|figure|box|list|category|class"
    r"|section|question|stage|grade|level|band|tier|plan|route|vitamin|hepatitis"
)
"""Words whose single capital letter is a label ("Annex A."), so that the stop after it is a real one."""


@dataclass(frozen=True)
class Unit:
    """The smallest thing that is quoted: ``text[start:end]``, without the marker of a list item."""

    start: int
    end: int
    form: Form
    """A sentence of running text, a list item, the header row of a table, or another row of it."""
    line: int
    """Where the line that holds it starts: before a list item's marker, or where the paragraph starts."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the sentences, list items and table rows of a text, in order, never overlapping.

    What lies between them is white space, list markers, and the rule under a table's header.
    """
    return [(unit.start, unit.end) for unit in units(text)]


def units(text: str) -> list[Unit]:
    """The same spans with what each is: running text, list item, table header or table row."""
    found: list[Unit] = []
    for start, end, form in _blocks(text):
        if form == "sentence":
            found.extend(Unit(a, b, form, start) for a, b in _running(text, start, end))
            continue
        marker = _MARKER.match(text, start, end) if form == "item" else None
        found.append(Unit(*_trim(text, marker.end() if marker else start, end), form, start))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int, Form]]:
    """Runs of lines that belong together: a paragraph, one list item with its continuation, one table row."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    held: tuple[int, int, Form] | None = None
    for position, (start, end) in enumerate(lines):
        line = text[start:end]
        blank_before = held is not None and text.count("\n", held[1], start) > 1
        form = _form_of(text, lines, position)
        continues = (
            held is not None
            and form == "sentence"
            and line.strip()
            and not blank_before
            and (held[2] == "sentence" or line[0].isspace())
            and held[2] not in ("row", "header")
        )
        if held is not None and continues:
            held = (held[0], end, held[2])
            continue
        if held is not None:
            yield held
        held = (start, end, form) if line.strip() and not _is_rule(line) else None
    if held is not None:
        yield held


def _form_of(text: str, lines: list[tuple[int, int]], position: int) -> Form:
    start, end = lines[position]
    line = text[start:end].strip()
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        after = text[slice(*lines[position + 1])] if position + 1 < len(lines) else ""
        return "header" if _is_rule(after) and after.strip().startswith("|") else "row"
    return "item" if _MARKER.match(text, start, end) else "sentence"


def _is_rule(line: str) -> bool:
    return "--" in line and not set(line) - set("|-: \t\r")


def _running(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of one paragraph."""
    begin = start
    depth, counted = 0, start
    for stop in _STOP.finditer(text, start, end):
        for character in text[counted : stop.end()]:
            depth = depth + 1 if character == "(" else max(0, depth - 1) if character == ")" else depth
        counted = stop.end()
        bracketed = depth > 0 and ")" in text[stop.end() : min(end, stop.end() + 300)]
        if not bracketed and _ends(text, begin, stop, end):
            yield _trim(text, begin, stop.end())
            begin = stop.end()
    if text[begin:end].strip():
        yield _trim(text, begin, end)


def _ends(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    """Whether a stop ends the sentence that began at ``begin``."""
    if stop[0][0] in "。！？":
        return True
    rest = text[stop.end() : min(end, stop.end() + 40)].lstrip()
    first = rest.lstrip(_OPENING)[:1]
    if not first or first.islower():
        return not rest
    if stop[0].strip("\"'”’»)]") != ".":
        return True
    before = _WORD_BEFORE.search(text, max(begin, stop.start() - 30), stop.start())
    word = (before[0] if before else "").lstrip("'’").lower()
    if _NEVER_LAST.fullmatch(word):
        return False
    if _BEFORE_A_NUMBER.fullmatch(word):
        return not (first.isdigit() or rest[0] == "(" or re.match(r"[A-Z]\b", rest))
    written = text[stop.start() - len(word) : stop.start()]
    if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", written):  # U.K.
        return False
    if len(word) == 1 and written.isupper() and word != "i":  # J. Smith, but Annex A.
        named = text[max(begin, stop.start() - 30) : stop.start() - 1].split()[-1:]
        return bool(named) and _NAMES_A_LETTER.fullmatch(named[0].lower()) is not None
    return True


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
