"""Why: "what changed in April?" is the question that a guidance owner is asked, and it is answered section by
section, sentence by sentence, from the versions that are kept.

Sections are matched by their headings, and one that is new to the headings by its text (it was renamed or moved).
Sentences are compared as ``ingest.sentences`` cuts them, with the standard library's ``difflib``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from ingest.documents import Metadata, Passage
from ingest.sentences import units

ALIKE = 0.6
"""Share of sentences in common from which a section under another heading is the same one, renamed or moved."""

What = Literal["added", "removed", "changed", "renamed"]


@dataclass(frozen=True)
class SectionChange:
    """What became of one section. Sentences that stayed are not listed."""

    heading_path: tuple[str, ...]
    """Of the later version; of the earlier, where the section is gone."""
    what: What
    removed: tuple[str, ...]
    added: tuple[str, ...]
    was: tuple[str, ...] = ()
    """Its headings before, where it was renamed or moved."""


@dataclass(frozen=True)
class FieldChange:
    """A statement about the document that changed: its dates, its nations, its title."""

    field: str
    before: str
    after: str


def section_changes(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[SectionChange, ...]:
    """What changed from one version's passages to another's, in the later one's order, removed sections last."""
    old, new = _sections(before), _sections(after)
    gone = [path for path in old if path not in new]
    made: list[SectionChange] = []
    for path, said in new.items():
        was = path if path in old else _moved(said, old, gone)
        if was is None:
            made.append(SectionChange(path, "added", (), said))
            continue
        if was in gone:
            gone.remove(was)
        removed, added = _between(old[was], said)
        if was != path:
            made.append(SectionChange(path, "renamed", removed, added, was))
        elif removed or added:
            made.append(SectionChange(path, "changed", removed, added))
    made += [SectionChange(path, "removed", old[path], ()) for path in gone]
    return tuple(made)


def field_changes(before: Metadata, after: Metadata) -> tuple[FieldChange, ...]:
    """Fields that say something else now, in the order of ``Metadata``; the file's place is none of them."""
    return tuple(
        FieldChange(name, _said(a), _said(b))
        for name, a in vars(before).items()
        if name != "path" and a != (b := getattr(after, name))
    )


def _sections(passages: Sequence[Passage]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Heading path → its sentences, each once: what a passage repeats from the one before it is left out."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path, group in groupby(passages, key=lambda passage: passage.heading_path):
        found[path] = (*found.get(path, ()), *_sentences(group))
    return found


def _sentences(passages: Iterator[Passage]) -> Iterator[str]:
    before: list[str] = []
    for passage in passages:
        now = [" ".join(passage.text[unit.start : unit.end].split()) for unit in units(passage.text)]
        repeated = next((n for n in range(min(len(before), len(now)), 0, -1) if before[-n:] == now[:n]), 0)
        yield from now[repeated:]
        before = now


def _moved(
    said: tuple[str, ...], old: dict[tuple[str, ...], tuple[str, ...]], gone: Sequence[tuple[str, ...]]
) -> tuple[str, ...] | None:
    alike = {path: SequenceMatcher(None, old[path], said, autojunk=False).ratio() for path in gone}
    best = max(alike, key=lambda path: alike[path], default=None)
    return best if best is not None and alike[best] >= ALIKE else None


def _between(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    removed: list[str] = []
    added: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += before[a:b]
            added += after[c:d]
    return tuple(removed), tuple(added)


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
