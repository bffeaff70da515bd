"""Why: guidance is about everyone and names no one, so a claimant's details in it are there by mistake, and once
indexed they would be quoted to strangers.

A cheap pattern finds the few places that could hold an identifier; only there does the recogniser that redaction
uses look closer. An organisation's address, telephone number and e-mail address are published on purpose and are
no finding; neither is a name alone, unless the words around it make its bearer a claimant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from ingest.quarantine.finding import Finding, Trouble

AROUND = 70
"""Characters on either side of a suspicion that the recogniser reads: its words of context lie there."""
_NAME = r"(?!(?:The|This|That|If|You|We|They|It|In|On|At|A|An|And|Or|Universal|Income|Housing|Pension|Personal|State|Job|Jobs|Work|Name|Date|Number|Team|Service|Centre|Office|Yes|No|Not|None|Full|Claim|Benefit|Department|Commitment|Adviser|Advisor|Council|Credit|Allowance|Details?|Signature|England|Scotland|Wales)\b)[A-Z][a-z’'-]+"
_PERSON = rf"{_NAME}(?: {_NAME}){{1,2}}"
_CASE = (
    r"(?:phoned|rang|called|attended|failed to attend|lives (?:at|in|with)|moved (?:to|in)|reported|told (?:me|us)|was sanctioned"
    r"|has been sanctioned|is claiming|claims? (?:UC|Universal Credit|PIP|ESA|JSA)|was awarded|has been awarded|was overpaid|owes|was born)"
)


@dataclass(frozen=True)
class _Look:
    what: str
    suspicion: re.Pattern[str]
    recogniser: str
    """Module and class below governance.redaction.recognisers."""
    least: float
    """Score that the recogniser must give: context or a checksum is asked for where a shape alone proves nothing."""


_DIGITS = r"(?<![\d.,£/-])(?<!\d )"
_LOOKS = (
    _Look(
        "National Insurance number",
        re.compile(r"(?<![A-Za-z])(?!QQ|qq)[A-CEGHJ-PR-TW-Za-z][A-CEGHJ-NPR-TW-Za-z][ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-Da-d]\b"),
        "identity.NationalInsurance", 0.5,
    ),
    _Look("NHS number", re.compile(_DIGITS + r"(?!0[0-9])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d,]|[ -]\d)"), "identity.NationalHealth", 0.6),
    _Look("driving licence number", re.compile(r"\b[A-Z9]{5}\d{6}[A-Z9]{2}\w{3}\b"), "identity.DrivingLicence", 0.5),
    _Look("payment card number", re.compile(_DIGITS + r"\d{4}[ -]?\d{4,6}[ -]?\d{4,5}[ -]?\d{0,4}(?!\d)"), "money.PaymentCard", 0.6),
    _Look("date of birth", re.compile(r"(?i)\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b[^\n]{0,25}\d"), "birth.DateOfBirth", 0.6),
    _Look("passport number", re.compile(r"(?i)passport[^\n]{0,40}\d{6}"), "identity.Passport", 0.7),
    _Look("tax reference", re.compile(r"(?i)\b(?:utr|unique taxpayer)[^\n]{0,40}\d{5}"), "identity.TaxReference", 0.7),
)  # fmt: skip
_CLAIMANT = re.compile(
    r"\b(?:[Cc]laimant|[Cc]ustomer|[Cc]lient|[Aa]ppellant|[Pp]atient)(?:['’]s)?(?: full)?(?: name)?(?: ?: ?| [–-] | (?:is|was|called|named) )"
    rf"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?{_PERSON}\b"
    rf"|\b(?:Mr|Mrs|Ms|Miss|Mx)\.? {_NAME}(?: {_NAME}){{0,2}} {_CASE}\b"
    rf"|\b[Cc]laimant {_PERSON},? (?:{_CASE}|of \d|aged \d|NI|\()"
    rf"|\b(?:Name|NAME|Full name) ?: ?(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?{_PERSON}\b(?=[^\n]*\n?(?:[^\n]*\n){{0,4}}[^\n]*\b(?:NI ?No|NINO|National Insurance|DOB|[Dd]ate of birth|Address|Postcode)\b ?(?:number)? ?:)"
)
_PRIVATE_MAIL = re.compile(
    r"\b[\w.+-]{2,64}@(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|btinternet|sky|aol|protonmail|virginmedia|talktalk)"
    r"\.(?:com|co\.uk|net|me)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(?i)\b(?:for example|e\.g\.|such as|looks? like|format|in the form)\b[^\n.]{0,60}$")


def personal(text: str, place: str = "") -> list[Finding]:
    """Personal data in a text: one finding for each kind. A value given as an example of its form is none."""
    kinds = dict.fromkeys(
        what for what, start in _found(text) if not _EXAMPLE.search(text[max(0, start - 90) : start])
    )
    return [Finding(Trouble.PERSONAL_DATA, what, place) for what in kinds]


def _found(text: str) -> Iterator[tuple[str, int]]:
    for look in _LOOKS:
        for match in look.suspicion.finditer(text):
            first = max(0, match.start() - AROUND)
            window = text[first : match.end() + AROUND]
            for result in _recogniser(look.recogniser).analyze(window, []):
                start = first + result.start
                if result.score >= look.least and start < match.end() and first + result.end > match.start():
                    yield look.what, start
    for match in _CLAIMANT.finditer(text):
        yield "name of a claimant", match.start()
    for match in _PRIVATE_MAIL.finditer(text):
        yield "private e-mail address", match.start()


@cache
def _recogniser(name: str) -> Any:
    """Made when a suspicion first needs it: what it is built on takes a second to import."""
    module, _, kind = name.partition(".")
    return getattr(import_module(f"governance.redaction.recognisers.{module}"), kind)()
