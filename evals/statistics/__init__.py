"""Small, seeded statistics: estimates with intervals, paired comparisons, bounds on rare events, agreement of raters."""

from evals.statistics.agreement import Agreement, agreement
from evals.statistics.bounds import clopper_pearson
from evals.statistics.comparisons import (
    Comparison,
    compare,
    holm,
    mcnemar,
    permutation,
    smallest_visible,
)
from evals.statistics.estimates import (
    RESAMPLES,
    SEED,
    Estimate,
    Share,
    cluster_bootstrap,
    percentile,
    resampled,
    shares,
)

__all__ = [
    "RESAMPLES",
    "SEED",
    "Agreement",
    "Comparison",
    "Estimate",
    "Share",
    "agreement",
    "clopper_pearson",
    "cluster_bootstrap",
    "compare",
    "holm",
    "mcnemar",
    "percentile",
    "permutation",
    "resampled",
    "shares",
    "smallest_visible",
]
