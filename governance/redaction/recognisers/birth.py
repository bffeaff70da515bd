"""Why: a date of birth identifies; a date in guidance does not. Only the words around tell them apart."""

from __future__ import annotations

from governance.redaction.shape import Shape

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}[ ]?[/.\-][ ]?\d{{1,2}}[ ]?[/.\-][ ]?(?:\d{{4}}|\d{{2}})|\d{{4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ \-](?:of[ ])?{_MONTH},?[ \-]'?(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}|{_MONTH},?[ ]\d{{4}}|\d{{8}}|\d{{2}}[ ]\d{{2}}[ ](?:\d{{4}}|\d{{2}}))"
)
_SAYS_BIRTH = r"(?:d\.?o\.?b\.?|dates?[ ]of[ ]birth|birth[ ]?(?:date|day)s?|birthdate)(?:[ ]*(?:is|was|:|=|-|\(|,|of|on|as|given|the))*[ ]*"
_BORN = r"(?<!(?:someone|anyone|people|persons?|those|children|child|baby|babies|women|woman|men|man|claimants?|customers?|everyone|if|or|and|not|were)[ ])"


class DateOfBirth(Shape):
    """A date introduced as a birth date. "Born before 6 April 2017" is a rule, and stays."""

    ENTITY = "DATE_OF_BIRTH"
    PATTERNS = (
        ("date after a word for birth", rf"(?<![\p{{L}}]){_SAYS_BIRTH}(?<value>{_DATE})(?![\d])", 0.9),
        (
            "date after born",
            rf"{_BORN}(?<![\p{{L}}])born[ ]*(?:on|in|:|the)?[ ]*(?:the[ ])?(?<value>{_DATE})(?![\d])",
            0.85,
        ),
        (
            "date before a word for birth",
            rf"(?<!\d)(?<value>{_DATE})[ ]*[(,]?[ ]?(?:d\.?o\.?b\.?|is (?:his|her|their|my) (?:birthday|dob|date of birth))(?![\p{{L}}])",
            0.85,
        ),
        ("short birth mark", rf"(?<=[\p{{L}})],?[ ])(?:b\.|b:)[ ]?(?<value>{_DATE})(?![\d])", 0.7),
    )
