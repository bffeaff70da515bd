"""Why: numbers that name one person to government: National Insurance, NHS, passport, driving licence, tax."""

from __future__ import annotations

import regex

from governance.redaction.shape import Shape

_GAP = r"[ \t\n.\-]{0,2}"


class NationalInsurance(Shape):
    """Two letters, six digits, usually a suffix A to D; any spacing; the administrative ``QQ`` examples too.

    Prefix rules: HMRC National Insurance Manual NIM39110. A prefix never issued is hidden only where the
    words nearby say that it is a National Insurance number (a slip of the pen still names a person).
    """

    ENTITY = "UK_NINO"
    PATTERNS = (
        (
            "National Insurance number",
            rf"(?<![\p{{L}}\d])(?!BG|GB|KN|NK|NT|TN|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)"
            rf"{_GAP}(?:\d{_GAP}){{5}}\d(?:{_GAP}[A-D])?(?![\p{{L}}\d]|[\-/.:]\d)",
            0.85,
        ),
        (
            "prefix never issued",
            rf"(?<![\p{{L}}\d])[A-Z]{{2}}{_GAP}(?:\d{_GAP}){{5}}\d(?:{_GAP}[A-Z])?(?![\p{{L}}\d])",
            0.1,
        ),
        (
            "digits only",
            rf"(?<![\p{{L}}\d])(?:\d{_GAP}){{5}}\d{_GAP}[A-D]?(?![\p{{L}}\d])",
            0.05,
        ),
    )
    CONTEXT = (r"n\.?i\.?n\.?o\.?s?", r"national[ -]insurance", r"n\.?i\.? (?:number|no)", r"nat\.? ins\.?")
    before = 40
    after = 0

    def confirm(self, value: str, near: bool) -> float | None:
        """A two-letter word before digits is prose ("on 12 34 56"), unless the digits stand in the usual pairs with
        a suffix, or the words nearby say what they are."""
        word = regex.match(r"[A-Za-z]{2}(?=[ \n])", value)
        if near or word is None or word.group().lower() not in TWO_LETTER_WORDS:
            return None
        return None if regex.search(r"\s\d\d\D\d\d\D\d\d\D?[A-Da-d]$", value) else 0.0


TWO_LETTER_WORDS = frozenset(
    [
        *(
            "am",
            "an",
            "as",
            "at",
            "be",
            "by",
            "do",
            "go",
            "he",
            "if",
            "in",
            "is",
            "it",
            "me",
            "my",
            "no",
            "of",
            "ok",
            "on",
        ),
        *(
            "or",
            "re",
            "so",
            "to",
            "up",
            "us",
            "we",
            "pg",
            "ch",
            "pt",
            "id",
            "uc",
            "ni",
            "hb",
            "ct",
            "hr",
            "tv",
            "pm",
            "ex",
        ),
    ]
)
"""What stands before digits in prose."""


class NationalHealth(Shape):
    """Ten digits with a modulus 11 check digit (NHS Data Dictionary). One bare ten-digit number in eleven
    passes, so a number that is not spaced 3-3-4 scores low without context; with context the check digit is
    not insisted on."""

    ENTITY = "UK_NHS"
    PATTERNS = (
        ("NHS number, spaced 3-3-4", r"(?<![\d£$.,])\d{3}[ \-]\d{3}[ \-]\d{4}(?![\d])", 0.6),
        ("ten digits", r"(?<![\d£$.,])\d{10}(?!\d|,\d)", 0.5),
    )
    CONTEXT = ("nhs", "national health", r"health (?:number|no)", r"h and c", "chi")
    before = 40

    def confirm(self, value: str, near: bool) -> float | None:
        """Without context the check digit decides."""
        return None if near or _modulus_11([int(c) for c in value if c.isdigit()]) else 0.0


def _modulus_11(digits: list[int]) -> bool:
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return len(set(digits)) > 1 and check % 11 == digits[9] and check != 10


class Passport(Shape):
    """Two letters and seven digits (from 2015), or nine digits where the words nearby say passport."""

    ENTITY = "UK_PASSPORT"
    PATTERNS = (
        ("passport number, two letters", r"(?<![\p{L}\d])[A-Z]{2} ?\d{3} ?\d{4}(?![\p{L}\d])", 0.6),
        ("nine digits", r"(?<![\d£$])\d{3} ?\d{3} ?\d{3}(?![\d])", 0.1),
        ("foreign passport", r"(?<![\p{L}\d])(?=[A-Z]*\d{4})[A-Z]{0,3}\d{6,9}[A-Z]?(?![\p{L}\d])", 0.05),
    )
    CONTEXT = (r"passports?", r"passport (?:number|no)", "travel document")
    before = 40

    def confirm(self, value: str, near: bool) -> float | None:
        """A two-letter word before digits is prose ("is 224 4966")."""
        return 0.0 if not near and value[:2].lower() in TWO_LETTER_WORDS and value[2:3] == " " else None


class DrivingLicence(Shape):
    """Sixteen characters coding surname, date of birth and initials (DVLA), or Northern Ireland's eight digits
    where the words nearby say licence."""

    ENTITY = "UK_DRIVING_LICENCE"
    PATTERNS = (
        (
            "driving licence number",
            r"(?<![\p{L}\d])(?=[A-Z])[A-Z9]{5}[ \-]?\d[0156]\d(?:0[1-9]|[12]\d|3[01])\d[ \-]?[A-Z9]{2}[ \-]?"
            r"[A-Z0-9][ \-]?[A-Z]{2}(?:[ \-]?\d{2})?(?![\p{L}\d])",
            0.9,
        ),
        ("eight digits", r"(?<![\p{L}\d£])\d{8}(?![\p{L}\d])", 0.1),
    )
    CONTEXT = (r"driv(?:ing|ers?|er's) licen[cs]es?", r"licen[cs]e (?:number|no)", "dvla", "dva")
    before = 32
    after = 0


class TaxReference(Shape):
    """Unique Taxpayer Reference: ten digits, sometimes a K, only where the words nearby say so."""

    ENTITY = "UK_UTR"
    PATTERNS = (("unique taxpayer reference", r"(?<![\d£$.,])\d{5}[ \-]?\d{5}K?(?!\d)", 0.1),)
    CONTEXT = (
        r"u\.?t\.?r\.?",
        "unique tax(?:payer)?'?s? ref(?:erence)?",
        r"tax(?:payer)? ref(?:erence)?",
        "self[ -]assessment",
    )


class SocialSecurity(Shape):
    """United States form, hyphenated 3-2-4: written by colleagues for people with pensions abroad."""

    ENTITY = "ID_NUMBER"
    PATTERNS = (("social security number", r"(?<![\d\-])\d{3}-\d{2}-\d{4}(?![\d\-])", 0.6),)
    CONTEXT = ("social security", "ssn")
