"""Why: "can walk 15 metres, how many points?" is answered by the row "more than 1 metre but no more than 20 metres" and misled
by the row above it, though both speak of the same things. Distances are compared as numbers, as ages are.
"""

from __future__ import annotations

import operator
import re

from assistant.figures import SPELT, number

_METRES = r"\s*(?:m|mtrs?|metres?|meters?)\b"
_IN_METRES = re.compile(_METRES, re.IGNORECASE)
_ASKED = re.compile(rf"\b(?P<n>\d{{1,4}}){_METRES}", re.IGNORECASE)
_MORE_THAN = r"(?:more|further|farther)\s+than"
_LINE = re.compile(
    rf"\b(?:(?P<at_most>(?:no|not)\s+{_MORE_THAN}|up\s+to|within"
    rf"|(?:cannot|can['’]?t|unable\s+to|not\s+able\s+to)\b[^.;]{{0,40}}?\b{_MORE_THAN})"
    rf"|(?P<below>less\s+than|under|fewer\s+than)|(?P<above>{_MORE_THAN}|over|beyond)|(?P<at_least>at\s+least))"
    rf"\s+(?P<n>{SPELT}|\d{{1,4}})(?={_METRES}|\s+but\b|\s+and\b)",
    re.IGNORECASE,
)
"""A line by distance; what "cannot move more than 1 metre" speaks of lies below it."""
_HOLDS = {"at_most": operator.le, "below": operator.lt, "above": operator.gt, "at_least": operator.ge}


def asked_distance(question: str) -> int | None:
    """The one distance in metres that a question speaks of, or None."""
    found = {int(match["n"]) for match in _ASKED.finditer(question)}
    return found.pop() if len(found) == 1 else None


def reaches(distance: int, text: str) -> bool | None:
    """Whether a text speaks of that distance; None where it draws no line by distance. Lines of one text hold together."""
    if not _IN_METRES.search(text):
        return None
    held = [
        holds(distance, float(number(line["n"])))
        for line in _LINE.finditer(text)
        for name, holds in _HOLDS.items()
        if line[name]
    ]
    return all(held) if held else None
