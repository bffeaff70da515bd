"""Why: a quotation is understood by what stands around it, so from a passage one can walk to its neighbours, to the
whole of its section and to what the section above it says.

Nothing of this is stored: passages are numbered within their version, and their headings make the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.documents import Passage


@dataclass(frozen=True)
class Context:
    """What stands around a passage in its version; each in the document's order, the passage itself left out."""

    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    section: tuple[Passage, ...]
    """The other passages cut from the same section."""
    parent: tuple[Passage, ...]
    """What stands directly under the heading above; empty where nothing does."""


def around(passages: Sequence[Passage], passage: Passage, before: int, after: int) -> Context:
    """The context of one of a version's passages, given all of them in order."""
    at = passage.ordinal
    path = passage.heading_path
    first = last = at
    while first > 0 and passages[first - 1].heading_path == path:
        first -= 1
    while last + 1 < len(passages) and passages[last + 1].heading_path == path:
        last += 1
    return Context(
        before=tuple(passages[max(0, at - before) : at]),
        after=tuple(passages[at + 1 : at + 1 + after]),
        section=tuple(p for p in passages[first : last + 1] if p.ordinal != at),
        parent=_parent(passages[:first], path),
    )


def _parent(earlier: Sequence[Passage], path: tuple[str, ...]) -> tuple[Passage, ...]:
    """Passages of the nearest section above: the longest shorter path with text of its own, looked for backwards."""
    for depth in range(len(path) - 1, 0, -1):
        end = next((n for n in range(len(earlier), 0, -1) if earlier[n - 1].heading_path == path[:depth]), 0)
        if end:
            start = end - 1
            while start > 0 and earlier[start - 1].heading_path == path[:depth]:
                start -= 1
            return tuple(earlier[start:end])
    return ()
