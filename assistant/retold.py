"""Why: a rewriting decides what is searched. One that a model made may put words together anew, and may bring none, drop
none of the question's own, and turn nothing round.
"""

from __future__ import annotations

import re

from assistant.figures import figures
from assistant.modality import marks, opened
from assistant.words import content_words, stem

LONGEST_MORE = 40
"""Characters by which a rewriting may be longer than both questions."""
_TOKEN = re.compile(r"<[A-Z][A-Z_]*_\d+>")
_JOINING = frozenset({"if", "or", "any", "all"})
"""Marks that a question about a case needs and one about a rule does not: "and if she missed that"."""


def unfaithful(text: str, question: str, before: str) -> str:
    """Why a rewriting of a question, from the one before it, may not be used; "" where it may."""
    both = f"{before} {question}"
    if not content_words(text) or len(text) > len(both) + LONGEST_MORE or "\n" in text:
        return "it is no question of that length"
    if added := _stems(text) - _stems(both):
        return f"it brings {len(added)} word{'s' if len(added) > 1 else ''} of its own"
    if _stems(question) - _stems(text):
        return "it leaves out a word of the question"
    if not {*figures(text)} <= {*figures(both)} or not _tokens(text) <= _tokens(both):
        return "it brings a figure or a name of its own"
    if not _tokens(question) <= _tokens(text):
        return "it leaves out a person of the question"
    said, asked, known = _marks(text), _marks(question), _marks(both)
    if said - known or asked - said - _JOINING:
        return "it changes what is forbidden, demanded, allowed or limited"
    return ""


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _tokens(text: str) -> set[str]:
    return set(_TOKEN.findall(text))


def _marks(text: str) -> set[str]:
    return set(marks(opened(text)))
