"""Choosing settings: the gain stated is of the procedure on what it did not see."""

from __future__ import annotations

import random

from evals.cases import load_suite
from evals.optimise import abstention_scores, choose, covering
from evals.robustness import PERTURBATIONS, compare_perturbed, fit, perturbed
from tests.unit.evals.made import result

FAMILY = {f"c{n}": f"f{n // 2}" for n in range(100)}


def test_a_setting_that_is_better_everywhere_is_found_and_its_gain_is_real() -> None:
    scores = {0.5: dict.fromkeys(FAMILY, 0.5), 1.0: dict.fromkeys(FAMILY, 0.8)}
    found = choose("weight", "RR", scores, FAMILY, current=0.5)
    assert found.chosen == 1.0 and found.worth_it and found.by_fold == (1.0,) * 5
    assert found.gain.mean is not None and abs(found.gain.mean - 0.3) < 1e-9


def test_the_best_of_many_that_differ_by_chance_is_not_praised_for_it() -> None:
    praised = honest = 0.0
    for seed in range(8):
        rng = random.Random(seed)
        scores = {float(s): {k: float(rng.random() < 0.5) for k in FAMILY} for s in range(20)}
        found = choose("weight", "RR", scores, FAMILY, current=0.0)
        assert found.gain.mean is not None
        praised += (found.at_chosen - found.at_current) / 8
        honest += found.gain.mean / 8
    assert praised > 0.05 and honest < praised / 2


def test_a_threshold_must_leave_enough_answered() -> None:
    rows = [result(n, confidence=0.3 + 0.007 * n, cited=True) for n in range(60)]
    unanswerable = {"answerable": False, "gold": ()}
    rows += [
        r.model_copy(update={"case": r.case.model_copy(update=unanswerable), "confidence": 0.012 * n})
        for n, r in enumerate(result(100 + m) for m in range(40))
    ]
    scores = abstention_scores(rows)
    answerable = {r.case.id: r.case.answerable for r in rows}
    picked = covering(answerable)(scores, list(answerable))
    kept = sum((r.confidence or 0) >= picked for r in rows if r.case.answerable)
    assert kept >= 0.85 * 60 and picked > 0.2


def test_a_question_is_put_otherwise_the_same_way_each_time() -> None:
    suite = fit(load_suite("sample"), 20)
    assert len(suite.cases) == 20 and all(c.answerable and not c.personal for c in suite.cases)
    for name in PERTURBATIONS:
        once, again = perturbed(suite, name), perturbed(suite, name)
        assert once == again and [c.id for c in once.cases] == [c.id for c in suite.cases]
        changed = sum(a.question != b.question for a, b in zip(once.cases, suite.cases, strict=True))
        assert changed >= 18, name


def test_what_is_treated_otherwise_is_named() -> None:
    plain = [result(n) for n in range(20)]
    other = [result(n, cited=n != 3) for n in range(20)]
    found = compare_perturbed("capitals", plain, other)
    assert found.changed == ("c3",) and found.alike.mean == 0.95
    assert found.citations is not None and abs(found.citations.difference + 0.05) < 1e-9
