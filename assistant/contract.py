"""Why: each check of the evidence contract (``ground``) is a few lines that can be read against its name.

A check gives its name, what is wrong ("" where nothing is) and what was found right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from assistant.answers import Citation, Sentence
from assistant.figures import unsupported
from assistant.modality import CONDITIONS, MODALITY, POLARITY, differing
from assistant.plural import plural
from assistant.statements import statements
from assistant.tables import row_in_words
from assistant.wording import same_words
from ingest.documents import Filter, Passage, Version

Support = Callable[[str, Sequence[str]], float]
"""How well some texts carry a sentence, 0 to 1."""
LEAST_SUPPORT = 0.5
"""Least support of a sentence in other words than its quotes. It comes last: whatever reaches it holds the same words
already, so it guards against a reading of words that went wrong, and its own accuracy carries no sentence."""

_MARKER = re.compile(r"^- ", re.MULTILINE)
"""How an item is set under its lead-in when the two are quoted apart."""


def checked(
    sentence: Sentence,
    retrieved: frozenset[str],
    evidence: Mapping[str, tuple[Passage, Version]],
    where: Filter,
    support: Support | None,
) -> Iterator[tuple[str, str, str]]:
    """Each check's name, what is wrong ("" if nothing), and what was found right. Stops at the first wrong."""
    for name, wrong, good in (
        ("cited", _uncited(sentence), plural(len(sentence.citations), "quote")),
        ("retrieved", _not_retrieved(sentence, retrieved, evidence), "retrieved for this question"),
    ):
        yield name, wrong, good
        if wrong:
            return
    found = [(c, *evidence[c.passage_id]) for c in sentence.citations]
    for name, wrong, good in chain(_of_sources(found, where), _of_wording(sentence, support)):
        yield name, wrong, good
        if wrong:
            return


def _of_sources(
    found: list[tuple[Citation, Passage, Version]], where: Filter
) -> Iterator[tuple[str, str, str]]:
    day = where.on.isoformat()
    yield (
        "verbatim",
        next((w for c, p, _ in found if (w := _not_verbatim(c, p))), ""),
        "each quote stands in its passage at its span",
    )
    yield (
        "whole",
        next((f"the quote at {c.start}:{c.end} is a fragment" for c, p, _ in found if not _whole(c, p)), ""),
        "each quote is a whole statement",
    )
    yield (
        "in force",
        next((f"{v.metadata.title} was not in force on {day}" for _, _, v in found if not v.in_force(where.on)), ""),
        f"in force on {day}",
    )  # fmt: skip
    yield (
        "in nation",
        next((f"{v.metadata.title} does not apply there" for _, _, v in found if not v.covers(where.nation)), ""),
        where.nation.value if where.nation else "no nation was asked about",
    )  # fmt: skip


def _of_wording(sentence: Sentence, support: Support | None) -> Iterator[tuple[str, str, str]]:
    quotes = [c.quote for c in sentence.citations]
    said = "\n".join(quotes)
    verbatim = carried(sentence)
    yield "figures", _loose_figures(sentence), "every figure stands in a quote"
    for name, classes in (("polarity", POLARITY), ("modality", MODALITY), ("conditions", CONDITIONS)):
        differ = [] if verbatim else differing(sentence.text, said, classes)
        yield (
            name,
            f"it and its quotes differ in {', '.join(repr(d) for d in differ)}" if differ else "",
            "as in the quotes",
        )
    if verbatim:
        yield "carried", "", "its words are those of its quotes"
        yield "supported", "", "it is its quotes to the letter"
        return
    tidy = any(same_words(sentence.text, each) for each in (said, _row(quotes)) if each)
    yield "carried", "" if tidy else "it says something that its quotes do not", "tidied, and the same words"
    score = support(sentence.text, quotes) if support else 0.0
    yield (
        "supported",
        "" if score >= LEAST_SUPPORT else f"the checker of support gives {score:.2f}, below {LEAST_SUPPORT}",
        f"the checker of support gives {score:.2f}",
    )


def _whole(citation: Citation, passage: Passage) -> bool:
    return any((citation.start, citation.end) in s.quotes for s in statements(passage.text))


def _row(quotes: list[str]) -> str:
    """Two quotes that are the header and a row of a table, read as a sentence; "" where they are not."""
    if len(quotes) != 2 or not all(map(_is_row, quotes)):
        return ""
    return row_in_words(quotes[0], quotes[1])


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
