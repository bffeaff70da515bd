"""Why: coverage, focus and overlap all ask "does this text speak of that word?", and must mean the same.

A word is compared by its Snowball stem. Function words, and words that only address the assistant
("please", "tell me") or stand for whoever is asked about ("someone"), carry nothing to look for.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from importlib.resources import files

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_TOKEN = re.compile(
    r"(?:\b(?:sort\s+code|(?:bank\s+)?account|n(?:ational\s+)?i(?:nsurance)?(?=\s+n)|nino|phone|mobile|e-?mail|post\s?code"
    r"|dob|date\s+of\s+birth|mrs?|ms|miss|dr)\b\.?(?:\s+(?:number|no|address))?[\s:,]*)?<[A-Z][A-Z_]*_\d+>",
    re.IGNORECASE,
)
"""What stands for personal data, with the words that only said what kind it was."""


def _listed(name: str) -> frozenset[str]:
    return frozenset(files("assistant").joinpath(name).read_text("utf-8").split())


FUNCTION_WORDS = _listed("function_words.txt")
"""Words of grammar: they carry nothing to look for."""
ADDRESSING_WORDS = _listed("addressing_words.txt")
"""Left out of what a question is *about*; passages may say "claimant" in every line or never."""
INCIDENTAL_WORDS = _listed("incidental_words.txt")
"""Words of a story, not of a rule: guidance need not speak of them to answer, though it is searched with them."""

_local = threading.local()


def bare(text: str) -> str:
    """Text without redaction tokens, for searching: a token says nothing about the guidance wanted."""
    return re.sub(r"[ \t]{2,}", " ", _TOKEN.sub(" ", text)).strip()


def words(text: str) -> list[str]:
    """The words of a text in order: lower case, apostrophes straight, a possessive ending left off."""
    found = (match[0].lower().replace("’", "'") for match in _WORD.finditer(text))
    return [word.removesuffix("'s") for word in found]


def spans(text: str) -> list[tuple[int, int]]:
    """Where each word of a text stands, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def stem(word: str) -> str:
    """Snowball (Porter 2) stem of a lower-case word."""
    return _stem(word)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:  # a Stemmer may not be shared by threads
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Stems of every word of a text, in order."""
    return [_stem(word) for word in words(text)]


def content_words(text: str) -> list[str]:
    """The words that a text is about, in order, each once, as written in lower case."""
    kept = [
        w
        for w in words(bare(text))
        if w not in FUNCTION_WORDS and w not in ADDRESSING_WORDS and (len(w) > 1 or w.isdigit())
    ]
    return list(dict.fromkeys(kept))
