"""Step 1. Why: what looks the same must be the same, and nothing invisible may ride along.

NFKC folds look-alike forms; format characters (zero-width, bidirectional, tags) and variation selectors are
taken out, because they can carry text that no person sees. Control characters mean that this is not text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from assistant.answers import Run
from assistant.routes import Routes
from assistant.steps.step import noted
from governance.errors import QuestionEmpty, QuestionNotText, QuestionTooLong

_VARIATION = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_MOST_RAW = 20
"""A text this many times the limit is refused before any work is spent on it."""


def clean(text: str, limit: int) -> str:
    """The text to work with. Raises ``QuestionNotText``, ``QuestionEmpty`` or ``QuestionTooLong``."""
    if not isinstance(text, str):
        raise QuestionNotText("The question is not text.", do="Give the question as text.")
    if len(text) > limit * _MOST_RAW:
        raise _too_long(len(text), limit)
    for place, character in enumerate(text):
        category = unicodedata.category(character)
        if (category == "Cc" and character not in "\t\n\r\x0b\x0c\x85") or category in ("Cs", "Cn"):
            raise QuestionNotText(
                f"The question holds U+{ord(character):04X} at character {place + 1}, which is not text.",
                do="Type the question, or paste it as plain text.",
            )
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in _VARIATION.sub("", normal) if unicodedata.category(c) != "Cf")
    lines = (" ".join(line.split()) for line in seen.splitlines())
    plain = "\n".join(line for line in lines if line)
    if not any(c.isalnum() for c in plain):
        raise QuestionEmpty("No question was given.", do="Write a question in words.")
    if len(plain) > limit:
        raise _too_long(len(plain), limit)
    return plain


def _too_long(length: int, limit: int) -> QuestionTooLong:
    return QuestionTooLong(
        f"The question has {length} characters; the limit is {limit}.",
        do="Shorten it, or ask its parts one by one.",
    )


@dataclass(frozen=True)
class Receive:
    """Normalises the question and holds it to its limit, and notices what redaction might hide."""

    limit: int
    routes: Routes
    name: str = "receive"

    def __call__(self, run: Run) -> Run:
        """The run with a clean text; raises before anything of the question is kept."""
        text = clean(run.question.text, self.limit)
        changed = text != run.question.text
        run = replace(run, question=replace(run.question, text=text))
        return noted(run, self.name, characters=len(text), changed=changed, noticed=self.routes.noticed(text))
