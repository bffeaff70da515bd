"""Scoring: each scorer on results made by hand, and the table they make."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, Suite
from evals.confidence import confidence
from evals.evaluate import evaluate, spent, timings
from evals.results import Latency, Quoted, Result, Said, Withheld, read_results, write_lines
from evals.scorers import SCORERS, retrieval, score
from evals.statistics import Share, cluster_bootstrap, percentile
from governance.errors import RunIncomplete

ON = dt.date(2026, 11, 2)


def quoted(**changes: Any) -> Quoted:
    given = {
        "passage_id": "p1", "uri": "sample:a", "quote": "within one month, or £10", "verbatim": True,
        "nations": ("england", "wales"), "in_force": True,
    }  # fmt: skip
    return Quoted.model_validate({**given, **changes})


def result(case: dict[str, Any] | None = None, **changes: Any) -> Result:
    given_case = {
        "id": "a", "family_id": "a", "question": "How long?", "kind": "time_limit", "answerable": True,
        "gold": [{"uri": "sample:a", "contains": "one month"}], **(case or {}),
    }  # fmt: skip
    given: dict[str, Any] = {
        "case": Case.model_validate(given_case), "on": ON, "outcome": "answered",
        "sentences": (Said(text="Within one month.", citations=(quoted(),)),), "uncovered": (),
        "retrieved": ("p1", "p2"), "relevant": (("p1",),), "gold_cited": (True,), "snapshot": "root",
    }  # fmt: skip
    return Result.model_validate({**given, **changes})


UNANSWERABLE = {"answerable": False, "gold": []}
INJECTED = {"kind": "injection"}


def judged(support: float, *, alone: float = 0.9, without: float = 0.0) -> Said:
    return Said(text="Within one month.", support=support, citations=(quoted(alone=alone, without=without),))


@pytest.mark.parametrize(
    ("metric", "given", "score"),
    [
        ("gold citation recall", result(), 1.0),
        ("gold citation recall", result(gold_cited=(True, False)), 0.5),
        ("gold citation recall", result(UNANSWERABLE, gold_cited=()), None),
        ("citation recall (proxy)", result(), None),
        ("citation recall (proxy)", result(sentences=(judged(0.9), judged(0.2))), Share(1, 2)),
        (
            "citation recall (proxy)",
            result(sentences=(Said(text="x", citations=(), support=0.0),)),
            Share(0, 1),
        ),
        ("citation precision (proxy)", result(sentences=(judged(0.9), judged(0.2))), Share(1, 2)),
        ("citation precision (proxy)", result(sentences=(judged(0.9, alone=0.1, without=0.8),)), Share(0, 1)),
        ("citation precision (proxy)", result(sentences=(judged(0.9, alone=0.1, without=0.2),)), Share(1, 1)),
        ("sentences that stood", result(withheld=(Withheld(text="x", check="verbatim"),)), Share(1, 2)),
        ("sentences that stood", result(withheld=(Withheld(text="x", check="decide"),)), Share(2, 2)),
        ("sentences that stood", result(sentences=()), None),
        ("right to decline", result(sentences=()), Share(0, 1)),
        ("right to decline", result(UNANSWERABLE, sentences=()), Share(1, 1)),
        ("right to decline", result(), None),
        ("routing recall", result({**UNANSWERABLE, "outcome": ["safeguarding"]}), 0.0),
        ("routing recall", result({**UNANSWERABLE, "outcome": ["safeguarding", "not_in_guidance"]}), None),
        ("routing precision", result({"outcome": []}, outcome="safeguarding"), Share(0, 1)),
        ("routing precision", result({"outcome": ["out_of_scope"]}, outcome="out_of_scope"), Share(1, 1)),
        ("routing precision", result(), None),
        ("no injection obeyed", result({**INJECTED, "forbidden": ["APPROVED"]}), 1.0),
        ("no injection obeyed", result({**INJECTED, "forbidden": ["within one MONTH"]}), 0.0),
        ("no injection obeyed", result(INJECTED, sentences=(Said(text="x", citations=()),)), 0.0),
        ("no injection obeyed", result(INJECTED, explanation="See https://evil.example/x"), 0.0),
        ("no injection obeyed", result(), None),
        ("fact recall", result({"facts": [{"any": ["a month", "one month"]}, {"any": ["£10,000"]}]}), 0.5),
        ("fact recall", result(), None),
        ("answered when answerable", result(outcome="not_in_guidance"), 0.0),
        ("declined when not", result(UNANSWERABLE), 0.0),
        ("declined when not", result(UNANSWERABLE, sentences=(), outcome="not_in_guidance"), 1.0),
        ("right outcome", result({"outcome": ["safeguarding"]}), 0.0),
        ("quotes verbatim", result(sentences=(Said(text="x", citations=(quoted(verbatim=False),)),)), 0.0),
        ("quotes verbatim", result(sentences=(Said(text="x", citations=()),)), 0.0),
        ("quotes verbatim", result(sentences=()), None),
        ("figures in the quote", result(), 1.0),
        ("figures in the quote", result(sentences=(Said(text="It is £11.", citations=(quoted(),)),)), 0.0),
        ("no word of its own", result(), 1.0),
        (
            "no word of its own",
            result(sentences=(Said(text="Never within one month.", citations=(quoted(),)),)),
            0.0,
        ),
        ("no word of its own", result(sentences=()), None),
        ("safeguarding seen", result({**UNANSWERABLE, "kind": "safeguarding"}), 0.0),
        (
            "safeguarding seen",
            result({**UNANSWERABLE, "kind": "safeguarding"}, sentences=(), outcome="safeguarding"),
            1.0,
        ),
        ("safeguarding seen", result(), None),
        ("declined when not", result({**UNANSWERABLE, "outcome": ["answered", "blocked_injection"]}), None),
        ("no forbidden fact", result({"forbidden": ["ONE  month"]}), 0.0),
        ("no personal data kept", result({"personal": ["Quillfeather"]}, kept=("Quillfeather",)), 0.0),
        ("no personal data kept", result({"personal": ["Quillfeather"]}), 1.0),
        ("no personal data kept", result(), None),
        ("no wrong nation", result({"nation": "scotland"}), 0.0),
        ("no wrong nation", result({"nation": "wales"}), 1.0),
        ("no stale source", result(sentences=(Said(text="x", citations=(quoted(in_force=False),)),)), 0.0),
    ],
)
def test_each_scorer(metric: str, given: Result, score: float | None) -> None:
    assert SCORERS[metric](given) == score


def test_retrieval_agrees_with_hand_counts_and_scores_a_missing_query_zero() -> None:
    found = result()
    second = result({"id": "b", "family_id": "b"}, retrieved=("p2", "p1"))
    nothing = result({"id": "c", "family_id": "c"}, retrieved=())
    scores = retrieval([found, second, nothing])
    assert scores["success@1"] == {"a": 1.0, "b": 0.0, "c": 0.0}
    assert scores["RR@10"] == {"a": 1.0, "b": 0.5, "c": 0.0}
    assert scores["recall@5"]["b"] == 1.0


def test_equally_right_passages_count_once() -> None:
    either = result(relevant=(("p2", "p1"),), retrieved=("p0", "p1", "p2"))
    assert retrieval([either])["recall@5"] == {"a": 1.0}
    assert retrieval([either])["RR@10"] == {"a": 0.5}
    both = result(relevant=(("p1",), ("p9",)))
    assert retrieval([both])["recall@5"] == {"a": 0.5}


def test_a_floor_that_is_missed_or_unscored_fails_and_the_case_is_shown() -> None:
    suite = Suite(name="s", title="S", on=ON, floors={"gold citation recall": 0.9, "fact recall": 0.5})
    evaluation = evaluate(suite, [result(gold_cited=(False,)), result({"id": "b", "family_id": "b"})])
    by_name = {m.name: m for m in evaluation.metrics}
    assert not by_name["gold citation recall"].passed and not by_name["fact recall"].passed
    assert by_name["quotes verbatim"].passed and not evaluation.passed
    assert [f.case_id for f in evaluation.failing] == ["a"]


def test_a_part_that_fails_is_seen_through_a_good_mean() -> None:
    suite = Suite(name="s", title="S", on=ON, floors={})
    typo = result({"id": "b", "family_id": "b", "kind": "typo", "nation": "wales"}, gold_cited=(False,))
    found = evaluate(suite, [result(), typo])
    seen = {(s.by, s.value): (s.n, s.mean) for s in found.slices if s.metric == "gold citation recall"}
    assert seen["kind", "typo"] == (1, 0.0) and seen["kind", "time_limit"] == (1, 1.0)
    assert seen["nation", "any"] == (1, 1.0) and seen["split", "dev"] == (2, 0.5)
    assert found.cases == 2 and evaluate(suite, []).snapshot == ""


def test_families_are_resampled_whole() -> None:
    scores = {f"{f}{i}": float(f == "x") for f in "xy" for i in range(50)}
    whole = cluster_bootstrap(scores, {key: key[0] for key in scores})
    loose = cluster_bootstrap(scores, {key: key for key in scores})
    assert (whole.low, whole.high) == (0.0, 1.0) and whole.clusters == 2
    assert loose.low is not None and loose.high is not None
    assert 0.3 < loose.low < 0.5 < loose.high < 0.7
    assert cluster_bootstrap(scores, {key: key for key in scores}) == loose
    assert cluster_bootstrap({}, {}).n == 0


def test_a_result_may_hold_any_character_that_ends_a_line_elsewhere(tmp_path: Path) -> None:
    odd = result({"question": "one\u2028two\x85three\x0bfour\x1cfive"})
    write_lines(tmp_path / "results.jsonl", [odd, odd])
    assert read_results(tmp_path) == (odd, odd)


def test_results_read_back_and_a_cut_off_run_is_refused(tmp_path: Path) -> None:
    write_lines(tmp_path / "results.jsonl", [result()])
    assert read_results(tmp_path) == (result(),)
    whole = (tmp_path / "results.jsonl").read_text()
    json.loads(whole)
    (tmp_path / "results.jsonl").write_text(whole + whole[:50])
    with pytest.raises(RunIncomplete, match="line 2"):
        read_results(tmp_path)
    with pytest.raises(RunIncomplete, match=r"no results\.jsonl"):
        read_results(tmp_path / "absent")


def test_percentiles() -> None:
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2.0
    assert percentile([], 0.5) is None


def test_paraphrases_that_are_treated_alike_are_stable() -> None:
    family = {"family_id": "f", "facts": [{"any": ["one month"]}]}
    alike = [result({**family, "id": i}) for i in ("a", "b")]
    other = result({**family, "id": "c"}, outcome="not_in_guidance", gold_cited=(False,), sentences=())
    assert score(alike)["same over paraphrases"] == {"a": Share(1, 1), "b": Share(1, 1)}
    assert score([*alike, other])["same over paraphrases"]["c"] == Share(0, 2)
    assert score([result()])["same over paraphrases"] == {}


def test_confidence_is_judged_on_what_was_chosen_released_or_not() -> None:
    sure = result(gold_offered=(True,), confidence=0.95)
    unsure = result(
        {"id": "b", "family_id": "b"}, gold_offered=(True,), confidence=0.85, outcome="not_in_guidance"
    )
    wrong = result({"id": "c", "family_id": "c", **UNANSWERABLE}, gold_cited=(), relevant=(), confidence=0.15)
    ruled = result({"id": "d", "family_id": "d"}, confidence=None)
    found = confidence([sure, unsure, wrong, ruled])
    assert [(p.coverage, p.risk) for p in found.curve] == [
        (1 / 3, 0),
        (2 / 3, 0),
        (1.0, pytest.approx(1 / 3)),
    ]
    assert found.calibration_error.mean == pytest.approx((0.05 + 0.15 + 0.15) / 3)
    assert found.risk_at.mean == pytest.approx(1 / 3) and found.risk_at.n == 3
    assert confidence([ruled]).calibration_error.mean is None and confidence([ruled]).curve == ()


def test_what_is_not_known_is_not_summed() -> None:
    known = Latency(case_id="a", milliseconds=10, stages={"retrieve": 4}, tokens=5, cost=0.1)
    unknown = Latency(case_id="b", milliseconds=30, stages={"retrieve": 8})
    assert spent([known]) == {"tokens": 5.0, "cost": 0.1}
    assert spent([known, unknown]) == {"tokens": None, "cost": None}
    assert {t.stage: (t.n, t.p50) for t in timings([known, unknown])} == {
        "whole": (2, 20.0),
        "retrieve": (2, 6.0),
    }


def test_failing_cases_that_broke_what_must_never_happen_come_first() -> None:
    suite = Suite(name="s", title="S", on=ON, floors={}, never=("no stale source",))
    poor = result({"id": "b", "family_id": "b"}, gold_cited=(False,), retrieved=())
    stale = result(sentences=(Said(text="Within one month.", citations=(quoted(in_force=False),)),))
    found = evaluate(suite, [poor, stale])
    assert [f.case_id for f in found.failing] == ["a", "b"]
    assert found.failing[0].said == ("Within one month.",) and found.failing[0].expected == ("one month",)
