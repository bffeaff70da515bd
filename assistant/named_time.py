"""Why: "what was the carer element in January 2026?" is answered wrongly by today's rate, though every word of it is quoted.
A time that a question names is noticed as a nation is.

A tax year, and a month or day of which it is asked what a figure *was*, are taken as the day to answer of, where no day
was chosen. Of any other time outside the tax year that is answered of, the colleague is told: it may be when something
happened, and not when a rule held.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace

from assistant.answers import Question, Run
from assistant.figures import located
from assistant.parts import Wanted, parts
from assistant.steps.step import facts_of

_WAS = re.compile(r"\b(?:what|which|how\s+\w+)\b[^,.;?!]*?\b(?:was|were|did|had)\b", re.IGNORECASE)
"""Asked of the past: "how much was it", and not "he was sanctioned, how much is it"."""
_RATE_OF = re.compile(
    r"\b(?:rates?|amounts?|allowance|element)\b(?:\s+[\w&-]+){0,4}?\s+(?:(?:back\s+)?in|for|at|on|during)\s+$",
    re.IGNORECASE,
)
"""What stands before a time whose rate is asked for: "carer's allowance rate in May 2025"."""
_LAST = re.compile(r"\blast\s+(?:tax\s+|financial\s+)?year\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:before|until|till|by)\s+$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:after|since|from)\s+$", re.IGNORECASE)
_AS_AT = re.compile(r"\bas\s+(?:at|of|on)\s+$", re.IGNORECASE)
_TAX_YEAR, _MONTH, _DAY = (
    re.compile(p) for p in (r"(\d{4})/(\d{2})", r"(\d{4})-(\d{2})---?", r"(\d{4})-(\d{2})-(\d{2})")
)


@dataclass(frozen=True)
class NamedTime:
    """A time that a question names."""

    said: str
    """In the question's words."""
    first: dt.date
    last: dt.date
    asked_of: bool = False
    """What is asked is what held then: a tax year, or a day that it is asked "as at"."""
    bound: bool = False
    """The end of a time and not the time itself: "before April 2026"."""

    @property
    def middle(self) -> dt.date:
        """A day well within it: rates do not all change on its first."""
        return self.first + (self.last - self.first) // 2


def named_time(text: str, on: dt.date) -> NamedTime | None:
    """The time that a question names, outside the tax year of the day it is asked of; None where there is no such, or its
    own year is named too. Several are told together, and none is taken as the day.
    """
    found = [
        replace(
            _bounded(time, text[:start]),
            asked_of=time.asked_of or bool(_AS_AT.search(text[:start]) or _RATE_OF.search(text[:start])),
        )
        for start, end, figure in located(text)
        if figure.kind == "date" and (time := _read(figure.value, text[start:end]))
    ]
    if last := _LAST.search(text):
        found.append(NamedTime(last[0], *_tax_year(tax_year_of(on).first.year - 1), asked_of=True))
    here = tax_year_of(on)
    if not found or any(time.last >= here.first and time.first <= here.last for time in found):
        return None
    if len(found) == 1:
        return found[0]
    said = " and ".join(dict.fromkeys(time.said for time in found))
    return NamedTime(said, min(t.first for t in found), max(t.last for t in found), bound=True)


def _bounded(time: NamedTime, before: str) -> NamedTime:
    """The time itself, or that it is the end of another: "before April 2026" is March and earlier."""
    if _UNTIL.search(before):
        last = time.first - dt.timedelta(days=1)
        return replace(time, first=last, last=last, bound=True)
    return replace(time, bound=bool(_FROM.search(before)))


def tax_year_of(day: dt.date) -> NamedTime:
    """The tax year that a day lies in, from 6 April (Income Tax Act 2007, section 4)."""
    begun = day.year if day >= dt.date(day.year, 4, 6) else day.year - 1
    return NamedTime(f"{begun}-{(begun + 1) % 100:02}", *_tax_year(begun))


@dataclass(frozen=True)
class Noticed:
    """What came of the time that a question names."""

    question: Question
    """Of the day that it names, where it asks what held then and no day was chosen."""
    caution: str = ""
    """What to say of it."""
    taken: str = ""
    """The words that were taken as the day, and need not be searched for."""


def as_named(question: Question) -> Noticed:
    """The question of the day that it names, where it asks what held then and no day was chosen; and what to say of it."""
    time = named_time(question.text, question.on)
    if time is None:
        return Noticed(question)
    chosen = question.on != question.asked_at.date()
    past = time.last < question.on and not time.bound
    if past and not chosen and (time.asked_of or _asks_what_was(question.text)):
        day = time.middle
        return Noticed(
            replace(question, on=day),
            f"The question names {time.said}: taken as {day.isoformat()}. Set the date to ask about another day.",
            time.said,
        )
    return Noticed(
        question,
        f"The question names {time.said}; what is said here held on {question.on.isoformat()}. "
        "Set the date to ask about another time.",
    )


def taken_then(question: Question) -> str:
    """The words that were taken as the day of a question of the record; "" where its day was chosen, or is its own."""
    noticed = as_named(replace(question, on=question.asked_at.date()))
    return noticed.taken if noticed.question.on == question.on else ""


def taken(run: Run) -> str:
    """The words of a run's question that were taken as its day."""
    return str(facts_of(run, "rewrite").get("taken_as_day", ""))


def without(text: str, day: str) -> str:
    """A text without the words that were taken as the day, and the small word before them."""
    left = re.sub(
        rf"(?:\b(?:in|on|for|at|during|of|as\s+(?:at|of|on))\s+)?{re.escape(day)}", "", text, flags=re.I
    )
    return " ".join(left.split()) if day and any(c.isalnum() for c in left) else text


def _asks_what_was(text: str) -> bool:
    return bool(_WAS.search(text)) and any(
        part.wanted in (Wanted.MONEY, Wanted.MOST, Wanted.AGE, Wanted.COUNT)
        or part.text.lower().startswith("what w")
        for part in parts(text)
    )


def _read(value: str, said: str) -> NamedTime | None:
    """A date of assistant.figures as a time; None of one without a year."""
    if match := _TAX_YEAR.fullmatch(value):
        year = int(match[1])
        return NamedTime(said, *_tax_year(year), asked_of=True) if (year + 1) % 100 == int(match[2]) else None
    if match := _DAY.fullmatch(value):
        try:
            day = dt.date(*map(int, match.groups()))
        except ValueError:  # 31 February: no day at all
            return None
        return NamedTime(said, day, day)
    if match := _MONTH.fullmatch(value):
        year, month = int(match[1]), int(match[2])
        return NamedTime(
            said, dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        )
    if re.fullmatch(r"\d{4}", value):
        return NamedTime(said, dt.date(int(value), 1, 1), dt.date(int(value), 12, 31))
    return None


def _tax_year(begun: int) -> tuple[dt.date, dt.date]:
    return dt.date(begun, 4, 6), dt.date(begun + 1, 4, 5)
