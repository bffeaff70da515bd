"""Why: whatever composed a sentence, a person, a rule or a model, it is released only if guidance carries it.

The evidence contract, checked afresh against the snapshot and never against what the composer says of
itself. A sentence stands when

1. ``cited``      it has at least one citation;
2. ``retrieved``  each cited passage was retrieved, and marked used, for this question;
3. ``verbatim``   each quote is the passage's text at the span given, and holds a word;
4. ``in force``   each cited version is in force on the date asked about;
5. ``in nation``  each cited version applies in the nation asked about;
6. ``carried``    its words are those of its quotes, in their order, or those quotes read as one table row;
7. ``figures``    every figure in it stands in one of its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Check, Citation, Dropped, Sentence
from assistant.figures import unsupported
from assistant.tables import row_in_words
from ingest.documents import Filter, Passage, Version

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot

CHECKS = ("cited", "retrieved", "verbatim", "in force", "in nation", "carried", "figures")
VERSION = "1"
"""Raised when a check changes meaning; every record names it."""

_MARKER = re.compile(r"^- ", re.MULTILINE)
"""How an item is set under its lead-in when the two are quoted apart."""


@dataclass(frozen=True)
class Grounded:
    """What the contract let through, what it did not, and every check it made."""

    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]
    checks: tuple[Check, ...]


def ground(
    sentences: tuple[Sentence, ...], *, retrieved: frozenset[str], snapshot: Snapshot, where: Filter
) -> Grounded:
    """Check sentences against the snapshot; those that fail are dropped with the first check they failed."""
    cited = {c.passage_id for s in sentences for c in s.citations}
    evidence = snapshot.passages_by_id(cited & retrieved)
    kept: list[Sentence] = []
    dropped: list[Dropped] = []
    checks: list[Check] = []
    for number, sentence in enumerate(sentences):
        made = [
            Check(number, name, not wrong, wrong or good)
            for name, wrong, good in _checked(sentence, retrieved, evidence, where)
        ]
        checks.extend(made)
        failed = next((check for check in made if not check.passed), None)
        if failed is None:
            kept.append(sentence)
        else:
            dropped.append(Dropped(sentence.text, failed.name, failed.evidence))
    return Grounded(tuple(kept), tuple(dropped), tuple(checks))


def _checked(
    sentence: Sentence,
    retrieved: frozenset[str],
    evidence: Mapping[str, tuple[Passage, Version]],
    where: Filter,
) -> Iterator[tuple[str, str, str]]:
    """Each check's name, what is wrong ("" if nothing), and what was found right. Stops at the first wrong."""
    day = where.on.isoformat()
    for name, wrong, good in (
        ("cited", _uncited(sentence), f"{len(sentence.citations)} quotes"),
        ("retrieved", _not_retrieved(sentence, retrieved, evidence), "retrieved for this question"),
    ):
        yield name, wrong, good
        if wrong:
            return
    found = [(c, *evidence[c.passage_id]) for c in sentence.citations]
    for name, wrong, good in (
        (
            "verbatim",
            next((w for c, p, _ in found if (w := _not_verbatim(c, p))), ""),
            "each quote stands in its passage at its span",
        ),
        (
            "in force",
            next((f"{v.metadata.title} was not in force on {day}" for _, _, v in found if not v.in_force(where.on)), ""),
            f"in force on {day}",
        ),
        (
            "in nation",
            next((f"{v.metadata.title} does not apply there" for _, _, v in found if not v.covers(where.nation)), ""),
            where.nation.value if where.nation else "no nation was asked about",
        ),
        (
            "carried",
            "" if carried(sentence) else "it says something that its quotes do not",
            "its words are those of its quotes",
        ),
        ("figures", _loose_figures(sentence), "every figure stands in a quote"),
    ):  # fmt: skip
        yield name, wrong, good
        if wrong:
            return


def _uncited(sentence: Sentence) -> str:
    return "" if sentence.citations and sentence.text.strip() else "it cites nothing"


def _not_retrieved(
    sentence: Sentence, retrieved: frozenset[str], evidence: Mapping[str, tuple[Passage, Version]]
) -> str:
    for citation in sentence.citations:
        if citation.passage_id not in retrieved:
            return f"{citation.passage_id} was not retrieved for this question"
        if citation.passage_id not in evidence:
            return f"{citation.passage_id} is not in the snapshot"
    return ""


def _not_verbatim(citation: Citation, passage: Passage) -> str:
    quote = citation.quote
    if not (0 <= citation.start < citation.end <= len(passage.text)):
        return f"the span {citation.start}:{citation.end} lies outside {passage.id}"
    if passage.text[citation.start : citation.end] != quote:
        return f"the quote differs from {passage.id} at {citation.start}:{citation.end}"
    if not any(character.isalnum() for character in quote):
        return "the quote holds no word"
    return ""


def carried(sentence: Sentence) -> bool:
    """Whether a sentence is its quotes, in their order, white space and list markers aside, or those two
    quotes of one passage (the header of a table and a row) read as one row.
    """
    quotes = [c.quote for c in sentence.citations]
    if _flat(sentence.text) == _flat("\n".join(quotes)):
        return True
    passages = {c.passage_id for c in sentence.citations}
    if len(passages) != 1 or not all(_is_row(quote) for quote in quotes):
        return False
    header, row = (quotes[0], quotes[1]) if len(quotes) == 2 else ("", quotes[0])
    return len(quotes) <= 2 and sentence.text == row_in_words(header, row)


def _is_row(quote: str) -> bool:
    return quote.startswith("|") and quote.endswith("|") and "\n" not in quote


def _flat(text: str) -> str:
    return " ".join(_MARKER.sub("", text).split())


def _loose_figures(sentence: Sentence) -> str:
    loose = unsupported(sentence.text, tuple(c.quote for c in sentence.citations))
    return f"{', '.join(map(str, loose))} stands in none of its quotes" if loose else ""
