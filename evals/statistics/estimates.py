"""Why: a figure without its uncertainty invites decisions that the data does not carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20260401
"""Kept, so that two scorings of one run agree to the last digit."""
SLOW_RESAMPLES = 2_000
"""For statistics that are no ratio of sums and so are computed anew for each resample."""


class Share(NamedTuple):
    """What one case adds to a metric that is a ratio of sums: a mean (``of`` 1), a precision, a rate."""

    hits: float
    of: float


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    n: int
    """Cases scored."""
    clusters: int
    """Families they fall into; resampling draws whole families."""
    mean: float | None
    """None where nothing was scored: not a score of zero."""
    low: float | None
    high: float | None


NOTHING = Estimate(0, 0, None, None, None)


def shares(scores: Mapping[str, float | Share]) -> dict[str, Share]:
    """Scores as shares: a plain score is itself over one."""
    return {key: s if isinstance(s, Share) else Share(float(s), 1.0) for key, s in scores.items()}


def cluster_bootstrap(
    scores: Mapping[str, float | Share],
    family: Mapping[str, str],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """Σ hits / Σ of over cases, with a percentile interval from resampling families with replacement.

    ``scores`` and ``family`` map case ids. Variants of one question are not independent, so a plain
    bootstrap over cases would be too sure of itself (Field and Welsh, 2007, on cluster resampling).
    """
    hits, of, _ = by_family(shares(scores), family)
    if not len(hits) or not of.sum():
        return NOTHING
    draws = np.random.default_rng(seed).integers(0, len(hits), size=(resamples, len(hits)))
    weight = of[draws].sum(axis=1)
    kept = weight > 0  # a resample in which nothing applies says nothing
    means = hits[draws].sum(axis=1)[kept] / weight[kept]
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(len(scores), len(hits), float(hits.sum() / of.sum()), float(low), float(high))


def by_family(
    scores: Mapping[str, Share], family: Mapping[str, str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Sums of hits and of what they are out of, one element a family, families in order of name."""
    sums: dict[str, list[float]] = {}
    for case_id, share in scores.items():
        total = sums.setdefault(family[case_id], [0.0, 0.0])
        total[0] += share.hits
        total[1] += share.of
    names = sorted(sums)
    return np.array([sums[n][0] for n in names]), np.array([sums[n][1] for n in names]), names


def resampled(
    statistic: Callable[[NDArray[np.intp]], float | None],
    families: Sequence[str],
    *,
    resamples: int = SLOW_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """Any statistic of rows, with a percentile interval from resampling their families.

    ``families`` names the family of each row; ``statistic`` takes row numbers (repeated where drawn twice)
    and gives None where it is not defined on them.
    """
    whole = statistic(np.arange(len(families))) if families else None
    if whole is None:
        return NOTHING
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(families):
        rows.setdefault(name, []).append(row)
    groups = [np.array(rows[name]) for name in sorted(rows)]
    draws = np.random.default_rng(seed).integers(0, len(groups), size=(resamples, len(groups)))
    found = [
        value for draw in draws if (value := statistic(np.concatenate([groups[g] for g in draw]))) is not None
    ]
    low, high = np.quantile(found, [0.025, 0.975]) if found else (whole, whole)
    return Estimate(len(families), len(groups), float(whole), float(low), float(high))


def percentile(values: Sequence[float], q: float) -> float | None:
    """The q-quantile of latencies, in the unit given; None where there are none."""
    return float(np.quantile(np.asarray(values), q)) if values else None
