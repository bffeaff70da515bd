"""Why: patterns and models that are quick on a question take quadratic time, or time out, on a file of a megabyte. A long
text is read in windows that overlap by more than any finding is long, and each finding counts where it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from governance.redaction.spans import Span

SIZE = 6000
"""Characters that are read in one piece; a shorter text is read whole."""
MARGIN = 500
"""Characters read before and after a piece, so that what stands at its edges is seen with its context."""

NEAR = 240
"""Characters beside a word that are read with it when what lies further off holds no word: half of what the slower name
model reads at a time (``rampart.WINDOW``)."""


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


def near(text: str, places: Iterable[tuple[int, int]], find: Callable[[str], list[Span]]) -> list[Span]:
    """What ``find`` finds close to ``places`` (in order), each stretch read once; offsets in the whole text.

    For a reader that is dear, and can find nothing where there is no such place.
    """
    found: list[Span] = []
    for low, high in _stretches(text, places):
        found += [replace(span, start=span.start + low, end=span.end + low) for span in find(text[low:high])]
    return found


def _stretches(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in places:
        low, high = max(0, start - NEAR), min(len(text), end + NEAR)
        if current is not None and low <= current[1]:
            current = (current[0], high)
            continue
        if current is not None:
            yield _trimmed(text, *current)
        current = (low, high)
    if current is not None:
        yield _trimmed(text, *current)


def _trimmed(text: str, low: int, high: int) -> tuple[int, int]:
    """A stretch without the words it cuts through at its ends."""
    back = text.rfind(" ", high - NEAR // 2, high)
    return _edge(text, low), high if high == len(text) or back < 0 else back


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
