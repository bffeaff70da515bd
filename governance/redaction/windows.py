"""Why: patterns and models that are quick on a question take quadratic time, or time out, on a file of a megabyte. A long
text is read in windows that overlap by more than any finding is long, and each finding counts where it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from governance.redaction.spans import Span

SIZE = 6000
"""Characters that are read in one piece; a shorter text is read whole."""
MARGIN = 500
"""Characters read before and after a piece, so that what stands at its edges is seen with its context."""


def in_windows(text: str, find: Callable[[str], list[Span]]) -> list[Span]:
    """What ``find`` finds in a text, read piece by piece where it is long; offsets in the whole text."""
    if len(text) <= SIZE + 2 * MARGIN:
        return find(text)
    found: list[Span] = []
    for start, end in _pieces(text):
        low, high = _edge(text, max(0, start - MARGIN)), min(len(text), end + MARGIN)
        found += [
            replace(span, start=span.start + low, end=span.end + low)
            for span in find(text[low:high])
            if start <= span.start + low < end
        ]
    return found


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that together are the whole text; each ends at a space where there is one near."""
    start = 0
    while start < len(text):
        end = _edge(text, min(len(text), start + SIZE))
        yield start, end
        start = end


def _edge(text: str, at: int) -> int:
    """The first place after a space, from ``at`` on; ``at`` itself where none is near."""
    if at in (0, len(text)):
        return at
    for place in range(at, min(len(text), at + MARGIN // 2)):
        if text[place - 1].isspace():
            return place
    return at
