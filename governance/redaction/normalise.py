"""Why: personal data hides from recognisers behind full-width digits, zero-width joiners, typographic dashes
and tag characters. Detection therefore reads a plain form of the text, and every finding is mapped back.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u0060\u00b4\uff07"), "'")
_PLAIN = {**_DASHES, **_QUOTES, 0x2044: "/", 0x2215: "/"}

_ONE_FOR_ONE = re.compile(r"[ -~\n\r\t£€\u2013\u2014\u2018\u2019\u201c\u201d]*")
"""Text whose every character becomes one character, by ``_PLAIN`` alone: what colleagues write, nearly always."""

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")


def invisible(char: str) -> bool:
    """Whether a character shows nothing: format (Cf, which holds zero-width and tag characters),
    variation selectors, and the fillers of Unicode's Default_Ignorable_Code_Point."""
    return (
        unicodedata.category(char) == "Cf"
        or char in _FILLERS
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0000" <= char <= "\U000e0fff"
    )


@dataclass(frozen=True)
class Normalised:
    """``text`` is what recognisers read; character *i* of it came from ``starts[i]:ends[i]`` of the original."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original for a non-empty half-open range of ``text``."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """NFKC by combining sequence, digits of any script to ASCII, dashes and quotes to plain ones, control
    characters (line breaks and tabs aside) to spaces, invisible characters dropped."""
    if _ONE_FOR_ONE.fullmatch(text):
        return Normalised(
            text, text.translate(_PLAIN), tuple(range(len(text))), tuple(range(1, len(text) + 1))
        )
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        stop = at + 1
        while stop < len(text) and (unicodedata.combining(text[stop]) or invisible(text[stop])):
            stop += 1
        seen = "".join(c for c in text[at:stop] if not invisible(c))
        for char in "".join(map(_plain, unicodedata.normalize("NFKC", seen))):
            plain.append(char)
            starts.append(at)
            ends.append(stop)
        at = stop
    return Normalised(text, "".join(plain), tuple(starts), tuple(ends))


def visible(text: str) -> str:
    """The text as given, less its invisible characters."""
    return text if text.isascii() else "".join(c for c in text if not invisible(c))


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Cc" and char not in "\n\r\t":
        return " "
    return _PLAIN.get(ord(char), char)
