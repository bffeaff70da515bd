"""Why: a model speaks of passages by labels and of words by heart. Both are looked up, so that what it proposes is
whole statements of passages that were retrieved, or nothing.

Labels are drawn anew for each question: a text in a passage cannot name another passage, or itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Dropped, Hit
from assistant.chat.reply import Proposed
from assistant.statements import Statement, statements

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
_WORD = re.compile(r"[^\W_]+")
LEAST_QUOTE = 3
"""Words of a quote, at least, that are looked for; fewer stand everywhere."""


@dataclass(frozen=True)
class Placed:
    """A proposal that was found: the statements its quote lies in."""

    text: str
    hit: Hit
    statements: tuple[Statement, ...]


def labelled(hits: Sequence[Hit]) -> dict[str, Hit]:
    """The hits under labels that nobody could foresee."""
    labels: dict[str, Hit] = {}
    for hit in hits:
        label = ""
        while not label or label in labels:
            label = "".join(secrets.choice(_LETTERS) for _ in range(4))
        labels[label] = hit
    return labels


def shown(labels: Mapping[str, Hit]) -> str:
    """The passages as the model reads them."""
    return "\n\n".join(f"[{label}] {hit.section}\n{hit.text}" for label, hit in labels.items())


def place(
    proposed: Sequence[Proposed], labels: Mapping[str, Hit]
) -> tuple[tuple[Placed, ...], tuple[Dropped, ...]]:
    """The proposals that rest on statements of the passages, and those that rest on nothing."""
    placed: list[Placed] = []
    dropped: list[Dropped] = []
    for each in proposed:
        hit = labels.get(each.passage.strip().strip("[]"))
        if hit is None:
            dropped.append(Dropped(each.text, "retrieved", "it names no passage that was shown"))
            continue
        found = _around(each.quote, hit.text)
        if not found:
            dropped.append(Dropped(each.text, "verbatim", f"its quote does not stand in {hit.passage_id}"))
            continue
        placed.append(Placed(each.text, hit, found))
    return tuple(placed), tuple(dropped)


def _around(quote: str, text: str) -> tuple[Statement, ...]:
    """The statements of a text that a quote runs through: letter case, spaces and punctuation aside."""
    wanted = [m[0].casefold() for m in _WORD.finditer(quote)]
    held = list(_WORD.finditer(text))
    if len(wanted) < LEAST_QUOTE:
        return ()
    words = [m[0].casefold() for m in held]
    for at in range(len(words) - len(wanted) + 1):
        if words[at : at + len(wanted)] == wanted:
            start, end = held[at].start(), held[at + len(wanted) - 1].end()
            return tuple(s for s in statements(text) if any(a < end and start < b for a, b in s.quotes[-1:]))
    return ()
