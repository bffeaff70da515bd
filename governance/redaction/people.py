"""Why: a detector says roughly where a name is. What is hidden should be the name, all of it, and only it."""

from __future__ import annotations

from typing import Any

from governance.redaction.allow import Allowed
from governance.redaction.introductions import TITLE_BEFORE, TITLES, WORD, names_somebody, plain
from governance.redaction.spaceless import asks
from governance.redaction.words import common_words

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
ALSO_NAMES = SURNAMES | GIVEN_NAMES


def trim(
    text: str, start: int, end: int, allowed: Allowed, phrases: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The parts of ``start:end`` that can be names: allowed phrases cut out, titles and ordinary words cut off
    the front, ordinary words and possessives off the end; nothing, if only such words remain."""
    parts, at = [], start
    for phrase_start, phrase_end in [p for p in phrases if p[0] < end and start < p[1]]:
        parts.append((at, phrase_start))
        at = phrase_end
    parts.append((at, end))
    return [kept for part in parts if part[0] < part[1] for kept in _name_in(text, *part, allowed)]


def _name_in(text: str, start: int, end: int, allowed: Allowed) -> list[tuple[int, int]]:
    words = [w for w in WORD.finditer(text, start, end) if any(c.isalpha() for c in w.group())]
    titled = TITLE_BEFORE.search(text, max(0, start - 12), start) is not None
    while words and plain(words[0]) in TITLES:
        titled = True
        words.pop(0)
    if titled and words and words[0].group()[:2].istitle():  # "Mr Long" is no ordinary word
        return [_without_ending(text, words)]
    while words and _ordinary(words[0]) and plain(words[0]) not in GIVEN_NAMES:
        words.pop(0)
    cased = not text.isupper() and any(word.group()[0].isupper() for word in words)
    while words and _ends_wrong(words, cased):
        words.pop()
    if any(_can_be_name(text, word, allowed) for word in words):
        return [_without_ending(text, words)]
    return []


def _can_be_name(text: str, word: Any, allowed: Allowed) -> bool:
    if len(plain(word)) < 2 or any(c.isdigit() for c in word.group()) or _ordinary(word):
        return False
    if allowed.is_place(word.group()):
        return names_somebody(text, word.start(), word.end())
    return not allowed.is_word(word.group())


def _ordinary(word: Any) -> bool:
    return plain(word) in common_words() or asks(plain(word), ALSO_NAMES)


def _ends_wrong(words: list[Any], cased: bool) -> bool:
    """Whether the last word is no part of the name: an ordinary word without a capital (where names have them),
    or one that is not also a surname (where nothing, or everything, has)."""
    last = words[-1]
    if not _ordinary(last):
        return False
    if cased:
        return not last.group()[0].isupper() or len(words) == 1
    return len(words) == 1 or plain(last) not in SURNAMES


def _without_ending(text: str, words: list[Any]) -> tuple[int, int]:
    """From the first word to the last, less a possessive or punctuation at the end."""
    stop = words[-1].end()
    if text[stop - 2 : stop].lower() == "'s" and stop - words[-1].start() > 3:
        stop -= 2
    while text[stop - 1] in ".'-" and stop - 1 > words[-1].start() + 1:
        stop -= 1
    return words[0].start(), stop
