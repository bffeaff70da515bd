"""Why: a wrong amount or date does more harm than a wrong word, so figures are compared by value.

``figures`` finds every amount, percentage, date, duration, age, phone number, address on the web and bare
number of a text, normalised so that "£1,000.00" equals "£1000" and "one month" equals "1 month". A span of
text yields one figure only, the first kind that matches in the order of ``_KINDS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache


@dataclass(frozen=True, order=True)
class Figure:
    """One figure by value. Two figures are the same when kind and value are."""

    kind: str
    """``amount``, ``percentage``, ``date``, ``duration``, ``age``, ``phone``, ``url`` or ``number``."""
    value: str
    """Normalised: decimal digits, an ISO date (parts that are not given as ``--``), ``12 month``."""

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


_UNITS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: 10 * n
    for n, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_MONTHS = {
    m[:3]: n
    for n, m in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        start=1,
    )
}

SPELT = rf"(?:{'|'.join([*_UNITS, *_TENS, 'hundred', 'thousand', 'million', 'billion'])})"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\b{SPELT}(?:(?:[ -]|\s+and\s+){SPELT})*\b)"
_SCALE = r"(?:\s*(?P<scale>hundred|thousand|million|billion|k|m|bn)\b)?"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_WHOLE = r"(?:calendar|consecutive|full|whole|complete|clear)(?!\s+days?\b)"
"""Said before a period and part of it; a month is a calendar month (Interpretation Act 1978, schedule 1). Of days, "working",
"calendar" and "clear" change how many there are, so they stay."""
_PERIOD = r"(?P<unit>minute|hour|(?:working\s+|calendar\s+|business\s+)?day|night|week|fortnight|month|quarter|year)s?\b"


def number(text: str, scale: str | None = None) -> str:
    """A number in digits or words as plain decimal digits."""
    lowered = text.lower().replace(",", "").strip()
    if lowered[:1].isdigit():
        value = Decimal(lowered)
    else:
        total = part = 0
        for word in re.split(r"[\s-]+", lowered):
            if word in _SCALES:
                part = max(part, 1) * _SCALES[word]
                if _SCALES[word] > 100:
                    total, part = total + part, 0
            elif word != "and":
                part += _UNITS.get(word, _TENS.get(word, 0))
        value = Decimal(total + part)
    if scale:
        value *= {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}.get(scale.lower()) or _SCALES[
            scale.lower()
        ]
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _amount(m: re.Match[str]) -> str:
    return number(m["n"], m["scale"])


def _pence(m: re.Match[str]) -> str:
    return number(str(Decimal(number(m["n"])) / 100))


def _plain(m: re.Match[str]) -> str:
    return number(m["n"])


def _date(m: re.Match[str]) -> str:
    groups = m.groupdict()
    year = groups.get("year") or "----"
    day = f"{int(groups['day']):02}" if groups.get("day") else "--"
    return f"{year}-{_MONTHS[m['month'][:3].lower()]:02}-{day}"


def _iso(m: re.Match[str]) -> str:
    return f"{m['year']}-{int(m['mm']):02}-{int(m['day']):02}"


def _tax_year(m: re.Match[str]) -> str:
    return f"{m['from']}/{m['to'][-2:]}"


def _duration(m: re.Match[str]) -> str:
    unit = " ".join(m["unit"].lower().split())
    return f"{number(m['n'])} {unit}"


def _phone(m: re.Match[str]) -> str:
    return re.sub(r"\D", "", re.sub(r"^\+44\s*\(?0?\)?", "0", m[0]))


def _url(m: re.Match[str]) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", m[0].lower()).rstrip("/.,;:!?")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_N = rf"(?P<n>{_NUMBER})"
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("url", _pattern(r"\bhttps?://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+"
                     r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+(?:uk|com|org|net|gov|scot|wales)\b(?:/[^\s<>\"')\]]*)?"), _url),
    ("phone", _pattern(r"(?<![\d£.,])(?:\+44\s?\(?0?\)?\s?\d|0)(?:[\s-]?\d){8,10}(?!\d)|(?<![\d£.,])(?:101|111|112|119|999|116[\s-]?123)(?=\s*(?:$|[.,;)]|for\b|to\b|or\b|if\b))(?<!\d)"), _phone),
    ("amount", _pattern(rf"£\s?(?P<n>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?){_SCALE}"), _amount),
    ("amount", _pattern(rf"{_N}(?P<scale>)\s*(?:pounds?(?:\s+sterling)?|gbp|quid)\b"), _amount),
    ("amount", _pattern(r"\b(?P<n>\d+)\s?(?:p|pence)\b"), _pence),
    ("percentage", _pattern(rf"{_N}\s*(?:%|per\s?cent\b|percentage\s+points?\b)"), _plain),
    ("date", _pattern(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+{_YEAR}(?!\w))?"), _date),
    ("date", _pattern(rf"\b{_MONTH}\s+{_DAY}\b(?!\s*(?:weeks|days|months|years|people|%))(?:,?\s+{_YEAR}(?!\w))?"), _date),
    ("date", _pattern(rf"\b{_MONTH}\s+{_YEAR}\b"), _date),
    ("date", _pattern(rf"\b{_YEAR}-(?P<mm>\d{{2}})-(?P<day>\d{{2}})\b"), _iso),
    ("date", _pattern(rf"\b(?P<day>\d{{1,2}})[/.](?P<mm>\d{{1,2}})[/.]{_YEAR}\b"), _iso),
    ("date", _pattern(r"\b(?P<from>20\d{2})\s*(?:to|-|–|/)\s*(?P<to>20\d{2}|\d{2})\b"), _tax_year),
    ("date", _pattern(rf"\b{_YEAR}\b"), lambda m: str(m["year"])),
    ("age", _pattern(rf"\b(?:aged?|ages|age\s+of|turn(?:s|ed|ing)?|reach(?:es|ed|ing)?|under|over)\s+(?:under\s+|over\s+|of\s+)?{_N}\b"
                     r"(?!\s*(?:%|per\s?cent|minutes?|hours?|days?|weeks?|months?|fortnights?|pounds?|working|calendar|points?|people))"
                     r"(?:\s+years?(?:\s+old)?)?"), _plain),
    ("age", _pattern(rf"{_N}[\s-]+years?[\s-]+(?:olds?|of\s+age)\b"), _plain),
    ("age", _pattern(rf"{_N}\s+(?:or|and)\s+(?:over|under|older|younger|above)\b"), _plain),
    ("duration", _pattern(rf"{_N}[\s-]*(?:{_WHOLE}\s+)?{_PERIOD}"), _duration),
    ("number", _pattern(rf"(?<![\w.]){_N}(?!\w)"), _plain),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a text, in order. The bare word "one" is a pronoun here, not a number."""
    return tuple(figure for _, _, figure in located(text))


def located(text: str) -> list[tuple[int, int, Figure]]:
    """The same figures with their spans, which never overlap."""
    taken: list[tuple[int, int, Figure]] = []
    for kind, pattern, value in _KINDS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < b and a < end for a, b, _ in taken):
                continue
            if kind == "number" and match[0].lower() in {"one", "zero", "hundred"}:
                continue
            taken.append((start, end, Figure(kind, value(match))))
    return sorted(taken, key=lambda found: found[:2])


def unsupported(text: str, quotes: Iterator[str] | tuple[str, ...]) -> tuple[Figure, ...]:
    """Figures of a text that none of the quotes holds."""
    held = {figure for quote in quotes for figure in figures(quote)}
    return tuple(figure for figure in figures(text) if figure not in held)
