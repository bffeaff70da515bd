"""Why: scoring reads stored results only, so that anyone can run it again and get the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.cases import Suite
from evals.results import Result
from evals.scorers import SCORERS, retrieval
from evals.statistics import Estimate, cluster_bootstrap


@dataclass(frozen=True)
class Metric:
    """One row of the table."""

    name: str
    estimate: Estimate
    floor: float | None
    """Least mean that passes; None: reported only."""

    @property
    def passed(self) -> bool:
        """Whether the mean reaches its floor. A floor with nothing scored fails: silence is no success."""
        if self.floor is None:
            return True
        return self.estimate.n > 0 and self.estimate.mean >= self.floor


@dataclass(frozen=True)
class Failing:
    """A case that some scorer did not give full marks."""

    case_id: str
    question: str
    outcome: str
    scores: dict[str, float]


@dataclass(frozen=True)
class Evaluation:
    """Every metric of a run, and the cases that fell short."""

    suite: str
    snapshot: str
    metrics: tuple[Metric, ...]
    failing: tuple[Failing, ...]

    @property
    def passed(self) -> bool:
        """Whether every floor was reached."""
        return all(metric.passed for metric in self.metrics)


def evaluate(suite: Suite, results: Sequence[Result]) -> Evaluation:
    """Score stored results. A case a scorer does not apply to is unscored, never zero."""
    scores = retrieval(results)
    for name, scorer in SCORERS.items():
        scored = {result.case.id: scorer(result) for result in results}
        scores[name] = {case_id: score for case_id, score in scored.items() if score is not None}
    family = {result.case.id: result.case.family_id for result in results}
    metrics = tuple(
        Metric(name, cluster_bootstrap(by_case, family), suite.floors.get(name))
        for name, by_case in scores.items()
    )
    return Evaluation(suite.name, results[0].snapshot if results else "", metrics, _failing(results, scores))


def _failing(results: Sequence[Result], scores: dict[str, dict[str, float]]) -> tuple[Failing, ...]:
    failing = []
    for result in results:
        case_id = result.case.id
        short = {
            name: by_case[case_id] for name, by_case in scores.items() if by_case.get(case_id, 1.0) < 1.0
        }
        rank_only = set(short) <= {"nDCG@10", "RR@10", "success@1"}
        if short and not rank_only:
            failing.append(Failing(case_id, result.case.question, result.outcome, short))
    return tuple(failing)
