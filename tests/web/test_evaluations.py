"""Evaluators read their runs in the pages: figures, failing cases, two runs side by side, and the files as written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.evaluated import Evaluations
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.runs import write_run


@pytest.fixture
def evaluator(browser: Browser, assistant: FakeAssistant) -> Browser:
    folder = assistant.settings.data_dir
    write_run(
        folder,
        "sample-aaaa-1111",
        asked_at="2026-11-01T10:00:00+00:00",
        recall=0.97,
        failing=["uc-1", "uc-2"],
    )
    write_run(
        folder,
        "sample-aaaa-2222",
        asked_at="2026-11-02T10:00:00+00:00",
        recall=0.91,
        failing=["uc-2", "uc-<b>3"],
    )
    return browser.sign_in("Eve", "evaluator")


def test_runs_are_listed_newest_first_and_open(evaluator: Browser) -> None:
    page = evaluator.get("/evaluations").text
    assert page.index("sample-aaaa-2222") < page.index("sample-aaaa-1111")
    one = evaluator.get("/evaluations/sample-aaaa-2222").text
    for said in (
        "Gate failed",
        "recall@5: below its floor",
        "0.910",
        "uc-&lt;b&gt;3",
        "Risk and coverage",
        "Milliseconds by step",
    ):
        assert said in one, said
    assert "<b>3" not in one


def test_two_runs_stand_side_by_side(evaluator: Browser) -> None:
    page = evaluator.get("/evaluations/sample-aaaa-2222?against=sample-aaaa-1111").text
    assert "-0.060" in page and "uc-1: no longer falls short" in page and "falls short now" in page
    assert evaluator.get("/evaluations/sample-aaaa-2222?against=nothing").status_code == 404


def test_a_report_runs_nothing_and_is_as_it_was_written(evaluator: Browser) -> None:
    report = evaluator.get("/evaluations/sample-aaaa-2222/report.html")
    assert report.text == "<style>p{color:red}</style><p>Report</p>"
    policy = report.headers["content-security-policy"]
    assert policy.startswith("sandbox;") and "default-src 'none'" in policy and "script" not in policy
    assert (
        evaluator.get("/evaluations/sample-aaaa-2222/metrics.csv")
        .headers["content-type"]
        .startswith("text/csv")
    )


@pytest.mark.parametrize(
    "address",
    ["nothing", "%2e%2e%2fkeys", "sample-aaaa-2222/run.json", "sample-aaaa-2222/..%2frun.json", "half-written", "broken"],
)  # fmt: skip
def test_what_is_no_run_or_no_file_of_one_is_not_there(
    evaluator: Browser, assistant: FakeAssistant, address: str
) -> None:
    folder = assistant.settings.data_dir / "evaluations"
    (folder / "half-written").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "evaluation.json").write_text("{")
    assert evaluator.get(f"/evaluations/{address}").status_code == 404
    assert len(Evaluations(assistant.settings.data_dir).all()) == 2


def test_evaluations_are_not_for_colleagues(colleague: Browser, new_browser: Callable[..., Browser]) -> None:
    for address in ("/evaluations", "/evaluations/x", "/evaluations/x/report.html"):
        assert colleague.get(address).status_code == 403
    assert "No run was scored yet" in new_browser().sign_in("Ad", "administrator").get("/evaluations").text
