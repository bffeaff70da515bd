"""Why: a figure without its uncertainty invites decisions that the data does not carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
SEED = 20260401
"""Kept, so that two scorings of one run agree to the last digit."""


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval."""

    n: int
    """Cases scored."""
    clusters: int
    """Families they fall into; resampling draws whole families."""
    mean: float | None
    """None where nothing was scored: not a score of zero."""
    low: float | None
    high: float | None


def cluster_bootstrap(
    scores: Mapping[str, float], family: Mapping[str, str], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """Mean of case scores with a percentile interval from resampling families with replacement.

    ``scores`` and ``family`` map case ids. Variants of one question are not independent, so a plain
    bootstrap over cases would be too sure of itself (Field and Welsh, 2007, on cluster resampling).
    """
    groups: dict[str, list[float]] = {}
    for case_id, score in scores.items():
        groups.setdefault(family[case_id], []).append(score)
    sums = np.array([sum(g) for _, g in sorted(groups.items())])
    sizes = np.array([len(g) for _, g in sorted(groups.items())])
    if not len(sums):
        return Estimate(0, 0, None, None, None)
    draws = np.random.default_rng(seed).integers(0, len(sums), size=(resamples, len(sums)))
    means = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(int(sizes.sum()), len(sums), float(sums.sum() / sizes.sum()), float(low), float(high))


def percentile(values: Sequence[float], q: float) -> float | None:
    """The q-quantile of latencies, in the unit given; None where there are none."""
    return float(np.quantile(np.asarray(values), q)) if values else None
