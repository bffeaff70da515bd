"""Why: never having seen a fault is not never having it. Zero of 299 still allows one in a hundred."""

from __future__ import annotations

from scipy import stats


def clopper_pearson(failures: int, n: int, *, confidence: float = 0.95) -> float:
    """One-sided exact upper bound on a failure rate (Clopper and Pearson, 1934); 1.0 where nothing was tried."""
    if n == 0 or failures >= n:
        return 1.0
    return float(stats.beta.ppf(confidence, failures + 1, n - failures))
