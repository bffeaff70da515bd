"""Why: scoring reads stored results only, so that anyone can run it again and get the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        return self.estimate.mean is not None and self.estimate.mean >= self.floor


@dataclass(frozen=True)
class Failing:
    """A case that some scorer did not give full marks."""

    case_id: str
    question: str
    outcome: str
    scores: dict[str, float]


@dataclass(frozen=True)
class Slice:
    """One metric over a part of the suite: a mean over all cases can hide a kind of question that always fails."""

    by: str
    """``kind``, ``nation`` or ``split``."""
    value: str
    metric: str
    n: int
    mean: float


@dataclass(frozen=True)
class Evaluation:
    """Every metric of a run, and the cases that fell short."""

    suite: str
    snapshot: str
    """Root hash of the snapshot; empty where nothing was asked."""
    cases: int
    metrics: tuple[Metric, ...]
    slices: tuple[Slice, ...]
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
    return Evaluation(
        suite=suite.name,
        snapshot=results[0].snapshot if results else "",
        cases=len(results),
        metrics=metrics,
        slices=tuple(_slices(results, scores)),
        failing=_failing(results, scores),
    )


SLICED = (
    "recall@5",
    "citation recall",
    "fact recall",
    "answered when answerable",
    "declined when not",
    "right outcome",
)
"""Metrics that are worth a look by kind, nation and split; the rest are all or nothing."""


def _slices(results: Sequence[Result], scores: dict[str, dict[str, float]]) -> Iterator[Slice]:
    for by in ("kind", "nation", "split"):
        of = {r.case.id: str(getattr(r.case, by) or "any") for r in results}
        for metric in SLICED:
            groups: dict[str, list[float]] = {}
            for case_id, score in scores[metric].items():
                groups.setdefault(of[case_id], []).append(score)
            for value, found in sorted(groups.items()):
                yield Slice(by, value, metric, len(found), sum(found) / len(found))


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
