"""Scoring: each scorer on results made by hand, and the table they make."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, Suite
from evals.evaluate import evaluate
from evals.results import Quoted, Result, Said, read_results, write_lines
from evals.scorers import SCORERS, retrieval
from evals.statistics import cluster_bootstrap, percentile
from governance.errors import CaseInvalid

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


@pytest.mark.parametrize(
    ("metric", "given", "score"),
    [
        ("citation recall", result(), 1.0),
        ("citation recall", result(gold_cited=(True, False)), 0.5),
        ("citation recall", result(UNANSWERABLE, gold_cited=()), None),
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
    suite = Suite(name="s", title="S", on=ON, floors={"citation recall": 0.9, "fact recall": 0.5})
    evaluation = evaluate(suite, [result(gold_cited=(False,)), result({"id": "b", "family_id": "b"})])
    by_name = {m.name: m for m in evaluation.metrics}
    assert not by_name["citation recall"].passed and not by_name["fact recall"].passed
    assert by_name["quotes verbatim"].passed and not evaluation.passed
    assert [f.case_id for f in evaluation.failing] == ["a"]


def test_a_part_that_fails_is_seen_through_a_good_mean() -> None:
    suite = Suite(name="s", title="S", on=ON, floors={})
    typo = result({"id": "b", "family_id": "b", "kind": "typo", "nation": "wales"}, gold_cited=(False,))
    found = evaluate(suite, [result(), typo])
    seen = {(s.by, s.value): (s.n, s.mean) for s in found.slices if s.metric == "citation recall"}
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


def test_results_read_back_and_a_cut_off_run_is_refused(tmp_path: Path) -> None:
    write_lines(tmp_path / "results.jsonl", [result()])
    assert read_results(tmp_path) == (result(),)
    whole = (tmp_path / "results.jsonl").read_text()
    json.loads(whole)
    (tmp_path / "results.jsonl").write_text(whole + whole[:50])
    with pytest.raises(CaseInvalid, match="line 2"):
        read_results(tmp_path)
    with pytest.raises(CaseInvalid, match=r"no results\.jsonl"):
        read_results(tmp_path / "absent")


def test_percentiles() -> None:
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2.0
    assert percentile([], 0.5) is None
