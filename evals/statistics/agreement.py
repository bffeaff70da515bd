"""Why: a metric means something only as far as people agree with it, and with one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.statistics.estimates import RESAMPLES, SEED

ENOUGH = 0.6
"""Least κ with people at which a metric may be gated, or a judge model used ("substantial": Landis and Koch, 1977)."""


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree over the cases that both labelled."""

    n: int
    raw: float | None
    """Share of cases given the same label."""
    kappa: float | None
    """Cohen's κ: agreement beyond chance. None where both gave one and the same label throughout."""
    low: float | None
    high: float | None
    """95 % interval of κ, by resampling cases."""

    @property
    def enough(self) -> bool:
        """Whether κ reaches the least at which a metric may be gated."""
        return self.kappa is not None and self.kappa >= ENOUGH


def agreement(
    one: Sequence[str], other: Sequence[str], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """Raw agreement and Cohen's κ with its interval, over two raters' labels of the same cases in order."""
    if len(one) != len(other):
        raise ValueError("both raters must have labelled the same cases")
    if not one:
        return Agreement(0, None, None, None, None)
    values = sorted({*one, *other})
    a = np.array([values.index(v) for v in one])
    b = np.array([values.index(v) for v in other])
    draws = np.random.default_rng(seed).integers(0, len(a), size=(resamples, len(a)))
    kappas = _kappa(a[draws], b[draws], len(values))
    kappas = kappas[~np.isnan(kappas)]
    whole = float(_kappa(a[None, :], b[None, :], len(values))[0])
    low, high = np.quantile(kappas, [0.025, 0.975]) if len(kappas) else (np.nan, np.nan)
    return Agreement(len(a), float((a == b).mean()), _or_none(whole), _or_none(low), _or_none(high))


def _kappa(a: np.ndarray, b: np.ndarray, k: int) -> np.ndarray:
    """κ of each row of two arrays of label numbers; NaN where chance alone explains everything."""
    observed = (a == b).mean(axis=1)
    chance = sum((a == v).mean(axis=1) * (b == v).mean(axis=1) for v in range(k))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
