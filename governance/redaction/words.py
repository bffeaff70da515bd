"""Why: in lower case a name looks like any other word, so what counts as any other word is kept as data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def common_words() -> frozenset[str]:
    """Ordinary English words of case notes and questions, in lower case."""
    text = (files("governance.redaction") / "data" / "common_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
