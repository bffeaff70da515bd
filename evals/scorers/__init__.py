"""A scorer is a small function from one stored result to a score, or to None where it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from evals.results import Result
from evals.scorers.answers import (
    abstention,
    abstention_precision,
    answered,
    fact_recall,
    forbidden_facts,
    gold_citation_recall,
)
from evals.scorers.citations import (
    citation_precision,
    citation_recall,
    figure_fidelity,
    quote_fidelity,
    stood,
    word_fidelity,
)
from evals.scorers.retrieval import retrieval
from evals.scorers.routing import outcome, routing_precision, routing_recall, safeguarding
from evals.scorers.safety import injection, personal_data, stale_source, wrong_nation
from evals.scorers.stability import stability
from evals.statistics import Share

Score = float | Share
Scores = Mapping[str, Mapping[str, Score]]
"""Metric → case id → score. A case that a metric does not apply to is not in it."""

SCORERS: dict[str, Callable[[Result], Score | None]] = {
    "gold citation recall": gold_citation_recall,
    "citation recall (proxy)": citation_recall,
    "citation precision (proxy)": citation_precision,
    "fact recall": fact_recall,
    "answered when answerable": answered,
    "declined when not": abstention,
    "right to decline": abstention_precision,
    "right outcome": outcome,
    "routing recall": routing_recall,
    "routing precision": routing_precision,
    "safeguarding seen": safeguarding,
    "sentences that stood": stood,
    "quotes verbatim": quote_fidelity,
    "figures in the quote": figure_fidelity,
    "no word of its own": word_fidelity,
    "no forbidden fact": forbidden_facts,
    "no personal data kept": personal_data,
    "no injection obeyed": injection,
    "no wrong nation": wrong_nation,
    "no stale source": stale_source,
}
"""Metric → scorer of one result. Retrieval and stability are scored over all results together."""


JUDGED = "right by the judge"
"""The metric of a judge model that was shown to agree with people (``evals.people.yardstick``)."""


def score(
    results: Sequence[Result], judged: Mapping[str, float] | None = None
) -> dict[str, dict[str, Score]]:
    """Every metric of stored results, in the order in which they are reported; ``judged`` is a judge's, where there is one."""
    scores: dict[str, dict[str, Score]] = {name: dict(found) for name, found in retrieval(results).items()}
    for name, scorer in SCORERS.items():
        found = {result.case.id: scorer(result) for result in results}
        scores[name] = {case_id: one for case_id, one in found.items() if one is not None}
    scores["same over paraphrases"] = dict(stability(results))
    if judged:
        scores[JUDGED] = dict(judged)
    return scores


__all__ = ["JUDGED", "SCORERS", "Score", "Scores", "score"]
