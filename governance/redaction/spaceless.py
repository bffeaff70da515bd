"""Why: "HOWMUCHISPIP" is one unknown word in capitals, which is what a name looks like to a name detector; and a question
that is taken for a name is refused. Read as the ordinary words that it is made of, it hides nobody.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from governance.redaction.words import common_words

LEAST, MOST = 10, 200
"""Letters of a question typed without spaces."""
_LONGEST = 20
_OPENS = regex.compile(
    r"how(?:much|many|long|often|soon)|how(?:do|does|can|is|are)|what(?:is|are|do|does|can|happens)|when(?:is|are|do|does|can)"
    r"|where(?:is|are|do|does|can)|whatif|whydo|whydoes|who(?:can|gets|pays)|can(?:a|an|i|you|we|he|she|they)|does|is|are"
)
"""How a question begins; its first words, since "how" alone also begins Howard."""


@lru_cache(maxsize=1000)
def asks(word: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether one word is a question typed without spaces: an opening and two ordinary words or more, to the last letter.

    ``names`` are ordinary words that are also names; what needs one of them to be read is no such question.
    """
    plain = word.lower()
    if not LEAST <= len(plain) <= MOST or not plain.isalpha():
        return False
    opening = _OPENS.match(plain)
    return opening is not None and _pieces(plain, opening.end(), names) >= 2


def _pieces(word: str, at: int, names: frozenset[str]) -> int:
    """The fewest ordinary words that make up the rest of a word; 0 where none do."""
    fewest: list[int | None] = [0, *[None] * (len(word) - at)]
    for end in range(1, len(fewest)):
        for start in range(max(0, end - _LONGEST), end):
            before, piece = fewest[start], word[at + start : at + end]
            if before is None or piece not in common_words() or piece in names:
                continue
            known = fewest[end]
            fewest[end] = before + 1 if known is None else min(known, before + 1)
    return fewest[-1] or 0
