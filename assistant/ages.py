"""Why: "single, 22, what is the rate?" is answered by the sentence for those under 25 and misled by the one for
those aged 25 or over, though both speak of the same things. Ages are compared as numbers.
"""

from __future__ import annotations

import re

_ASKED = re.compile(
    r"\b(?P<old>\d{1,2})[\s-]*(?:years?|yrs?|yo)[\s-]*(?:olds?)?\b|\baged?\s+(?P<aged>\d{1,2})\b"
    r"|\b(?:child|son|daughter|baby|kid|youngest|eldest|claimant|he|she)\s+(?:is|turns|will\s+be)\s+(?P<turns>\d{1,2})\b(?!\s*(?:weeks?|months?|days?|hours?|miles?|%))"
    r"|\b(?P<is>\d{2})(?=\s*(?:,|\.|;|$|and\s+single|single))|\bunder\s+(?P<under>\d{2})\b|\bover\s+(?P<over>\d{2})\b"
    r"|\b(?P<from>\d{2})\s+(?:or|and)\s+(?:over|older|above)\b|\b(?P<plus>\d{2})\s?\+",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\bunder\s+(\d{1,2})\b|\byounger\s+than\s+(\d{1,2})\b", re.IGNORECASE)
_FROM = re.compile(
    r"\b(\d{1,2})\s+(?:or|and)\s+(?:over|older|above)\b|\bover\s+(\d{1,2})\b|\bat\s+least\s+(\d{1,2})\b(?=\s+years)",
    re.IGNORECASE,
)
_EXACT = re.compile(
    r"\baged\s+(\d{1,2})(?:\s+(?:or|and|to)\s+(\d{1,2}))?\b(?!\s+(?:or|and)\s+over)", re.IGNORECASE
)


def asked_age(question: str) -> int | None:
    """The age that a question speaks of, or None; "under 25" is read as 24 and "over 25" as 25."""
    found = _ASKED.search(question)
    if found is None:
        return None
    kind = found.lastgroup or ""
    value = int(found[kind])
    return value - 1 if kind == "under" else value


def fits(age: int, text: str) -> bool | None:
    """Whether a text speaks of people of an age; None where it draws no line by age."""
    lines = [
        *(age < _number(m) for m in _UNDER.finditer(text)),
        *(age >= _number(m) for m in _FROM.finditer(text)),
        *(int(m[1]) <= age <= int(m[2] or m[1]) for m in _EXACT.finditer(text)),
    ]
    return any(lines) if lines else None


def _number(match: re.Match[str]) -> int:
    return next(int(group) for group in match.groups() if group)
