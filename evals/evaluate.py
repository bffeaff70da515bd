"""Why: scoring reads stored results only, so that anyone can run it again and get the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Suite
from evals.confidence import Confidence, confidence
from evals.results import Latency, Result
from evals.scorers import Scores, score
from evals.statistics import Estimate, cluster_bootstrap, percentile, shares


@dataclass(frozen=True)
class Metric:
    """One row of the table. Larger is better; errors and risks are reported apart."""

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
    """A case that some scorer did not give full marks, with what the assistant said of its own answer."""

    case_id: str
    question: str
    outcome: str
    scores: dict[str, float]
    kind: str = ""
    split: str = ""
    nation: str = ""
    explanation: str = ""
    reason: str = ""
    said: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    """Words of the passages that a person expects, or the outcomes that are right."""


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
class StageTime:
    """How long one stage took, in milliseconds; ``whole`` is a question from asking to answer."""

    stage: str
    n: int
    p50: float
    p95: float


@dataclass(frozen=True)
class Evaluation:
    """Every metric of a run, and the cases that fell short."""

    suite: str
    snapshot: str
    """Root hash of the snapshot; empty where nothing was asked."""
    cases: int
    metrics: tuple[Metric, ...]
    confidence: Confidence
    slices: tuple[Slice, ...]
    failing: tuple[Failing, ...]
    """Those that broke what must never happen first, then by how much is missing."""

    @property
    def passed(self) -> bool:
        """Whether every floor was reached."""
        return all(metric.passed for metric in self.metrics)

    def metric(self, name: str) -> Metric:
        """The metric of that name. Raises KeyError."""
        return {m.name: m for m in self.metrics}[name]


def evaluate(
    suite: Suite, results: Sequence[Result], judged: Mapping[str, float] | None = None
) -> Evaluation:
    """Score stored results. A case a scorer does not apply to is unscored, never zero."""
    scores = score(results, judged)
    family = {result.case.id: result.case.family_id for result in results}
    return Evaluation(
        suite=suite.name,
        snapshot=results[0].snapshot if results else "",
        cases=len(results),
        metrics=tuple(
            Metric(
                name,
                cluster_bootstrap(by_case, family),
                1.0 if name in suite.never else suite.floors.get(name),
            )
            for name, by_case in scores.items()
        ),
        confidence=confidence(results),
        slices=tuple(_slices(results, scores)),
        failing=_failing(results, scores, suite),
    )


def timings(latencies: Sequence[Latency]) -> tuple[StageTime, ...]:
    """p50 and p95 of a whole answer and of each stage, in the order in which stages run."""
    whole = [latency.milliseconds for latency in latencies]
    stages: dict[str, list[float]] = {"whole": whole} if whole else {}
    for latency in latencies:
        for name, milliseconds in latency.stages.items():
            stages.setdefault(name, []).append(milliseconds)
    return tuple(
        StageTime(name, len(values), percentile(values, 0.5) or 0.0, percentile(values, 0.95) or 0.0)
        for name, values in stages.items()
    )


def spent(latencies: Sequence[Latency]) -> dict[str, float | None]:
    """Tokens and cost of a run; None where any answer's is not known: a part of a sum is not the sum."""
    tokens = [latency.tokens for latency in latencies]
    costs = [latency.cost for latency in latencies]
    return {
        "tokens": None if None in tokens else float(sum(t for t in tokens if t is not None)),
        "cost": None if None in costs else float(sum(c for c in costs if c is not None)),
    }


SLICED = (
    "recall@5",
    "gold citation recall",
    "fact recall",
    "answered when answerable",
    "declined when not",
    "right outcome",
)
"""Metrics that are worth a look by kind, nation and split; the rest are all or nothing."""


def _slices(results: Sequence[Result], scores: Scores) -> Iterator[Slice]:
    for by in ("kind", "nation", "split"):
        of = {r.case.id: str(getattr(r.case, by) or "any") for r in results}
        for metric in SLICED:
            groups: dict[str, list[float]] = {}
            for case_id, share in shares(scores[metric]).items():
                groups.setdefault(of[case_id], []).append(share.hits / share.of)
            for value, found in sorted(groups.items()):
                yield Slice(by, value, metric, len(found), sum(found) / len(found))


def _failing(results: Sequence[Result], scores: Scores, suite: Suite) -> tuple[Failing, ...]:
    by_metric = {name: shares(by_case) for name, by_case in scores.items()}
    failing = []
    for result in results:
        case = result.case
        short = {
            name: found.hits / found.of
            for name, by_case in by_metric.items()
            if (found := by_case.get(case.id)) is not None and found.of and found.hits < found.of
        }
        if short:
            failing.append(
                Failing(
                    case.id, case.question, result.outcome, short, case.kind, case.split, case.nation or "any",
                    result.explanation, result.reason, tuple(s.text for s in result.sentences),
                    tuple(g.contains for g in case.gold) or case.outcome,
                )
            )  # fmt: skip
    never = set(suite.never)
    return tuple(
        sorted(
            failing,
            key=lambda f: (not never & set(f.scores), sum(f.scores.values()) - len(f.scores), f.case_id),
        )
    )
