"""The gate: what stops a run, by which name, and how seldom it stops a run that is no worse."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.baseline import Baseline, baseline, read_baseline, write_baseline
from evals.cases import Case, Suite
from evals.compare import compare_runs
from evals.evaluate import evaluate
from evals.gate import judge
from evals.report import comparison_page, run_page
from evals.results import About, Quoted, Result, Said
from governance.errors import RunIncomplete, RunsDiffer

ON = dt.date(2026, 11, 2)
SUITE = Suite(
    name="s", title="S", on=ON,
    floors={"gold citation recall": 0.8}, margins={"gold citation recall": 0.05, "answered when answerable": 0.05},
    never=("no stale source",),
)  # fmt: skip


def made(number: int, *, cited: bool = True, in_force: bool = True) -> Result:
    case = Case.model_validate(
        {"id": f"c{number}", "family_id": f"c{number}", "question": f"How long is {number}?", "kind": "time_limit",
         "answerable": True, "gold": [{"uri": "sample:a", "contains": "one month"}]}
    )  # fmt: skip
    quote = Quoted(
        passage_id="p",
        uri="sample:a",
        quote="one month",
        verbatim=True,
        nations=("england",),
        in_force=in_force,
    )
    return Result(
        case=case, on=ON, outcome="answered", sentences=(Said(text="one month", citations=(quote,)),), uncovered=(),
        retrieved=("p",), relevant=(("p",),), gold_cited=(cited,), snapshot="root",
    )  # fmt: skip


def about(guidance: str = "g", suite: str = "s") -> About:
    return About(suite=suite, on=ON, cases=300, snapshot="root", guidance=guidance, configuration="c")


GOOD = [made(n, cited=n % 10 != 0) for n in range(300)]
BASE = baseline(about(), GOOD)


def test_a_run_that_is_the_same_passes() -> None:
    verdict = judge(SUITE, GOOD, BASE, guidance="g")
    assert verdict.passed and verdict.failed == () and verdict.notes == ()
    assert {r.rule for r in verdict.rules} == {"never", "floor", "margin"}
    never = next(r for r in verdict.rules if r.rule == "never")
    assert never.bound == pytest.approx(0.01, abs=5e-4) and "may be up to 1.0%" in never.said


def test_a_worse_run_fails_by_the_name_of_what_is_worse() -> None:
    worse = [made(n, cited=n % 5 != 0) for n in range(300)]
    verdict = judge(SUITE, worse, BASE, guidance="g")
    assert verdict.failed == ("gold citation recall",)
    rule = next(r for r in verdict.rules if not r.passed)
    assert rule.worse and "c5" in rule.cases and "0.900 → 0.800" in rule.said


def test_one_case_of_what_must_never_happen_is_enough() -> None:
    verdict = judge(SUITE, [made(0, in_force=False), *GOOD[1:]], BASE, guidance="g")
    assert verdict.failed == ("no stale source",)
    assert next(r for r in verdict.rules if not r.passed).cases == ("c0",)


def test_a_floor_with_nothing_scored_is_no_success() -> None:
    silent = SUITE.model_copy(update={"floors": {"fact recall": 0.1}, "never": ("no wrong nation",)})
    assert set(judge(silent, GOOD, None).failed) == {"fact recall", "no wrong nation"}


def noisy(rng: random.Random) -> list[Result]:
    """The good run as it would come out another day, one case in a hundred differently."""
    return [r.model_copy(update={"gold_cited": (r.gold_cited[0] != (rng.random() < 0.01),)}) for r in GOOD]


def test_of_a_hundred_runs_that_are_no_worse_at_least_95_pass() -> None:
    passed = 0
    for seed in range(100):
        rng = random.Random(seed)
        passed += judge(SUITE, noisy(rng), baseline(about(), noisy(rng)), guidance="g", resamples=1000).passed
    assert passed >= 95


def test_what_is_better_is_said_and_whether_anything_was_compared() -> None:
    better = [made(n) for n in range(300)]
    found = judge(SUITE, better, BASE, guidance="g")
    assert [r.metric for r in found.compared if r.better] == ["gold citation recall"]
    assert judge(SUITE, better, None).compared == ()
    evaluation = evaluate(SUITE, better)
    said = [
        run_page(about(), evaluation, verdict, (), {"tokens": None, "cost": None}, "2026-11-25")
        for verdict in (found, judge(SUITE, better, None), judge(SUITE, GOOD, BASE, guidance="g"))
    ]
    assert "gold citation recall (+0.100)" in said[0] and "nothing is worse than the baseline" in said[0]
    assert "Not compared with a baseline" in said[1]
    assert "beyond chance: nothing." in said[2]


def test_a_run_cut_off_half_way_is_refused() -> None:
    with pytest.raises(RunIncomplete, match="150 cases of the baseline were not asked"):
        judge(SUITE, GOOD[:150], BASE, guidance="g")
    with pytest.raises(RunIncomplete, match="of the suite other"):
        judge(SUITE, GOOD, BASE.model_copy(update={"suite": "other"}), guidance="g")


def test_other_guidance_is_refused_or_compared_with_a_warning() -> None:
    with pytest.raises(RunsDiffer):
        judge(SUITE, GOOD, BASE, guidance="other")
    verdict = judge(SUITE, GOOD, BASE, guidance="other", across_guidance=True)
    assert verdict.passed and verdict.notes[0].startswith("Warning: the guidance has changed")


def test_changed_and_new_cases_are_named_and_not_compared() -> None:
    changed = GOOD[3].model_copy(update={"case": GOOD[3].case.model_copy(update={"question": "Another?"})})
    verdict = judge(SUITE, [*GOOD[:3], changed, *GOOD[4:], made(900)], BASE, guidance="g")
    assert any("not compared: 1 of the cases" in n and "c3" in n for n in verdict.notes)
    assert any("Not in the baseline, and held to floors only: 1 of" in n for n in verdict.notes)


def test_a_baseline_reads_back_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    write_baseline(path, BASE)
    assert read_baseline(path) == BASE and len(path.read_text().splitlines()) > 300
    path.write_text(path.read_text()[:900])
    with pytest.raises(RunIncomplete, match="damaged"):
        read_baseline(path)
    with pytest.raises(RunIncomplete, match="no baseline"):
        read_baseline(tmp_path / "absent.json")


def pair(new: Sequence[Result], guidance: str = "g", across: bool = False) -> str:
    compared = compare_runs(("old", about(), GOOD), ("new", about(guidance), new), across_guidance=across)
    return comparison_page(compared)


def test_two_runs_are_compared_case_by_case() -> None:
    new = [made(n, cited=n % 10 != 0 and n != 7) for n in range(300)]
    compared = compare_runs(("old", about(), GOOD), ("new", about(), new))
    assert [c.case_id for c in compared.cases] == ["c7"]
    assert compared.cases[0].changed["gold citation recall"] == (1.0, 0.0) and compared.cases[0].balance < 0
    page = pair(new)
    assert "How long is 7?" in page and "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_runs_over_other_guidance_or_of_other_suites_are_not_compared_in_silence() -> None:
    with pytest.raises(RunsDiffer):
        pair(GOOD, "other")
    assert "Warning: the guidance differs" in pair(GOOD, "other", across=True)
    with pytest.raises(RunIncomplete):
        compare_runs(("old", about(), GOOD), ("new", about(suite="t"), GOOD))
    assert isinstance(BASE, Baseline)
