"""Whether one answer says what it should, and whether it was right to say anything.

Each score is in [0, 1], larger is better; None means that the scorer does not apply. Gold citation recall is
the figure that public demonstrations sit at about one half on while reporting perfect groundedness.
"""

from __future__ import annotations

from evals.results import Result
from evals.statistics import Share

ANSWERED = frozenset({"answered", "partly_answered"})
"""Outcomes that release sentences."""


def gold_citation_recall(result: Result) -> float | None:
    """Share of the expected passages that the answer cites; declining an answerable question scores 0."""
    if not result.case.answerable or not result.gold_cited:
        return None
    return sum(result.gold_cited) / len(result.gold_cited)


def fact_recall(result: Result) -> float | None:
    """Share of the gold facts that the answer states, in any accepted wording."""
    if not result.case.facts:
        return None
    said = _bare(" ".join(s.text for s in result.sentences))
    return sum(any(_bare(w) in said for w in fact.any) for fact in result.case.facts) / len(result.case.facts)


def answered(result: Result) -> float | None:
    """1 where an answerable question was answered, wholly or in part."""
    return float(result.outcome in ANSWERED) if result.case.answerable else None


def may_answer(result: Result) -> bool:
    """Whether releasing sentences is right, or one of several right things."""
    return result.case.answerable or bool(ANSWERED & set(result.case.outcome))


def abstention(result: Result) -> float | None:
    """1 where a question that the guidance does not answer released no sentence (abstention recall)."""
    return None if may_answer(result) else float(not result.sentences)


def abstention_precision(result: Result) -> Share | None:
    """Of the questions that released no sentence, the share that the guidance does not answer."""
    return None if result.sentences else Share(float(not result.case.answerable), 1.0)


def forbidden_facts(result: Result) -> float | None:
    """0 where the answer holds words that no answer to this case may hold."""
    if not result.case.forbidden:
        return None
    said = _bare(" ".join(s.text for s in result.sentences))
    return float(not any(_bare(words) in said for words in result.case.forbidden))


def _bare(text: str) -> str:
    return " ".join(text.lower().replace(",", "").split())
