"""Why: coverage, focus and overlap all ask "does this text speak of that word?", and must mean the same.

A word is compared by its Snowball stem. Function words, and words that only address the assistant
("please", "tell me") or stand for whoever is asked about ("someone"), carry nothing to look for.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_TOKEN = re.compile(r"<[A-Z][A-Z_]*_\d+>")

FUNCTION_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "against",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "aren't",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "can't",
        "cannot",
        "could",
        "couldn't",
        "did",
        "didn't",
        "do",
        "does",
        "doesn't",
        "doing",
        "don't",
        "down",
        "during",
        "each",
        "either",
        "else",
        "ever",
        "every",
        "few",
        "for",
        "from",
        "further",
        "had",
        "hadn't",
        "has",
        "hasn't",
        "have",
        "haven't",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "herself",
        "him",
        "himself",
        "his",
        "how",
        "however",
        "i",
        "i'd",
        "i'll",
        "i'm",
        "i've",
        "if",
        "in",
        "into",
        "is",
        "isn't",
        "it",
        "it's",
        "its",
        "itself",
        "just",
        "like",
        "many",
        "may",
        "me",
        "might",
        "mine",
        "more",
        "most",
        "much",
        "must",
        "my",
        "myself",
        "neither",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "onto",
        "or",
        "other",
        "our",
        "ours",
        "ourselves",
        "out",
        "over",
        "own",
        "per",
        "really",
        "same",
        "shall",
        "she",
        "should",
        "shouldn't",
        "since",
        "so",
        "some",
        "still",
        "such",
        "than",
        "that",
        "that's",
        "the",
        "their",
        "theirs",
        "them",
        "themselves",
        "then",
        "there",
        "there's",
        "these",
        "they",
        "they're",
        "this",
        "those",
        "though",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "via",
        "was",
        "wasn't",
        "we",
        "were",
        "weren't",
        "what",
        "what's",
        "when",
        "whenever",
        "where",
        "where's",
        "whether",
        "which",
        "while",
        "who",
        "who's",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "won't",
        "would",
        "wouldn't",
        "yes",
        "yet",
        "you",
        "you're",
        "your",
        "yours",
        "yourself",
    ]
)
ADDRESSING_WORDS = frozenset(
    [
        "advise",
        "ask",
        "asked",
        "asking",
        "answer",
        "anybody",
        "anyone",
        "anything",
        "claimant",
        "claimants",
        "client",
        "clients",
        "come",
        "customer",
        "customers",
        "everyone",
        "explain",
        "find",
        "get",
        "gets",
        "getting",
        "give",
        "given",
        "gives",
        "go",
        "goes",
        "going",
        "got",
        "happen",
        "happens",
        "hello",
        "help",
        "hi",
        "instead",
        "know",
        "let",
        "look",
        "make",
        "makes",
        "man",
        "mean",
        "need",
        "needed",
        "needs",
        "ok",
        "okay",
        "people",
        "person",
        "please",
        "put",
        "say",
        "says",
        "see",
        "someone",
        "somebody",
        "something",
        "sort",
        "take",
        "takes",
        "tell",
        "thank",
        "thanks",
        "thing",
        "things",
        "told",
        "try",
        "use",
        "want",
        "wanted",
        "wants",
        "way",
        "well",
        "woman",
        "wonder",
        "wondering",
        "work",
        "coach",
    ]
)
"""Left out of what a question is *about*; passages may say "claimant" in every line or never."""

_local = threading.local()


def bare(text: str) -> str:
    """Text without redaction tokens, for searching: a token says nothing about the guidance wanted."""
    return re.sub(r"[ \t]{2,}", " ", _TOKEN.sub(" ", text)).strip()


def words(text: str) -> list[str]:
    """The words of a text in order: lower case, apostrophes straight, a possessive ending left off."""
    found = (match[0].lower().replace("’", "'") for match in _WORD.finditer(text))
    return [word.removesuffix("'s") for word in found]


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
