"""Why: departments number their claims and letters in ways that change; those shapes belong in the policy file.
And what no recogniser knows is hidden all the same when it is introduced as somebody's number: fail closed.
"""

from __future__ import annotations

import regex

from governance.redaction.policy import Reference
from governance.redaction.shape import Shape


class ConfiguredReference(Shape):
    """One kind of reference from the policy, for example a Universal Credit journal reference."""

    ENTITY = "BENEFIT_REFERENCE"
    before = 40
    after = 0

    def __init__(self, reference: Reference) -> None:
        super().__init__(
            entity=reference.entity,
            name=f"{type(self).__name__}:{reference.name}",
            patterns=[
                (reference.name, rf"(?<![\p{{L}}\d])(?:{reference.pattern})(?![\p{{L}}\d])", reference.score)
            ],
            context=reference.context,
        )


class LabelledNumber(Shape):
    """Anything with four digits or more that is introduced as a person's number, card, account or reference."""

    ENTITY = "ID_NUMBER"
    _OWNER = (
        r"(?:national[ ]insurance|n\.?i\.?|nino|social[ ]security|passport|driv(?:ing|er'?s?)[ ]licen[cs]e|licen[cs]e|id|i\.d\.|identity"
        r"|account|bank|card|visa|debit|credit|policy|customer|crn|client|claimant|case|claim|journal|membership|patient"
        r"|hospital|tax|taxpayer|home[ ]office|brp|ho|biometric|payroll|employee|staff|tenancy|rent|council[ ]tax|booking"
        r"|appointment|debt|loan|overpayment|appeal|tribunal)"
    )
    _WORD = r"(?:number|num|no|nr|ref(?:erence)?|code|id|#)"
    PATTERNS = (
        (
            "number introduced as a person's",
            rf"(?<![\p{{L}}\d])(?!tax[ ]code){_OWNER}[ ]*(?:{_WORD}\.?[ ]*){{1,3}}(?:(?:is|was|of|:|=|#|\-|,|ending|the)[ ]*)*"
            r"(?<value>(?<![\p{L}\d£$])(?:[A-Z]{1,4}[ \-/]?)?\d[\dA-Z]*(?:[ \-/]?(?=[A-Z]{0,3}\d)[\dA-Z]+|[ \-/][A-Z](?![\p{L}]))*)(?![\p{L}\d])",
            0.75,
        ),
        (
            "long number beside a card word",
            r"(?<![\p{L}])cards?(?:[ ](?:number|no))?\.?[ ]*(?:is|was|:|=|ending|\-)?[ ]*(?<value>(?:\d[ \-]?){11,18}\d)(?!\d)",
            0.8,
        ),
    )

    def confirm(self, value: str, near: bool) -> float | None:
        """Four digits or more."""
        return None if sum(c.isdigit() for c in value) >= 4 else 0.0


class LongNumber(Shape):
    """Nine digits or more in a row that are not money, a count or a decimal: whatever it is, it is an identifier."""

    ENTITY = "ID_NUMBER"
    PATTERNS = (
        (
            "nine digits or more",
            r"(?<![\p{L}\d£$€.,/=_\-])\d{9,20}(?![\d%/_\-]|[.,]\d|[ ]?(?:pounds?|pence|euros?|million|thousand|people|bytes))",
            0.6,
        ),
    )

    def confirm(self, value: str, near: bool) -> float | None:
        """A round number is an amount; a public service line is not a person's."""
        if regex.search(r"0{5,}$", value) or regex.match(r"0(?:[389]\d\d|500)\d{6,7}$", value):
            return 0.0
        return None
