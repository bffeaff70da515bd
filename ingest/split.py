"""Why: a passage is what is found, shown and quoted, so it must be small enough for the embedder to read
whole and whole enough to be understood alone.

Passages are slices of a section's text, so that every quote from them is verbatim. They end between
sentences; a list keeps the line that leads in to it and a table its header row, repeated where either must
be cut. Nothing else is repeated, but for a sentence whose subject is in the one before ("It ends when…").
The size comes from what small sentence embedders read well (all-MiniLM reads 256 word pieces) and is
measured with two counters: tiktoken's for the size people speak of, the embedder's own for the hard limit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ingest.documents import Parsed, Passage, Section
from ingest.sentences import Unit, units

Count = Callable[[str], int]

TARGET = 180
"""Tokens (tiktoken cl100k_base) that a passage is filled to."""
STRETCH = 1.5
"""A list, table or paragraph may exceed the target by this much rather than be cut."""
TINY = 25
"""A section of fewer tokens is joined to its neighbour: a heading with five words answers nothing."""
_NEEDS_ITS_SUBJECT = re.compile(r"(?:It|They|He|She|This|These|That|Those|Its|Their|Such)\b")
_EMPTY_CELL = re.compile(r"\|\s*\|")


def split(
    parsed: Parsed, *, version_id: str, count: Count, limit: int, tokens: Count, target: int = TARGET
) -> list[Passage]:
    """Passages of a version, in order.

    ``tokens`` counts tiktoken cl100k_base tokens and bounds ``text`` by ``target * STRETCH``; ``count`` is the
    embedder's own tokeniser, and ``count(passage.indexed_text) <= limit`` holds for every passage.
    """
    sizes = _Sizes(count, limit, tokens, target)
    made: list[Passage] = []
    for section in _joined(parsed.sections, sizes):
        path = _short_path(section.heading_path, sizes)
        for text in _texts(section.text, path, sizes):
            ordinal = len(made)
            ident = passage_id(version_id, ordinal, text)
            made.append(
                Passage(ident, version_id, ordinal, path, text, tokens(text), section.page, section.place)
            )
    return made


def passage_id(version_id: str, ordinal: int, text: str) -> str:
    """``p`` and 24 hex digits of SHA-256 over version, place and text, parted by zero bytes."""
    return "p" + sha256(f"{version_id}\0{ordinal}\0{text}".encode()).hexdigest()[:24]


@dataclass(frozen=True)
class _Sizes:
    count: Count
    limit: int
    tokens: Count
    target: int

    def allows(self, path: tuple[str, ...], text: str, *, stretch: float = STRETCH) -> bool:
        """Whether a text under a heading path is within both limits."""
        if self.tokens(text) > self.target * stretch:
            return False
        return self.count(Passage("", "", 0, path, text, 0).indexed_text) <= self.limit


# --- sections ---------------------------------------------------------------------------------------


def _joined(sections: Sequence[Section], sizes: _Sizes) -> list[Section]:
    """Sections, with a tiny one joined to the neighbour under the same parent while the two fit together."""
    kept: list[Section] = []
    for section in sections:
        before = kept[-1] if kept else None
        if before and sizes.tokens(min(before.text, section.text, key=len)) < TINY:
            both = _both(before, section)
            if both and sizes.allows(both.heading_path, both.text, stretch=1):
                kept[-1] = both
                continue
        kept.append(section)
    return kept


def _both(first: Section, second: Section) -> Section | None:
    """Two neighbours as one under what their paths share, the headings that differ put in the text."""
    shared = 0
    for a, b in zip(first.heading_path, second.heading_path, strict=False):
        if a != b:
            break
        shared += 1
    longest = max(len(first.heading_path), len(second.heading_path))
    if shared == 0 or longest - shared > 1:
        return None
    path = first.heading_path[:shared]
    parts = [part for each in (first, second) for part in (*each.heading_path[shared:], each.text)]
    return Section(path, "\n\n".join(parts), first.page, first.place)


def _short_path(path: tuple[str, ...], sizes: _Sizes) -> tuple[str, ...]:
    """A heading path that leaves at least half of the embedder's limit to the text."""
    while len(path) > 2 and sizes.count(" > ".join(path)) > sizes.limit // 2:
        path = (path[0], *path[2:])
    while path and sizes.count(" > ".join(path)) > sizes.limit // 2:
        longest = max(range(len(path)), key=lambda i: len(path[i]))
        cut = path[longest][: len(path[longest]) // 2].rstrip()
        path = tuple(cut if i == longest else part for i, part in enumerate(path) if i != longest or cut)
    return path


# --- passages of one section --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    """What is never cut: a sentence, a list item or a table row, as a slice of the section's text."""

    start: int
    end: int
    form: str
    group: int
    """Pieces of one group (a paragraph, or a list with its lead-in, or a table) are kept together if they fit."""
    lead: str = ""
    """What must be repeated before the piece if a passage begins with it."""


def _texts(text: str, path: tuple[str, ...], sizes: _Sizes) -> Iterator[str]:
    if sizes.allows(path, text, stretch=1):
        yield text
        return
    pieces = [part for piece in _pieces(text) for part in _small_enough(piece, text, path, sizes)]
    runs = _merged(_packed(pieces, text, path, sizes), text, path, sizes)
    yield from (_said(run, text) for run in runs)


def _pieces(text: str) -> list[_Piece]:
    """The units of a text, gathered into groups."""
    made: list[_Piece] = []
    group, lead = 0, ""
    before: Unit | None = None
    for unit in units(text):
        start = unit.line if unit.form == "item" or (before and unit.line != before.line) else unit.start
        led = before is not None and text[: before.end].endswith(":")
        if unit.form == "sentence":
            group += before is None or before.line != unit.line or before.form != "sentence"
            lead = ""
        elif unit.form == "header":
            group += 0 if led else 1
            rule = text.find("\n", unit.end)
            lead = text[unit.start : text.find("\n", rule + 1) + 1]
        elif unit.form == "item" and (before is None or before.form != "item"):
            group += 0 if led else 1
            lead = text[before.start : before.end] + "\n\n" if led and before else ""
        made.append(_Piece(start, unit.end, unit.form, group, lead if unit.form in ("item", "row") else ""))
        before = unit
    return made


def _small_enough(piece: _Piece, text: str, path: tuple[str, ...], sizes: _Sizes) -> Iterator[_Piece]:
    """The piece, or where it alone is beyond a limit, parts of it cut between words (within one, if it must be)."""
    start = piece.start
    lead = piece.lead if sizes.allows(path, piece.lead + text[start : piece.end]) else ""
    while not sizes.allows(path, text[start : piece.end]):
        ends = [m.end() + start for m in re.finditer(r"\S+", text[start : piece.end])]
        if len(ends) == 1:
            ends = list(range(start + 1, piece.end + 1))
        fitting = bisect_right(ends, False, key=lambda end: not sizes.allows(path, text[start:end]))
        end = ends[max(0, fitting - 1)]
        if fitting == 0 and end - start > 1:
            words = range(start + 1, end + 1)
            end = words[
                max(0, bisect_right(words, False, key=lambda e: not sizes.allows(path, text[start:e])) - 1)
            ]
        yield _Piece(start, end, piece.form, piece.group, "")
        start = end + len(text[end : piece.end]) - len(text[end : piece.end].lstrip())
    if start < piece.end:
        yield _Piece(start, piece.end, piece.form, piece.group, lead if start == piece.start else "")


def _packed(pieces: list[_Piece], text: str, path: tuple[str, ...], sizes: _Sizes) -> list[list[_Piece]]:
    """Runs of pieces, each a passage: whole groups while they fit, then as many pieces as fit."""
    runs: list[list[_Piece]] = [[]]

    def fits(more: Sequence[_Piece], stretch: float = 1) -> bool:
        return sizes.allows(path, _said([*runs[-1], *more], text), stretch=stretch)

    position = 0
    while position < len(pieces):
        end = position
        while end < len(pieces) and pieces[end].group == pieces[position].group:
            end += 1
        group = pieces[position:end]
        position = end
        if fits(group):
            runs[-1].extend(group)
            continue
        if sizes.allows(path, _said(group, text)):
            runs.append(group)
            continue
        for index, piece in enumerate(group):
            leads = index + 1 < len(group) and group[index + 1].lead and not piece.lead
            if runs[-1] and not fits(group[index : index + 2] if leads else [piece]):
                runs.append(_with_subject(group, index, text, path, sizes))
            runs[-1].append(piece)
    return [run for run in runs if run]


def _with_subject(
    group: list[_Piece], index: int, text: str, path: tuple[str, ...], sizes: _Sizes
) -> list[_Piece]:
    """What goes before a piece that begins a passage: the pieces before it that hold its subject, if they fit."""
    first = index
    while first > 0 and _lacks_subject(group[first], text) and group[first - 1].form == group[first].form:
        first -= 1
        if group[first].form == "sentence":
            break
    return group[first:index] if sizes.allows(path, _said(group[first : index + 1], text), stretch=1) else []


def _lacks_subject(piece: _Piece, text: str) -> bool:
    """Whether a sentence begins with a pronoun, or a row with an empty cell (one that spans rows above it)."""
    needs = _EMPTY_CELL if piece.form == "row" else _NEEDS_ITS_SUBJECT
    return piece.form in ("row", "sentence") and needs.match(text[piece.start : piece.end]) is not None


def _merged(
    runs: list[list[_Piece]], text: str, path: tuple[str, ...], sizes: _Sizes
) -> Iterator[list[_Piece]]:
    """Runs, with a tiny one joined to the run before it where the two fit."""
    held: list[_Piece] = []
    for run in runs:
        new = [piece for piece in run if piece not in held]
        if held and sizes.tokens(_said(run, text)) < TINY and sizes.allows(path, _said([*held, *new], text)):
            held = [*held, *new]
            continue
        if held:
            yield held
        held = run
    if held:
        yield held


def _said(run: Sequence[_Piece], text: str) -> str:
    """The slice that a run covers, after what must be repeated before it."""
    return run[0].lead + text[run[0].start : run[-1].end] if run else ""
