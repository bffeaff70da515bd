"""Why: "how much" is answered by an amount and by nothing else. Which figures answer which kind of question is
said here, with the words that stand for one ("on the same day", "once", "State Pension age").
"""

from __future__ import annotations

import re

from assistant.figures import figures
from assistant.parts import Wanted

_TIMES = re.compile(
    r"\b(?:same day|next day|immediately|straight away|at once|as soon as|weekly|monthly|annually|daily|yearly|once a"
    r"|every|before|after|until|from the (?:date|day|start)|no time limit|at any time)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\b(?:once|twice|one|only|both|single|each|no limit|any number)\b", re.IGNORECASE)
_SHARE_OF_DAYS = re.compile(
    r"(?:%|\bper cent|\bhalf|\bmost|\bmajority) of (?:the |those )?(?:days|weeks|months|time)\b",
    re.IGNORECASE,
)
"""How many days, said as a share of them."""
_FIGURES = {
    Wanted.MONEY: {"amount", "percentage"},
    Wanted.TIME: {"duration"},
    Wanted.DATE: {"duration", "date"},
    Wanted.WHEN: {"duration", "date"},
    Wanted.MOST: {"amount", "percentage", "duration", "number"},
    Wanted.AGE: {"age", "number"},
    Wanted.PHONE: {"phone"},
    Wanted.COUNT: {"number", "age", "duration"},
}
_AGES = re.compile(
    r"\bpension age\b|\bworking age\b|\bof any age\b|\bno (?:upper |lower )?age limit\b", re.IGNORECASE
)


def answers_kind(wanted: Wanted, text: str) -> bool:
    """Whether a text holds the kind of figure that is wanted; always, where none is."""
    if wanted is Wanted.NOTHING:
        return True
    if any(figure.kind in _FIGURES[wanted] for figure in figures(text)):
        return True
    if wanted in (Wanted.TIME, Wanted.COUNT) and _SHARE_OF_DAYS.search(text):
        return True
    if wanted is Wanted.AGE:
        return bool(_AGES.search(text))
    if wanted is Wanted.COUNT:
        return bool(_COUNTS.search(text))
    return wanted in (Wanted.TIME, Wanted.DATE, Wanted.WHEN) and bool(_TIMES.search(text))
