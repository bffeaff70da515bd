"""Whether what an answer says stands in what it cites.

Citation recall and precision follow ALCE (Gao et al., 2023), with the quotes as the evidence. Whether quotes
support a sentence is judged by the assistant's own checker, which is a proxy: these are never "faithfulness".
The other scores need no judgement: quotes against stored passages, figures and words against quotes.
"""

from __future__ import annotations

import re

from assistant.figures import figures
from evals.results import Result, Said
from evals.statistics import Share

SUPPORTED = 0.5
"""Least value of the checker that counts as support. Its accuracy is measured by the suite ``grounding``."""
_NOT_GROUNDING = frozenset({"decide", "cancelled"})
"""Why a statement may be put aside without having failed the evidence contract."""


def supported(sentence: Said) -> bool:
    """Whether a sentence's quotes together support it."""
    return bool(sentence.citations) and (sentence.support or 0.0) >= SUPPORTED


def citation_recall(result: Result) -> Share | None:
    """Of the released sentences, those that their quotes together support; one without a quote counts as not."""
    if not result.sentences or any(s.support is None for s in result.sentences):
        return None
    return Share(sum(supported(s) for s in result.sentences), len(result.sentences))


def citation_precision(result: Result) -> Share | None:
    """Of the citations, those in a supported sentence that support it alone or without which it falls."""
    checked = [c for s in result.sentences for c in s.citations]
    if not checked or any(c.alone is None or c.without is None for c in checked):
        return None
    needed = sum(
        (c.alone or 0.0) >= SUPPORTED or (c.without or 0.0) < SUPPORTED
        for s in result.sentences
        if supported(s)
        for c in s.citations
    )
    return Share(needed, len(checked))


def stood(result: Result) -> Share | None:
    """Of the sentences that were proposed, those that the evidence contract let through.

    A composer that keeps to the guidance has few taken away; one that flatters or invents has many.
    """
    fell = sum(w.check not in _NOT_GROUNDING for w in result.withheld)
    proposed = len(result.sentences) + len(result.withheld)
    return Share(proposed - fell, proposed) if proposed else None


def quote_fidelity(result: Result) -> float | None:
    """Share of released sentences whose every quote stands verbatim in the cited passage."""
    if not result.sentences:
        return None
    held = [bool(s.citations) and all(c.verbatim for c in s.citations) for s in result.sentences]
    return sum(held) / len(held)


def figure_fidelity(result: Result) -> float | None:
    """Share of released sentences whose every amount, date, age and so on occurs in their quotes."""
    if not result.sentences:
        return None
    held = [
        set(figures(s.text)) <= {figure for c in s.citations for figure in figures(c.quote)}
        for s in result.sentences
    ]
    return sum(held) / len(held)


def word_fidelity(result: Result) -> float | None:
    """Share of released sentences that hold no word which their quotes do not hold.

    Unscored where a chat model composed: it may say the same in other words, and the support proxy judges it.
    """
    if not result.sentences or result.composed_by == "chat":
        return None
    held = [_words(s.text) <= {w for c in s.citations for w in _words(c.quote)} for s in result.sentences]
    return sum(held) / len(held)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))
