"""Why: after "Mr", "her name is" or "spoke to" stands a name, whatever it looks like and however it is written."""

from __future__ import annotations

from typing import Any

import regex

from governance.redaction.words import common_words

TITLES = frozenset(
    [
        *(
            "mr",
            "mrs",
            "ms",
            "miss",
            "mx",
            "dr",
            "sir",
            "dame",
            "lord",
            "lady",
            "prof",
            "professor",
            "rev",
            "reverend",
        ),
        *(
            "cllr",
            "councillor",
            "mister",
            "madam",
            "doctor",
            "judge",
            "sgt",
            "pc",
            "nurse",
            "uncle",
            "aunt",
            "auntie",
        ),
        *("hi", "hello", "hey", "dear"),
    ]
)
"""Words that stand before a name and are no part of it."""

WORD = regex.compile(r"\p{L}[\p{L}\p{M}'.\-]*|\d[\p{L}\d\-]*")
_NAME = r"(?:\p{L}[\p{L}\p{M}'\-]+|\p{L}\.?)"
_NAMES = rf"(?<value>{_NAME}(?:[ ]{_NAME}){{0,3}})"
_TITLE = r"(?<!\p{L})(?:mr|mrs|mx|prof|(?-i:Ms|MS|Miss|MISS|Dr|DR|Sir|SIR|Dame|Rev|Cllr))\.?[ ]+"
"""Titles that are hardly ever anything else; "ms", "miss" and "dr" only with a capital."""

_PEOPLE = (
    r"claimant'?s?|customer|client|citizen|appellant|appointee|applicant|tenant|landlord|landlady|partner|wife|husband|ex|son"
    r"|daughter|child|mother|father|mum|dad|brother|sister|friend|carer|neighbour|colleague|coach|manager|adviser|solicitor"
    r"|gp|doctor"
)
_SAYINGS = (
    r"surname|forename|first name|last name|middle name|name|named|called|calls me|call me|known as|spoke(?:n)? (?:to|with)"
    r"|speaking (?:to|with)|rang|phoned|met(?: with)?|interviewed|saw|call(?:ed)? from|behalf of|message from|email from"
    r"|letter from|told by|regards|from|this is|i am|i'm|am|signed(?: by)?|re|attn|dear|hi|hello|cc"
)
AFTER_THIS_A_NAME = regex.compile(
    rf"(?<!\p{{L}})(?:mr|mrs|ms|miss|mx|dr|sir|dame|prof(?:essor)?|rev(?:erend)?|cllr|{_PEOPLE}|{_SAYINGS})"
    r"(?:'s)?(?:[ ]name)?(?:[ ]is|[ ]was)?[ ]*[:,.\-]?[ ]*\n?$",
    regex.IGNORECASE,
)
"""Matches the text right before a word that is probably a name."""

TITLE_BEFORE = regex.compile(rf"{_TITLE}$", regex.IGNORECASE)
TITLED = regex.compile(rf"{_TITLE}{_NAMES}", regex.IGNORECASE)
_STATED = (
    r"(?<!\p{L})(?:(?:my|his|her|their|claimant'?s?|customer'?s?|client'?s?|partner'?s?) (?:full |maiden |first |last )?"
    r"name(?:'s| is| was)|(?:sur|fore|full |first |last |maiden )?name[ ]?:)[ ]*"
)
STATED = regex.compile(rf"{_STATED}{_NAMES}", regex.IGNORECASE)
_NAMED_BEFORE = regex.compile(
    rf"(?:{_STATED}|(?<!\p{{L}})(?:(?:{'|'.join(sorted(TITLES))})\.?[ ]+"
    rf"|(?:sur|fore|first |last )name(?: is| was)?[ ]+|(?:{_PEOPLE})(?: is|'s| was) (?:called|named)[ ]+))$",
    regex.IGNORECASE,
)
_TURNED_ROUND = regex.compile(r",[ ](?<next>\p{L}{2,})")


def names_somebody(text: str, start: int, end: int) -> bool:
    """Whether what stands around a town's name makes a person's of it: "Mrs York", "her name is York", "York, Mary"."""
    if _NAMED_BEFORE.search(text, max(0, start - 40), start):
        return True
    after = _TURNED_ROUND.match(text, end)
    return after is not None and after["next"].lower() not in common_words()


def plain(word: Any) -> str:
    """A matched word without case, closing punctuation or possessive."""
    bare = str(word.group()).lower().rstrip(".'-")
    return bare[:-2] if bare.endswith("'s") and len(bare) > 3 else bare


def name_after(text: str, start: int, end: int) -> tuple[int, int]:
    """How much of the words after an introduction is the name: up to the first ordinary word, or, where the first
    word has a capital, up to the first that has none. Empty where the first word is an ordinary one."""
    words = list(WORD.finditer(text, start, end))
    first = words[0].group()
    capital = first[0].isupper()
    stop = start
    for place, word in enumerate(words):
        if (capital and not word.group()[0].isupper()) or (
            not capital and (place >= 2 or len(plain(word)) < 2)
        ):
            break
        if plain(word) in common_words() and (place or not capital or first.isupper()):
            break
        stop = word.end()
        if word.group().lower().endswith("'s"):
            return start, stop - 2
    return start, stop
