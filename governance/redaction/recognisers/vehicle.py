"""Why: a vehicle registration leads to a keeper."""

from __future__ import annotations

from governance.redaction.shape import Shape
from governance.redaction.words import common_words

_L = "A-HJ-PR-Y"


class VehicleRegistration(Shape):
    """Current style (two letters, age, three letters; DVLA INF104), prefix, suffix and Northern Irish styles.

    Form and leaflet names look alike ("UC50 for"), so a style with a space whose letters make a common word
    needs a vehicle word nearby.
    """

    ENTITY = "UK_VEHICLE_REGISTRATION"
    PATTERNS = (
        (
            "current style",
            rf"(?<![\p{{L}}\d])[{_L}]{{2}}(?:0[2-9]|[1-2]\d|5[1-9]|[6-7]\d)[ \-]?[A-HJ-PR-Z]{{3}}(?![\p{{L}}\d])",
            0.7,
        ),
        ("prefix style", r"(?<![\p{L}\d£])[A-HJ-NPR-TV-Y]\d{1,3}[ \-]?[A-HJ-PR-Y]{3}(?![\p{L}\d])", 0.6),
        ("suffix style", r"(?<![\p{L}\d])[A-HJ-PR-Y]{3}[ \-]?\d{1,3}[A-HJ-NPR-TV-Y](?![\p{L}\d])", 0.6),
        ("Northern Irish style", r"(?<![\p{L}\d])(?=[A-Z]{0,2}[IZ])[A-Z]{3}[ \-]?\d{1,4}(?![\p{L}\d])", 0.1),
        (
            "dateless style",
            r"(?<![\p{L}\d])(?:[A-HJ-PR-Y]{1,3}[ \-]?\d{1,4}|\d{1,4}[ \-]?[A-HJ-PR-Y]{1,3})(?![\p{L}\d])",
            0.05,
        ),
    )
    CONTEXT = (
        r"vehicles?(?: reg(?:istration)?)?",
        r"car(?: reg(?:istration)?)?",
        r"van(?: reg(?:istration)?)?",
        r"(?:number|reg(?:istration)?) plates?",
        r"car's reg",
        r"vrm",
        r"motability car",
    )
    before = 28
    after = 0

    def context_near(self, text: str, start: int, end: int) -> bool:
        """The loose styles count only right after a word such as "reg" or "plate"."""
        return super().context_near(text, start, end)

    def confirm(self, value: str, near: bool) -> float | None:
        """Letters that spell a word beside digits are prose, unless a vehicle is spoken of."""
        letters = [part for part in value.replace("-", " ").split() if part.isalpha()]
        prose = any(part.lower() in common_words() for part in letters)
        return 0.0 if prose else None
