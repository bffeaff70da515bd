"""Why: numbers that reach a person's money: sort code, account, payment card, IBAN."""

from __future__ import annotations

import regex

from governance.redaction.shape import Shape

_BANK = (
    r"bank",
    r"accounts?",
    r"acc(?:t|nt)?\.?",
    r"a/c",
    r"sort[ -]?codes?",
    r"s/c",
    r"building society",
    r"roll (?:number|no)",
)


class SortCode(Shape):
    """Six digits in pairs. Without a bank word nearby, three pairs with hyphens might be a date, so a pattern
    that is one of a possible date scores low."""

    ENTITY = "UK_SORT_CODE"
    PATTERNS = (
        (
            "sort code beside an account number",
            r"(?<![\d\-/£])\d{2}[ \-]?\d{2}[ \-]?\d{2}(?=[ ,;/\n]{1,3}\d{8}(?!\d))",
            0.8,
        ),
        ("three pairs with hyphens", r"(?<![\d\-/£])\d{2}-\d{2}-\d{2}(?![\d\-/])", 0.4),
        ("six digits", r"(?<![\d\-/£.,])\d{2}[ .:]?\d{2}[ .:]?\d{2}(?![\d\-/]|[.,]\d)", 0.05),
    )
    CONTEXT = (r"sort[ -]?codes?", r"s/c", r"sort")
    before = 32
    after = 0

    def confirm(self, value: str, near: bool) -> float | None:
        """Hyphenated pairs that cannot be a date are a sort code."""
        pairs = regex.findall(r"\d\d", value)
        if near or "-" not in value or len(pairs) != 3:
            return None
        day, month = sorted(map(int, pairs[:2]))
        return None if 1 <= day <= 12 and month <= 31 else 0.7


class BankAccount(Shape):
    """Eight digits (six to ten for building societies), only beside a word that says it is an account."""

    ENTITY = "UK_BANK_ACCOUNT"
    PATTERNS = (
        (
            "account number after a sort code",
            r"(?<=\d{2}[ \-]?\d{2}[ \-]?\d{2}[ ,;/\n]{1,3})\d{8}(?!\d)",
            0.8,
        ),
        ("eight digits", r"(?<![\d£$.,\-/])\d{4}[ \-]?\d{4}(?![\d]|[.,]\d)", 0.1),
        ("six to ten digits", r"(?<![\d£$.,\-/])\d{6,10}(?![\d]|[.,]\d)", 0.1),
        ("building society roll number", r"(?<![\p{L}\d])[A-Z]{0,3}/?\d{5,10}(?:-\d{1,4})?(?![\d])", 0.05),
    )
    CONTEXT = _BANK
    before = 32
    after = 0


class PaymentCard(Shape):
    """Twelve to nineteen digits that pass Luhn (ISO/IEC 7812-1) and begin as a card does."""

    ENTITY = "CREDIT_CARD"
    PATTERNS = (("payment card number", r"(?<![\d£$\-.])(?:\d[ \-]?){11,18}\d(?![\d])", 0.5),)
    CONTEXT = (r"cards?", "visa", "mastercard", "maestro", "amex", "debit", "credit")

    def confirm(self, value: str, near: bool) -> float | None:
        """The check digit decides. (A failing number beside the word card is caught as an ID_NUMBER.)"""
        digits = [int(c) for c in value if c.isdigit()]
        if not near and any(len(group) < 4 for group in regex.split(r"[ \-]", value)[:-1]):
            return 0.0  # not grouped as cards are: a sort code and an account, perhaps
        return (0.95 if near else 0.8) if _luhn(digits) and len(set(digits)) > 1 else 0.0


def _luhn(digits: list[int]) -> bool:
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


class Iban(Shape):
    """International bank account number, check digits by ISO 7064 mod 97-10; a British one even if mistyped."""

    ENTITY = "IBAN_CODE"
    PATTERNS = (
        ("British IBAN", r"(?<![\p{L}\d])GB[ ]?\d{2}[ ]?[A-Z]{4}(?:[ \-]?\d){14}(?![\p{L}\d])", 0.95),
        (
            "IBAN",
            r"(?<![\p{L}\d])[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?(?![\p{L}\d])",
            0.9,
        ),
    )
    CONTEXT = ("iban",)

    def confirm(self, value: str, near: bool) -> float | None:
        """The check digits decide, except for the British form."""
        code = regex.sub(r"[ \-]", "", value).upper()
        if code.startswith("GB") and len(code) == 22:
            return None
        if sum(c.isdigit() for c in code) < 8:
            return 0.0
        return None if int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1 else 0.0
