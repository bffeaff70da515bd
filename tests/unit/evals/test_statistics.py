"""Statistics against figures worked out by hand or printed in the literature."""

from __future__ import annotations

import numpy as np
import pytest

from evals.statistics import (
    Share,
    agreement,
    clopper_pearson,
    cluster_bootstrap,
    compare,
    holm,
    mcnemar,
    smallest_visible,
)

ALONE = {f"c{i}": f"c{i}" for i in range(400)}


def scores(*values: float) -> dict[str, float]:
    return {f"c{i}": v for i, v in enumerate(values)}


def test_never_seen_in_299_may_still_be_one_in_a_hundred() -> None:
    assert clopper_pearson(0, 299) == pytest.approx(0.01, abs=2e-4)
    assert clopper_pearson(0, 0) == 1.0 and clopper_pearson(3, 3) == 1.0
    assert clopper_pearson(1, 20) == pytest.approx(0.2161, abs=1e-3)


def test_mcnemar_is_exact_on_the_discordant_pairs() -> None:
    old, new = [1.0] * 10 + [0.0] * 2, [0.0] * 10 + [1.0] * 2
    assert mcnemar(old, new) == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert mcnemar([1, 0, 1], [1, 0, 1]) == 1.0


def test_holm_steps_down_and_never_orders_anew() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06}
    )
    assert holm({}) == {}


def test_so_many_cases_see_so_much() -> None:
    assert 0.06 < smallest_visible(200) < 0.07 and 0.08 < smallest_visible(200, discordant=0.2) < 0.09
    assert 0.039 < smallest_visible(500) < 0.041 and smallest_visible(0) == 1.0


def test_a_difference_that_is_there_is_seen_and_none_where_there_is_none() -> None:
    rng = np.random.default_rng(1)
    old = scores(*(float(v) for v in rng.random(300) < 0.9))
    worse = {k: v * (i % 5 != 0) for i, (k, v) in enumerate(old.items())}
    same = compare(old, old, ALONE)
    lower = compare(old, worse, ALONE)
    assert same is not None and (same.difference, same.low, same.high, same.p) == (0, 0, 0, 1)
    assert lower is not None and lower.high < 0 and lower.p < 1e-6 and lower.test == "McNemar"
    assert compare(old, {}, ALONE) is None


def test_families_and_parts_are_compared_by_permutation() -> None:
    old = scores(*[0.9, 0.8] * 20)
    new = scores(*[0.7, 0.6] * 20)
    paired = compare(old, new, {k: f"f{i // 2}" for i, k in enumerate(old)})
    assert paired is not None and paired.test == "permutation" and paired.clusters == 20
    assert paired.difference == pytest.approx(-0.2) and paired.p < 0.001
    few = compare(scores(0.5, 0.4), scores(0.4, 0.5), ALONE)
    assert few is not None and few.p == 1.0


def test_a_share_counts_by_what_it_is_out_of() -> None:
    found = cluster_bootstrap({"c0": Share(1, 1), "c1": Share(0, 3)}, ALONE)
    assert found.mean == 0.25 and found.n == 2
    assert cluster_bootstrap({"c0": Share(0, 0)}, ALONE).mean is None


def test_kappa_is_agreement_beyond_chance() -> None:
    # Cohen's own form: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no gives .4
    one = ["y"] * 25 + ["n"] * 25
    other = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    found = agreement(one, other)
    assert found.raw == pytest.approx(0.7) and found.kappa == pytest.approx(0.4)
    assert (
        found.low is not None and found.high is not None and found.low < 0.4 < found.high and not found.enough
    )
    assert agreement(one, one).enough
    assert agreement(["y"] * 5, ["y"] * 5).kappa is None and agreement([], []).n == 0
    with pytest.raises(ValueError, match="same cases"):
        agreement(["y"], [])
