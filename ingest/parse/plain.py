"""Why: a text file has structure that a person sees (blank lines, underlines, markers) and no one has marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.parse.blocks import Block, Draft
from ingest.parse.text import clean, one_line

_BULLET = re.compile(r"\s*(?:[-*•‣▪▫◦●○–·]|o(?=\s{2,}|\t))\s+(?=\S)")
_NUMBER = re.compile(r"\s*(\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,})\s*$")
LONGEST_HEADING = 90
"""Most characters of a line that is taken for a heading."""


def plain(text: str) -> Draft:
    """Blocks of a plain text file: underlined lines and lines in capitals are headings."""
    draft = Draft()
    for lines in _stanzas(clean(text)):
        draft.blocks.extend(_stanza(lines))
    return draft


def _stanzas(text: str) -> Iterator[list[str]]:
    held: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            held.append(line)
        elif held:
            yield held
            held = []
    if held:
        yield held


def _stanza(lines: list[str]) -> Iterator[Block]:
    if len(lines) > 1 and _UNDERLINE.match(lines[1]) and len(lines[0]) <= LONGEST_HEADING:
        yield Block("heading", one_line(lines[0]), level=1 if "=" in lines[1] else 2)
        lines = lines[2:]
    elif _in_capitals(lines[0]) and (len(lines) == 1 or not _in_capitals(lines[1])):
        yield Block("heading", one_line(lines[0]), level=2)
        lines = lines[1:]
    held: list[str] = []
    marker = ""
    opens = True
    for line in [*lines, ""]:
        started = marked(line)
        if not started and line:
            held.append(line)
            continue
        if held:
            text = one_line(" ".join(held))
            yield Block("item", text, marker=marker, opens=opens) if marker else Block("paragraph", text)
            opens = not marker
        if started:
            marker, rest = started
            held = [rest]


def marked(line: str) -> tuple[str, str] | None:
    """The marker of a list item ("-" or its number) and the rest of its line; None where it is none."""
    bullet = _BULLET.match(line)
    if bullet:
        return "-", line[bullet.end() :]
    number = _NUMBER.match(line)
    return (number[1], line[number.end() :]) if number else None


def _in_capitals(line: str) -> bool:
    text = line.strip()
    return (
        3 < len(text) <= LONGEST_HEADING
        and text == text.upper()
        and sum(c.isalpha() for c in text) > len(text) / 2
        and not text.endswith((".", ",", ";"))
    )
