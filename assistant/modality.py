"""Why: "must", "may" and "must not" differ by a word and decide a claim. What a text forbids, demands, allows or
makes depend on something is read as marks, so that a rewording can be held to those of its source.

The marks are the modal verbs and the conditional and limiting words of English guidance, by class (Quirk and others,
A Comprehensive Grammar of the English Language, 1985, chapters 4 and 15): two words of one class say the same here.
"""

from __future__ import annotations

import re
from collections import Counter

_CONTRACTED = re.compile(
    r"\b(can|could|must|should|would|will|do|does|did|is|are|was|were|have|has|had|need)n['’]t\b|\b(ca|wo|sha)n['’]t\b",
    re.I,
)
_STEMS = {"ca": "can", "wo": "will", "sha": "shall"}
_MARKS: tuple[tuple[str, str], ...] = (
    ("only if", r"only\s+(?:if|when|where)|(?:if|when|where)\s+and\s+only\s+(?:if|when)|provided(?:\s+that)?|as\s+long\s+as|on\s+condition"),
    ("unless", r"unless|except(?:ing)?(?:\s+(?:if|when|where|for))?|apart\s+from|other\s+than|save\s+where"),
    ("at most", r"up\s+to|at\s+most|no\s+more\s+than|not\s+more\s+than|(?:a\s+)?maximum(?:\s+of)?|within|no\s+later\s+than|or\s+(?:less|fewer|under|younger)"),
    ("at least", r"at\s+least|no\s+(?:less|fewer)\s+than|not\s+less\s+than|(?:a\s+)?minimum(?:\s+of)?|or\s+(?:more|over|older|above)"),
    ("more", r"more\s+than|over|above|exceed(?:s|ing)?|older\s+than"),
    ("less", r"less\s+than|fewer\s+than|under|below|younger\s+than"),
    ("must", r"must|ha(?:s|ve)\s+to|shall|(?:is|are|be)\s+(?:required|obliged)(?:\s+to)?|needs?\s+to"),
    ("should", r"should|ought\s+to"),
    ("may", r"may|might|(?:is|are|be)\s+(?:allowed|permitted)\s+to"),
    ("can", r"can|could|(?:is|are|be)\s+able\s+to"),
    ("will", r"will"),
    ("would", r"would"),
    ("not", r"not|no|never|none|nobody|nothing|neither|nor|without|cannot|no\s+longer"),
    ("only", r"only|solely"),
    ("if", r"if|when|where|whether"),
    ("before", r"before"),
    ("until", r"until"),
    ("after", r"after|once"),
    ("all", r"all|every|each|always"),
    ("any", r"any|anyone|anybody"),
    ("or", r"or|either"),
)  # fmt: skip
_MARK = re.compile("|".join(rf"(?P<m{n}>\b(?:{words})\b)" for n, (_, words) in enumerate(_MARKS)), re.I)

POLARITY = frozenset({"not"})
MODALITY = frozenset({"must", "should", "may", "can", "will", "would"})

CONDITIONS = frozenset(name for name, _ in _MARKS) - POLARITY - MODALITY


def opened(text: str) -> str:
    """A text with its contractions written out: "can't" as "can not"."""
    text = _CONTRACTED.sub(lambda m: f"{m[1] or _STEMS[m[2].lower()]} not", text)
    return re.sub(r"\bcannot\b", "can not", text, flags=re.I)


def marks(text: str) -> list[str]:
    """The classes of every mark of a text, in order."""
    return [name for _, _, name in located(text)]


def located(text: str) -> list[tuple[int, int, str]]:
    """The marks of an opened text with their spans."""
    found = []
    for match in _MARK.finditer(text):
        group = match.lastgroup or ""
        found.append((match.start(), match.end(), _MARKS[int(group[1:])][0]))
    return found


def differing(text: str, source: str, classes: frozenset[str] | None = None) -> list[str]:
    """Classes of marks that a text has more or fewer of than its source; all classes, or some."""
    one, other = Counter(marks(opened(text))), Counter(marks(opened(source)))
    return sorted(
        name for name in {*one, *other} if one[name] != other[name] and (classes is None or name in classes)
    )
