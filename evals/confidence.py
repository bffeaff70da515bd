"""Why: an assistant that can say no is only as good as its sense of when. These are the figures of that sense.

They are read off stored runs: the probability the assistant gave, and whether what it chose was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.results import Result
from evals.statistics import Estimate, resampled

BINS = 10
COVERAGE = 0.85
"""Share of questions answered at which the risk is reported, for comparison with the abstention goal."""


@dataclass(frozen=True)
class Point:
    """One point of the risk–coverage curve: answering only what is at least this sure."""

    threshold: float
    coverage: float
    """Share of all questions that would be answered."""
    risk: float
    """Share of those whose chosen statements are wrong: no expected passage among them, or nothing to find."""


@dataclass(frozen=True)
class Bin:
    """One bin of the reliability diagram."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Confidence:
    """Risk, coverage and calibration of a run."""

    calibration_error: Estimate
    """Expected calibration error over ten equal bins (Naeini et al., 2015); smaller is better."""
    risk_area: Estimate
    """Area under the risk–coverage curve (Geifman and El-Yaniv, 2017); smaller is better."""
    risk_at: Estimate
    """Risk when the surest 85 % of questions are answered."""
    curve: tuple[Point, ...]
    bins: tuple[Bin, ...]


def confidence(results: Sequence[Result]) -> Confidence:
    """Figures over the results that carry a probability; others were stopped by a rule and take no part."""
    rows = [r for r in results if r.confidence is not None]
    sure = np.array([r.confidence for r in rows], dtype=np.float64)
    right = np.array([float(r.case.answerable and any(r.gold_offered)) for r in rows])
    families = [r.case.family_id for r in rows]
    return Confidence(
        calibration_error=resampled(lambda at: _calibration_error(sure[at], right[at]), families),
        risk_area=resampled(lambda at: float(_risks(sure[at], right[at]).mean()), families),
        risk_at=resampled(lambda at: _risk_at(sure[at], right[at]), families),
        curve=_curve(sure, right),
        bins=_bins(sure, right),
    )


def _risks(sure: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Risk after answering the 1, 2, … n surest; ties are taken in the order given."""
    order = np.argsort(-sure, kind="stable")
    return np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)


def _risk_at(sure: np.ndarray, right: np.ndarray) -> float:
    risks = _risks(sure, right)
    return float(risks[max(0, int(np.ceil(COVERAGE * len(risks))) - 1)])


def _curve(sure: np.ndarray, right: np.ndarray) -> tuple[Point, ...]:
    if not len(sure):
        return ()
    risks, ranked = _risks(sure, right), -np.sort(-sure)
    last = [i for i in range(len(ranked)) if i + 1 == len(ranked) or ranked[i + 1] < ranked[i]]
    return tuple(Point(float(ranked[i]), (i + 1) / len(ranked), float(risks[i])) for i in last)


def _calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    n = np.bincount(at, minlength=BINS)
    gap = np.abs(np.bincount(at, sure, BINS) - np.bincount(at, right, BINS))
    return float(gap.sum() / n.sum())


def _bins(sure: np.ndarray, right: np.ndarray) -> tuple[Bin, ...]:
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            b / BINS,
            (b + 1) / BINS,
            int((at == b).sum()),
            float(sure[at == b].mean()),
            float(right[at == b].mean()),
        )
        for b in range(BINS)
        if (at == b).any()
    )
