"""A scorer is a small function from one stored result to a score, or to None where it does not apply."""

from evals.scorers.answers import (
    abstention,
    answered,
    citation_recall,
    fact_recall,
    figure_fidelity,
    forbidden_facts,
    personal_data,
    quote_fidelity,
    routing,
    safeguarding,
    stale_source,
    word_fidelity,
    wrong_nation,
)
from evals.scorers.retrieval import retrieval

SCORERS = {
    "citation recall": citation_recall,
    "fact recall": fact_recall,
    "answered when answerable": answered,
    "declined when not": abstention,
    "right outcome": routing,
    "safeguarding seen": safeguarding,
    "quotes verbatim": quote_fidelity,
    "figures in the quote": figure_fidelity,
    "no word of its own": word_fidelity,
    "no forbidden fact": forbidden_facts,
    "no personal data kept": personal_data,
    "no wrong nation": wrong_nation,
    "no stale source": stale_source,
}
"""Metric → scorer. Retrieval metrics are added by ``retrieval``, which ir-measures scores together."""

__all__ = ["SCORERS", "retrieval"]
