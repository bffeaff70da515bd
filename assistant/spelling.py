"""Why: a colleague types with a claimant waiting. A word that no guidance holds, and that is one slip away from
one it does, is read as that word; the reading is recorded and shown with the other expansions.

A slip is a letter left out, put in twice or too many, exchanged with its neighbour, or another in its place (Damerau,
"A technique for computer detection and correction of spelling errors", 1964, found four fifths of all to be one of
these). The shorter a word, the fewer are looked for: "horse" is no misspelt "house".
"""

from __future__ import annotations

import re

from assistant.vocabulary import Vocabulary
from assistant.words import ADDRESSING_WORDS, FUNCTION_WORDS, stem, words
from governance.parting import parted

LEAST_LETTERS = 4
"""Shorter words lie one slip away from too many others; of four letters, only exchanged neighbours are put right."""
OTHER_LETTER_FROM = 6
"""Letters from which a wrong letter is put right too."""
TWO_SLIPS_FROM = 12
"""Letters from which two slips are put right; at nine, "declaring" would be read as "delaying"."""
SAME_LETTERS_FROM = 7
"""Letters from which one slip more is put right where a word has the very letters of another: "clamaint"."""

SPACELESS_FROM, SPACELESS_MOST = 15, 200
"""Letters of a run of words without spaces."""
SPACELESS_ASKED_FROM, LEAST_ASKED = 10, 3
"""Letters, and words, of a shorter run that begins with a word of grammar: "howmuchispip"."""
_PREFIXES = ("re", "non", "co", "pre")
"""Guidance writes "re-determination" and "non-dependant"; colleagues write them as one word."""
_SUM = re.compile(r"(?P<digits>\d{1,3}(?=k)|\d{4,6})(?P<thousands>k?)")
_YEAR = re.compile(r"(?:19|20)\d{2}")


def misspelt(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Words of a text that guidance does not hold → the word, or the two words, of guidance that each is read as."""
    found = {}
    for word in dict.fromkeys(words(text)):
        if sum_ := _sum(word):
            found[word] = sum_
            continue
        if len(word) < LEAST_LETTERS or not word.isalpha() or vocabulary.knows(stem(word)):
            continue
        if word in FUNCTION_WORDS:
            continue
        if right := _nearest(word, vocabulary) or _parted(word, vocabulary) or _spaced(word, vocabulary):
            found[word] = right
    return found


def _sum(word: str) -> str:
    """A sum as guidance writes it, of "6k" or "16000"; "" where the word is none, or may be a year."""
    written = _SUM.fullmatch(word)
    if written is None or _YEAR.fullmatch(word):
        return ""
    return f"{int(written['digits']) * (1000 if written['thousands'] else 1):,}"


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    """The word of guidance that is fewest slips away, and of those the commonest; "" where none is near."""
    most = 2 if len(word) >= TWO_SLIPS_FROM else 1
    best = ("", most + 2, 0.0)
    for near in vocabulary.spelt(word[0]):
        if abs(len(near) - len(word)) > most or len(near) < LEAST_LETTERS:
            continue
        if len(set(word) ^ set(near)) > 2 * most:
            continue  # too many other letters: quicker to see than to count slips
        same_letters = len(word) >= SAME_LETTERS_FROM and sorted(word) == sorted(near)
        allowed = most + same_letters
        slips = distance(word, near, allowed)
        if slips > allowed or not _allowed(word, near):
            continue
        rarity = vocabulary.weight(stem(near))
        if (slips, rarity, near) < (best[1], best[2], best[0]) or not best[0]:
            best = (near, slips, rarity)
    return best[0]


def _allowed(word: str, near: str) -> bool:
    if sorted(word) == sorted(near):
        return True  # neighbours exchanged
    if len(word) < OTHER_LETTER_FROM:
        return len(word) != len(near) and len(word) > LEAST_LETTERS
    return True


def _parted(word: str, vocabulary: Vocabulary) -> str:
    """Two words of guidance, or of grammar, that were written as one; "" where it is no such pair."""
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= OTHER_LETTER_FROM and vocabulary.knows(prefix):
            if vocabulary.knows(stem(rest)):
                return f"{prefix}-{rest}"
            if right := _nearest(rest, vocabulary):
                return f"{prefix}-{right}"
    for at in range(3, len(word) - 2):
        one, two = word[:at], word[at:]
        if all(w in FUNCTION_WORDS or vocabulary.knows(stem(w)) for w in (one, two)):
            return f"{one} {two}"
    return ""


def _spaced(word: str, vocabulary: Vocabulary) -> str:
    """The words that were written without spaces, as few as carry it all; "" where they are not all known."""
    if not SPACELESS_ASKED_FROM <= len(word) <= SPACELESS_MOST:
        return ""
    read = parted(word, lambda piece: _is_word(piece, vocabulary), lambda piece: _rarity(piece, vocabulary))
    asked = len(read) >= LEAST_ASKED and read[0] in FUNCTION_WORDS
    return " ".join(read) if asked or len(word) >= SPACELESS_FROM else ""


def _is_word(piece: str, vocabulary: Vocabulary) -> bool:
    if piece in FUNCTION_WORDS or piece in ADDRESSING_WORDS:
        return True
    return len(piece) > 2 and piece in vocabulary.spelt(piece[0])


def _rarity(piece: str, vocabulary: Vocabulary) -> float:
    return 0.0 if piece in FUNCTION_WORDS else vocabulary.weight(stem(piece))


def distance(one: str, other: str, most: int) -> int:
    """Slips between two words (optimal string alignment); ``most`` + 1 where there are more than ``most``."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def read_as(text: str, slips: dict[str, str]) -> str:
    """The text with each slip put right."""
    for wrong, right in slips.items():
        text = re.sub(rf"\b{re.escape(wrong)}\b", right, text, flags=re.IGNORECASE)
    return text
