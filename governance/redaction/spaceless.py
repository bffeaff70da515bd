"""Why: "HOWMUCHISPIP" is one unknown word in capitals, which is what a name looks like to a name detector; and a question
that is taken for a name is refused. Read as the ordinary words that it is made of, it hides nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import regex

from governance.parting import parted
from governance.redaction.words import common_words

LEAST, MOST = 10, 200
"""Letters of a question typed without spaces."""
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
    return opening is not None and len(parted(plain[opening.end() :], _ordinary(names))) >= 2


def _ordinary(names: frozenset[str]) -> Callable[[str], bool]:
    return lambda piece: piece in common_words() and piece not in names
