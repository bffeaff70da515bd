"""Why: a detector says roughly where a name is. What is hidden should be the name, all of it, and only it."""

from __future__ import annotations

from typing import Any

import regex

from governance.redaction.allow import Allowed
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
SURNAMES = frozenset(
    [
        *(
            "young",
            "long",
            "small",
            "best",
            "case",
            "price",
            "day",
            "little",
            "page",
            "cook",
            "cash",
            "good",
            "english",
        ),
        *(
            "child",
            "parent",
            "marriage",
            "field",
            "bank",
            "law",
            "box",
            "new",
            "hall",
            "ring",
            "foster",
            "street",
        ),
        *(
            "power",
            "major",
            "short",
            "hope",
            "shepherd",
            "farmer",
            "judge",
            "hill",
            "speak",
            "wise",
            "rich",
            "strong",
        ),
        *(
            "wall",
            "winter",
            "summer",
            "waters",
            "mark",
            "key",
            "trainer",
            "guard",
            "fair",
            "light",
            "fry",
            "house",
        ),
    ]
)
"""Ordinary words that are also surnames, kept after a given name where case tells nothing."""
GIVEN_NAMES = frozenset(
    [
        "may",
        "june",
        "april",
        "august",
        "will",
        "mark",
        "hope",
        "faith",
        "pat",
        "rob",
        "sue",
        "sun",
        "jan",
        "jun",
        "van",
    ]
)
"""Ordinary words that are also given names, kept where a surname follows."""
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'.\-]*|\d[\p{L}\d\-]*")
_NAME = r"(?:\p{L}[\p{L}\p{M}'\-]+|\p{L}\.?)"

AFTER_THIS_A_NAME = regex.compile(
    r"(?<![\p{L}])(?:mr|mrs|ms|miss|mx|dr|sir|dame|prof(?:essor)?|rev(?:erend)?|cllr|claimant'?s?|customer|client|citizen|appellant|"
    r"appointee|applicant|tenant|landlord|landlady|partner|wife|husband|ex|son|daughter|child|mother|father|mum|dad|"
    r"brother|sister|friend|carer|neighbour|colleague|coach|manager|adviser|solicitor|gp|doctor|surname|forename|"
    r"first name|last name|middle name|name|named|called|calls me|call me|known as|spoke(?:n)? (?:to|with)|speaking (?:to|with)|rang|phoned|met(?: with)?|"
    r"interviewed|saw|call(?:ed)? from|behalf of|message from|email from|letter from|told by|regards|from|"
    r"this is|i am|i'm|am|signed(?: by)?|re|attn|dear|hi|hello|cc)(?:'s)?(?:[ ]name)?(?:[ ]is|[ ]was)?[ ]*[:,.\-]?[ ]*\n?$",
    regex.IGNORECASE,
)
"""Matches the text right before a word that is probably a name."""

TITLED = regex.compile(
    rf"(?<![\p{{L}}])(?:mr|mrs|mx|prof|(?-i:Ms|MS|Miss|MISS|Dr|DR|Sir|SIR|Dame|Rev|Cllr))\.?[ ]+(?<value>{_NAME}(?:[ ]{_NAME}){{0,3}})",
    regex.IGNORECASE,
)
STATED = regex.compile(
    rf"(?<![\p{{L}}])(?:(?:my|his|her|their|claimant'?s?|customer'?s?|client'?s?|full|maiden|partner'?s?) (?:full |maiden |first |last )?name(?:'s| is| was)|(?:sur|fore|full |first |last |maiden )?name[ ]?:)[ ]*(?<value>{_NAME}(?:[ ]{_NAME}){{0,3}})",
    regex.IGNORECASE,
)


def name_after_title(text: str, start: int, end: int) -> tuple[int, int]:
    """How much of the words after a title is the name: up to the first ordinary word, or, where the first word
    has a capital, up to the first that has none."""
    words = list(_WORD.finditer(text, start, end))
    capital = words[0].group()[0].isupper()
    stop = start
    for place, word in enumerate(words):
        value = word.group()
        plain = value.lower().rstrip(".'")
        if (capital and not value[0].isupper()) or (plain in common_words() and (place or not capital)):
            break
        if not capital and (place >= 2 or len(plain) < 2):
            break
        stop = word.end()
    return start, stop


def trim(
    text: str, start: int, end: int, allowed: Allowed, phrases: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The parts of ``start:end`` that can be names: allowed phrases cut out, titles and ordinary words cut off
    the front, possessives off the end; nothing, if only allowed or ordinary words remain."""
    parts, at = [], start
    for phrase_start, phrase_end in [p for p in phrases if p[0] < end and start < p[1]]:
        parts.append((at, phrase_start))
        at = phrase_end
    parts.append((at, end))
    return [kept for part in parts if part[0] < part[1] for kept in _one(text, *part, allowed)]


def _one(text: str, start: int, end: int, allowed: Allowed) -> list[tuple[int, int]]:
    words = [w for w in _WORD.finditer(text, start, end) if any(c.isalpha() for c in w.group())]
    while words and (
        _plain(words[0]) in TITLES or (_ordinary(words[0]) and _plain(words[0]) not in GIVEN_NAMES)
    ):
        words.pop(0)
    cased = not text.isupper() and any(word.group()[0].isupper() for word in words)
    while words and _ends_wrong(words, cased):
        words.pop()
    solid = [
        w
        for w in words
        if len(_plain(w)) > 1
        and _plain(w) not in common_words()
        and not allowed.is_word(w.group())
        and not _coded(w)
    ]
    if not solid:
        return []
    stop = words[-1].end()
    if text[stop - 2 : stop].lower() == "'s" and stop - words[-1].start() > 3:
        stop -= 2
    while text[stop - 1] in ".'-" and stop - 1 > words[-1].start() + 1:
        stop -= 1
    return [(words[0].start(), stop)]


def _plain(word: Any) -> str:
    plain = str(word.group()).lower().rstrip(".'-")
    return plain[:-2] if plain.endswith("'s") and len(plain) > 3 else plain


def _ordinary(word: Any) -> bool:
    return _plain(word) in common_words()


def _ends_wrong(words: list[Any], cased: bool) -> bool:
    """Whether the last word is no part of the name: an ordinary word without a capital (where names have them),
    or one that is not also a surname (where nothing, or everything, has)."""
    last = words[-1]
    if not _ordinary(last):
        return False
    if cased:
        return not last.group()[0].isupper() or len(words) == 1
    return len(words) == 1 or _plain(last) not in SURNAMES


def _coded(word: Any) -> bool:
    return any(c.isdigit() for c in word.group())
