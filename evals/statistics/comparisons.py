"""Why: two runs of one suite answer the same cases, so they are compared case by case; a difference of two
means with two intervals throws that away and sees less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from evals.statistics.estimates import RESAMPLES, SEED, Share, by_family, shares

DISCORDANT = 0.10
"""Share of cases that two near-equal runs are taken to answer differently, for the smallest visible difference."""


@dataclass(frozen=True)
class Comparison:
    """One metric of two runs over the cases that both scored. Differences are new minus old."""

    n: int
    clusters: int
    old: float
    new: float
    difference: float
    low: float
    """Lower end of the 95 % interval of the difference, by resampling families."""
    high: float
    p: float
    """Two-sided: exact McNemar where every score is yes or no and every family is one case, else permutation."""
    test: str
    """``McNemar`` or ``permutation``."""
    visible: float
    """Smallest true difference that so many families would show four times in five."""


def compare(
    old: Mapping[str, float | Share],
    new: Mapping[str, float | Share],
    family: Mapping[str, str],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison | None:
    """Compare two scorings over the cases they share; None where they share none."""
    both = sorted(old.keys() & new.keys())
    before, after = shares({k: old[k] for k in both}), shares({k: new[k] for k in both})
    b_hits, b_of, names = by_family(before, family)
    a_hits, a_of, _ = by_family(after, family)
    if not names or not b_of.sum() or not a_of.sum():
        return None
    draws = np.random.default_rng(seed).integers(0, len(names), size=(resamples, len(names)))
    b_weight, a_weight = b_of[draws].sum(axis=1), a_of[draws].sum(axis=1)
    kept = (b_weight > 0) & (a_weight > 0)
    differences = (
        a_hits[draws].sum(axis=1)[kept] / a_weight[kept] - b_hits[draws].sum(axis=1)[kept] / b_weight[kept]
    )
    low, high = np.quantile(differences, [0.025, 0.975])
    was, now = float(b_hits.sum() / b_of.sum()), float(a_hits.sum() / a_of.sum())
    binary = len(names) == len(both) and all(
        s.of == 1 and s.hits in (0, 1) for s in (*before.values(), *after.values())
    )
    p = (
        mcnemar([before[k].hits for k in both], [after[k].hits for k in both])
        if binary
        else permutation(b_hits, b_of, a_hits, a_of, resamples=resamples, seed=seed)
    )
    return Comparison(
        len(both), len(names), was, now, now - was, float(low), float(high), p,
        "McNemar" if binary else "permutation", smallest_visible(len(names)),
    )  # fmt: skip


def mcnemar(old: Sequence[float], new: Sequence[float]) -> float:
    """Exact two-sided McNemar test on paired yes/no scores (McNemar 1947; binomial on the discordant pairs)."""
    gained = sum(b < a for b, a in zip(old, new, strict=True))
    lost = sum(b > a for b, a in zip(old, new, strict=True))
    if gained + lost == 0:
        return 1.0
    return float(stats.binomtest(min(gained, lost), gained + lost, 0.5).pvalue)


def permutation(
    old_hits: np.ndarray,
    old_of: np.ndarray,
    new_hits: np.ndarray,
    new_of: np.ndarray,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> float:
    """Two-sided paired permutation test on a difference of ratios: whole families change sides at random.

    Counts the observed assignment among the permuted ones, so that p is never zero (Phipson and Smyth, 2010).
    """
    observed = abs(new_hits.sum() / new_of.sum() - old_hits.sum() / old_of.sum())
    if observed == 0:
        return 1.0
    swap = np.random.default_rng(seed).random((resamples, len(old_hits))) < 0.5
    moved_hits, moved_of = new_hits - old_hits, new_of - old_of
    a_hits, a_of = old_hits.sum() + swap @ moved_hits, old_of.sum() + swap @ moved_of
    total_hits, total_of = old_hits.sum() + new_hits.sum(), old_of.sum() + new_of.sum()
    b_hits, b_of = total_hits - a_hits, total_of - a_of
    kept = (a_of > 0) & (b_of > 0)
    differences = np.abs(a_hits[kept] / a_of[kept] - b_hits[kept] / b_of[kept])
    return float((1 + np.sum(differences >= observed - 1e-12)) / (1 + kept.sum()))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p-values that keep the chance of any false alarm in the family at the level used (Holm 1979)."""
    adjusted: dict[str, float] = {}
    least = 0.0
    for rank, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: (item[1], item[0]))):
        least = max(least, min(1.0, p * (len(p_values) - rank)))
        adjusted[name] = least
    return adjusted


def smallest_visible(clusters: int, *, discordant: float = DISCORDANT) -> float:
    """Smallest difference seen with 80 % power at the 5 % level, given the share of cases that differ.

    Normal approximation to McNemar's test (Miettinen 1968): with 10 to 20 % discordant pairs, 200 cases see
    6 to 9 points and 500 see 4 to 6.
    """
    z = float(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    return z * math.sqrt(discordant / clusters) if clusters else 1.0
