"""Why: a place alone ("Leeds") names nobody and steers retrieval, while a street with a number is a home."""

from __future__ import annotations

import regex

from governance.redaction.shape import Shape
from governance.redaction.words import common_words

_STREET = (
    r"(?:street|str|st|road|rd|avenue|ave|lane|ln|crescent|cres|gardens|gdns|terrace|terr|grove|mews|boulevard|blvd|drive|dr"
    r"|embankment|broadway|wynd|parade|heights|villas|cottages|buildings|parkway|highway|alley|esplanade|circle|trail)"
)
_LOOSE_STREET = (
    r"(?:close|court|ct|place|pl|way|square|sq|hill|park|row|walk|green|view|rise|wharf|quay|vale|mount|croft|circus|gate"
    r"|meadows?|path|brae|fold|garth|chase|common|heath|end|bank|side|drove|yard|house|lodge|tower|point|estate|mall)"
)
_UNIT = r"(?:flat|apt|apartment|unit|room|suite|ste|floor|block|maisonette|bedsit)"
_TOWN = r"(?:[ ]*[,\n][ \n]*(?:\p{Lu}[\p{L}'.\-]*)(?:[ ](?:\p{L}{2,4}[ ])?\p{Lu}[\p{L}'.\-]*){0,2})"
_TAIL = r"(?:[ ]*[,\n;][ \n,>?|]*(?:(?-i:\p{Lu})[\p{L}'.\-()]*|nan|\d{1,6})(?:[ ](?:\p{L}{1,3}[ ])?(?:(?-i:\p{Lu})[\p{L}'.\-()]*|\d[\d\-]*))*){0,5}"
_NAMES_IN_STREETS = frozenset(
    [
        *(
            "new",
            "old",
            "high",
            "main",
            "upper",
            "lower",
            "long",
            "short",
            "great",
            "little",
            "the",
            "of",
            "on",
            "and",
        ),
        *(
            "north",
            "south",
            "east",
            "west",
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "le",
            "la",
            "po",
            "box",
        ),
        *(
            "school",
            "church",
            "park",
            "mill",
            "field",
            "bank",
            "hospital",
            "college",
            "prison",
            "bridge",
            "hill",
        ),
        *("green", "council", "market", "castle", "well", "corner"),
    ]
)
"""Ordinary words that streets are named with."""


class StreetAddress(Shape):
    """A number and a street, with the flat before it and the towns after it."""

    ENTITY = "ADDRESS"
    PATTERNS = (
        (
            "number and street",
            rf"(?<![\p{{L}}\d£$.,/\-])(?:{_UNIT}[ ]?\.?[ ]?(?:no\.?[ ]?)?\d{{1,4}}[a-z]?,?[ \n]*)?(?:\d{{1,6}}[ ])?(?<num>\d{{1,5}}[a-z]?(?:[ ]?[\-/][ ]?\d{{1,4}}[a-z]?)?),?[ ]"
            rf"(?<words>(?:[\p{{L}}][\p{{L}}'.\-]*[ ]){{1,4}}?)(?:{_STREET}|(?<loose>{_LOOSE_STREET}))\b\.?(?![\p{{L}}\d])"
            rf"(?:,?[ ]?{_UNIT}\.?[ ]?\d{{1,5}}[a-z]?)?(?-i:{_TOWN}){{0,3}}",
            0.8,
        ),
        (
            "house name and street",
            rf"(?<![\p{{L}}])(?:lives?|living|resid(?:es|ing)|address(?: is)?|staying|moved|moving)[ ]?(?:at|on|to|:|is|=)[ ](?<value>(?:[\p{{L}}\d][\p{{L}}\d'.\-]*[ ,]{{1,2}}){{1,6}}?(?:{_STREET}|{_LOOSE_STREET})\b(?![\p{{L}}\d])(?-i:{_TOWN}){{0,3}})",
            0.8,
        ),
        (
            "military post",
            r"(?<![\p{L}])(?:unit[ ]\d{2,6}[ ]box[ ]\d{2,6}|psc[ ]\d+,?[ ]box[ ]\d+|us(?:n|c)?(?:s|v|cg|gc|nv)\w?[ ][\p{L}]+)[ \n,]*(?:[ADF]PO)[ ](?:A[AEP])[ ]\d{5}",
            0.8,
        ),
    )
    CONTEXT = (
        r"address(?:es)?",
        r"lives? (?:at|in)",
        "living (?:at|in)",
        "resid(?:es|ing) (?:at|in)",
        "moved to",
        r"tenan(?:t|cy) (?:at|of)",
    )
    after = 0

    def confirm(self, value: str, near: bool) -> float | None:
        """Words between number and street must be ones that streets are named with: "2 people on the street"
        and "3 weeks in one place" are prose."""
        words = [w.strip(".,'").lower() for w in regex.split(r"[ \n,]+", value)]
        inner = [w for w in words[:-1] if w.isalpha() and not regex.fullmatch(_UNIT, w)]
        if any(w in common_words() and w not in _NAMES_IN_STREETS for w in inner):
            capitals = sum(w[:1].isupper() for w in regex.findall(r"\p{L}+", value))
            return (
                None if near or (capitals >= 2 and value.lower() != value and value.upper() != value) else 0.0
            )
        return None


_UNITS = (
    r"(?:(?:apt|apartment|suite|ste|flat|unit|(?:p\.?o\.?[ ])?box)\.?[ ]?\d{1,5}[a-z]?(?![\p{L}\d])[ ,]*)"
)
_UPPER = r"(?-i:\p{Lu})[\p{L}'.\-]*"


class UnitAddress(Shape):
    """An address of any country that has a flat, suite or box in it, or that is announced: what stands before the
    unit on its line (or the line above), and the capitalised and numbered lines after it."""

    ENTITY = "ADDRESS"
    OVERLAPPED = True
    PATTERNS = (
        (
            "lines with a unit",
            rf"(?<![\p{{L}}\d£$])(?:\d{{1,6}}[ ]|{_UPPER}[ ])(?:[\p{{L}}\d'.\-/]+,?[ ]){{0,8}}?(?:[\p{{L}}\d'.\-/]+,?[ ]?\n[ >|?]*)?"
            rf"{_UNITS}{{1,3}}(?:[ ]?{_UPPER})*{_TAIL}",
            0.7,
        ),
        (
            "address after a word that announces one",
            rf"(?<![\p{{L}}])(?:address|sent to|delivered to)[ ]*(?:is|was|to|:|=|-)*[ \n]+"
            rf"(?<value>(?:\d{{1,6}}[ ]|{_UPPER}[ ])(?:[\p{{L}}\d'.\-/]+[ ]?){{1,6}}{_TAIL})",
            0.6,
        ),
        (
            "corner of two streets",
            rf"(?<![\p{{L}}])(?:the[ ])?corner of (?:[\p{{L}}\d.'\-]+[ ]){{1,7}}and {_UPPER}(?:[ ]{_UPPER}){{0,3}}",
            0.6,
        ),
        (
            "military post",
            r"(?<![\p{L}])(?:unit[ ]\d{2,6}[ ]box[ ]\d{2,6}|psc[ ]\d+,?[ ]box[ ]\d+|us(?:n|c)?(?:s|v|cg|gc|nv)\w?[ ][\p{L}]+)"
            r"[ \n,]*(?:[ADF]PO)[ ](?:A[AEP])[ ]\d{5}",
            0.8,
        ),
        (
            "postcode of another country",
            r"(?<![\p{L}])(?:zip|postal)[ ]?(?:code)?[ ]?(?:is|:|=)?[ ]*"
            r"(?<value>(?:[A-Z]{1,2}[ \-]?)?\d{3,5}(?:[ \-]\d{2,4})?(?-i:[ ][A-Z]{2})?)(?![\p{L}\d])",
            0.7,
        ),
    )

    def confirm(self, value: str, near: bool) -> float | None:
        """It has a number, and is not a sentence."""
        everything = value.isupper()
        words = [w.lower() for w in regex.findall(r"[\p{L}']+", value) if everything or w[0].islower()]
        prose = any(
            w in common_words() and w not in _NAMES_IN_STREETS and not regex.fullmatch(_UNIT, w)
            for w in words
        )
        return 0.0 if prose or not any(c.isdigit() for c in value) else None
