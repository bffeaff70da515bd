"""The sample suite from the command line, and what it says of an assistant with a fault planted in it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Sentence
from assistant.app import Assistant
from assistant.cli import main
from assistant.settings import Settings
from evals.cases import Case, Gold, Suite, load_suite
from evals.evaluate import evaluate
from evals.generate import generate
from evals.results import read_results
from governance.errors import CaseInvalid, RunIncomplete
from ingest.documents import Nation

pytestmark = pytest.mark.models


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


# --- the whole suite ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(sample_once: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answers to the whole suite, asked once; scoring needs nothing else."""
    folder = tmp_path_factory.mktemp("stored")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRONTLINE_DATA_DIR", str(sample_once))
        patch.setenv("FRONTLINE_MODELS_DIR", str(models_dir))
        patch.chdir(folder)
        assert main(["eval", "generate", "sample", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def scored(stored: Path, sample: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    capsys.readouterr()
    return run(capsys, "eval", "score", str(stored))


NEVER = ("quotes verbatim", "figures in the quote", "no word of its own", "no forbidden fact",
         "no personal data kept", "no wrong nation", "no stale source")  # fmt: skip


def test_the_suite_reaches_its_floors(scored: tuple[int, Any]) -> None:
    status, report = scored
    below = {
        m["name"]: m["estimate"]["mean"]
        for m in report["metrics"]
        if m["floor"] is not None and (m["estimate"]["mean"] or 0.0) < m["floor"]
    }
    assert (status, below, report["passed"]) == (0, {}, True)


def test_what_must_never_happen_never_does(scored: tuple[int, Any]) -> None:
    _, report = scored
    found = {m["name"]: m for m in report["metrics"]}
    for name in NEVER:
        assert (found[name]["floor"], found[name]["estimate"]["mean"]) == (1.0, 1.0), name
        assert found[name]["estimate"]["n"] >= 5, name


def test_the_report_holds_the_documented_fields(scored: tuple[int, Any]) -> None:
    _, report = scored
    assert set(report) == {
        "form", "suite", "snapshot", "cases", "metrics", "confidence", "slices", "failing", "passed", "latency_ms",
        "folder", "about", "asked_at", "gate", "stages", "spent",
    }  # fmt: skip
    suite = load_suite("sample")
    assert report["cases"] == len(suite.cases) >= 300 and len(report["snapshot"]) == 64
    assert set(report["metrics"][0]) == {"name", "estimate", "floor"}
    assert set(report["metrics"][0]["estimate"]) == {"n", "clusters", "mean", "low", "high"}
    assert set(report["slices"][0]) == {"by", "value", "metric", "n", "mean"}
    assert all(
        {"case_id", "question", "outcome", "scores", "explanation", "reason"} <= set(failing)
        and failing["scores"]
        for failing in report["failing"]
    )
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    assert set(suite.floors) <= {m["name"] for m in report["metrics"]}


def test_two_scorings_of_one_run_are_one(
    scored: tuple[int, Any], stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "eval", "score", str(stored)) == scored


def test_what_is_expected_stands_in_the_passages_that_are_expected(
    stored: Path, sample: Settings, opened: Callable[[type[Assistant]], Assistant]
) -> None:
    snapshot = opened(Assistant).snapshots.current()
    for result in read_results(stored):
        ids = [one for either in result.relevant for one in either]
        passages = snapshot.passages_by_id(ids).values()
        text = " ".join(" ".join(p.text for p, _ in passages).lower().split())
        if result.case.gold:
            assert all(any(w.lower() in text for w in f.any) for f in result.case.facts), result.case.id
        assert not any(w.lower() in text for w in result.case.forbidden), result.case.id


def test_people_are_shown_the_table_and_the_cases_that_fell_short(
    stored: Path, sample: Settings, capsys: pytest.CaptureFixture[str], scored: tuple[int, Any]
) -> None:
    status = main(["eval", "score", str(stored)])
    said = capsys.readouterr().out
    assert status == scored[0]
    assert "citation recall" in said and "95 % interval" in said and "Latency: p50" in said
    assert all(failing["case_id"] in said for failing in scored[1]["failing"][:40])


# --- a part of the suite, asked of an assistant with a fault --------------------------------------------


FEW = (
    "uc-sa-single-25", "uc-sa-single-25-last", "pip-enh-dl", "pip-enh-dl-last", "ca-earnings",
    "adp-redet-limit", "wn-ni-capital", "wn-ni-sanction", "ni-uc-twice", "uc-cap-london", "jsa-how-long",
)  # fmt: skip


@pytest.fixture(scope="module")
def few() -> Suite:
    suite = load_suite("sample")
    return suite.model_copy(update={"cases": tuple(c for c in suite.cases if c.id in FEW), "floors": {}})


class BlindToNations(Assistant):
    """Answers for everywhere, whatever nation it is asked about."""

    def _nation(self, given: Nation | str | None) -> Nation | None:
        return None


class OutOfDate(Assistant):
    """Lives in last year."""

    def _date(self, given: dt.date | str | None) -> dt.date:
        return dt.date(2025, 10, 1)


def altered(change: Callable[[Sentence], Sentence]) -> type[Assistant]:
    """An assistant that releases sentences which nothing has checked."""

    class Ungrounded(Assistant):
        def ask(self, *args: Any, **kwargs: Any) -> Answer:
            answer = super().ask(*args, **kwargs)
            return replace(answer, sentences=tuple(change(s) for s in answer.sentences))

    return Ungrounded


def misquote(sentence: Sentence) -> Sentence:
    return replace(
        sentence, citations=tuple(replace(c, quote=c.quote.replace("a", "o")) for c in sentence.citations)
    )


def invent_figure(sentence: Sentence) -> Sentence:
    return replace(sentence, text=sentence.text + " The rate is £1,234.56.")


def invent_words(sentence: Sentence) -> Sentence:
    return replace(sentence, text="Undoubtedly: " + sentence.text)


def scores(assistant: Assistant, suite: Suite) -> dict[str, float | None]:
    evaluation = evaluate(suite, [result for result, _ in generate(assistant, suite)])
    return {m.name: m.estimate.mean for m in evaluation.metrics}


@pytest.fixture(scope="module")
def opened(
    sample_once: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[type[Assistant]], Assistant]]:
    """Opens an assistant, sound or not, over one copy of the sample; all of them share the loaded models."""
    data = tmp_path_factory.mktemp("faults") / "data"
    shutil.copytree(sample_once, data)
    made = [Assistant(Settings.load(data_dir=data, models_dir=models_dir))]

    def open_one(kind: type[Assistant]) -> Assistant:
        first = made[0]
        made.append(kind(first.settings, embedder=first.embedder, redactor=first.redactor))
        return made[-1]

    yield open_one
    for assistant in made:
        assistant.close()


@pytest.fixture(scope="module")
def sound(opened: Callable[[type[Assistant]], Assistant], few: Suite) -> dict[str, float | None]:
    return scores(opened(Assistant), few)


@pytest.mark.parametrize(
    ("fault", "lowered"),
    [
        (BlindToNations, ("no wrong nation", "no forbidden fact", "declined when not")),
        (OutOfDate, ("no stale source", "no forbidden fact", "fact recall")),
        (altered(misquote), ("quotes verbatim",)),
        (altered(invent_figure), ("figures in the quote", "no word of its own")),
        (altered(invent_words), ("no word of its own",)),
    ],
)
def test_a_planted_fault_lowers_the_metrics_that_watch_for_it(
    fault: type[Assistant],
    lowered: tuple[str, ...],
    opened: Callable[[type[Assistant]], Assistant],
    few: Suite,
    sound: dict[str, float | None],
) -> None:
    faulty = scores(opened(fault), few)
    for name in lowered:
        before, after = sound[name], faulty[name]
        assert before is not None and after is not None and after < before, name
    assert all(sound[name] in (1.0, None) for name in NEVER)


def test_a_run_below_a_floor_exits_with_1(
    sample: Settings, few: Suite, tmp_path: Path, capsys: pytest.CaptureFixture[str], stored: Path
) -> None:
    kept = [json.loads(line) for line in (stored / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    for result in kept:
        result["sentences"] = [{"text": "It is £1.", "citations": []}]
    (tmp_path / "results.jsonl").write_text("".join(json.dumps(r) + "\n" for r in kept), encoding="utf-8")
    for name in ("latency.jsonl", "run.json"):
        (tmp_path / name).write_bytes((stored / name).read_bytes())
    status, report = run(capsys, "eval", "score", str(tmp_path))
    assert status == 1 and not report["passed"]


def test_a_case_whose_gold_is_not_in_the_guidance_stops_the_run(
    opened: Callable[[type[Assistant]], Assistant], few: Suite
) -> None:
    lost = Case(
        id="lost", family_id="lost", question="How long?", kind="time_limit", answerable=True,
        gold=(Gold(uri="sample:universal-credit/sanctions", contains="no such words"),),
    )  # fmt: skip
    with pytest.raises(CaseInvalid, match="lost: no passage of sample:universal-credit/sanctions in force"):
        list(generate(opened(Assistant), few.model_copy(update={"cases": (lost,)})))


def test_a_personal_detail_that_the_record_keeps_is_seen(
    opened: Callable[[type[Assistant]], Assistant], few: Suite
) -> None:
    case = Case(
        id="kept", family_id="kept", question="how long does new style JSA last", kind="personal_data",
        answerable=False, personal=("new style JSA",),
    )  # fmt: skip
    kept = scores(opened(Assistant), few.model_copy(update={"cases": (case,)}))
    assert kept["no personal data kept"] == 0.0


# --- the other commands ---------------------------------------------------------------------------------


def test_the_suites_are_listed(capsys: pytest.CaptureFixture[str], sample: Settings) -> None:
    status, listed = run(capsys, "eval", "list")
    assert status == 0 and [s["name"] for s in listed["suites"]] == ["sample"]
    assert main(["eval", "list"]) == 0 and "sample: Questions over" in capsys.readouterr().out


def test_scoring_what_was_never_asked_says_what_to_do(
    capsys: pytest.CaptureFixture[str], sample: Settings, stored: Path, tmp_path: Path
) -> None:
    status, said = run(capsys, "eval", "score", str(tmp_path))
    assert status != 0 and said["error"]["code"] == RunIncomplete.code
    for name in ("results.jsonl", "run.json"):
        (tmp_path / name).write_bytes((stored / name).read_bytes())
    status, said = run(capsys, "eval", "score", str(tmp_path))
    assert status != 0 and "latency" in said["error"]["message"]
