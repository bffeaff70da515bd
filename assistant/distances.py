"""Why: "can walk 15 metres, how many points?" is answered by the row "more than 1 metre but no more than 20 metres" and misled
by the row above it, though both speak of the same things. Distances are compared as numbers, as ages are.
"""

from __future__ import annotations

import re

from assistant.figures import figures

_METRES = r"\s*(?:m|mtrs?|metres?|meters?)\b"
_ASKED = re.compile(rf"\b(?P<n>\d{{1,4}}){_METRES}", re.IGNORECASE)
_LINE = re.compile(
    r"\b(?:(?P<most>(?:no|not)\s+(?:more|further|farther)\s+than|up\s+to|within|less\s+than|under|fewer\s+than)"
    r"|(?P<cannot>(?:cannot|can['’]?t|unable\s+to|not\s+able\s+to)\b[^.;]{0,40}?\b(?:more|further|farther)\s+than)"
    r"|(?P<least>more\s+than|further\s+than|farther\s+than|over|beyond|at\s+least))\s+(?P<n>[a-z]+|\d{1,4})"
    rf"(?={_METRES}|\s+but\b|\s+and\b)",
    re.IGNORECASE,
)
_STRICT = re.compile(r"more|further|farther|over|beyond", re.IGNORECASE)


def asked_distance(question: str) -> int | None:
    """The one distance in metres that a question speaks of, or None."""
    found = {int(match["n"]) for match in _ASKED.finditer(question)}
    return found.pop() if len(found) == 1 else None


def reaches(distance: int, text: str) -> bool | None:
    """Whether a text speaks of that distance; None where it draws no line by distance. Lines of one text hold together."""
    if not re.search(_METRES, text, re.IGNORECASE):
        return None
    held = [_holds(distance, match) for match in _LINE.finditer(text)]
    return all(held) if held else None


def _holds(distance: int, match: re.Match[str]) -> bool:
    line = next((float(f.value) for f in figures(f"{match['n']} people") if f.kind == "number"), None)
    if line is None:  # "one" is a pronoun to assistant.figures, and a metre here
        line = 1.0
    if match["cannot"]:  # "cannot move more than 1 metre"
        return distance <= line
    if match["most"]:
        return distance <= line if re.search("more|up|within", match["most"], re.I) else distance < line
    return distance > line if _STRICT.search(match["least"]) else distance >= line
