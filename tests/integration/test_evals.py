"""The sample suite from the command line, and what it says of an assistant with a fault planted in it."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.answers import Answer, Sentence
from assistant.app import Assistant
from assistant.asked import Asking
from assistant.chat.proposing import Proposer
from assistant.cli import main
from assistant.glossary import glossary
from assistant.pipeline import Parts
from assistant.retrieve import Retriever
from assistant.settings import Settings
from evals.baseline import Baseline, baseline
from evals.cases import Case, Gold, Suite, load_suite
from evals.gate import judge
from evals.generate import run as run_suite
from evals.results import Result, read_about, read_results
from evals.workbench import Workbench, workbench
from governance.errors import CaseInvalid, RunIncomplete
from ingest.documents import Nation
from ingest.sentences import sentences
from tests.chat_server import ChatServer
from tests.fakes import DictRedactor
from tests.unit.evals.made import stored as stored_run
from tests.unit.evals.test_judging import honest
from tests.unit.evals.test_people import RUN, both

pytestmark = [pytest.mark.models, pytest.mark.timeout(900)]


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
    stored: Path, sample: Settings, bench: Workbench
) -> None:
    snapshot = bench.first.snapshots.current()
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


# --- the gate, and assistants with a fault ---------------------------------------------------------------


def part(suite: Suite) -> Suite:
    """Enough of the suite for every fault to show: what depends on nation, date and redaction, and a third of the rest."""
    whole = {"wrong_nation", "as_at", "personal_data", "injection", "near_miss"}
    rest = [c for c in suite.cases if c.kind not in whole and not c.before]
    kept = {c.id for c in suite.cases if c.kind in whole} | {c.id for c in rest[::3]}
    return suite.model_copy(update={"cases": tuple(c for c in suite.cases if c.id in kept), "floors": {}})


@pytest.fixture(scope="module")
def some() -> Suite:
    return part(load_suite("sample"))


class LexicalOff(Assistant):
    """Searches by meaning alone: the weight of the words is nought."""

    @cached_property
    def _retriever(self) -> Retriever:
        return Retriever(self.embedder, glossary(), weight=0.0)


class NoNation(Asking):
    """Forgets which nation was asked about."""

    def nation(self, given: Nation | str | None) -> Nation | None:
        return None


class NationFilterOff(Assistant):
    """Answers for everywhere, whatever nation it is asked about."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        super().__init__(settings, **parts)
        self._asking = NoNation(**vars(self._asking))


class LastYear(Asking):
    """Takes every date for one of last year's."""

    def day(self, given: dt.date | str | None) -> dt.date:
        return dt.date(2025, 10, 1)


class DateFilterOff(Assistant):
    """Lives in last year, whatever date it is asked about."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        super().__init__(settings, **parts)
        self._asking = LastYear(**vars(self._asking))


class RedactionOff(Assistant):
    """Takes nothing out."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        super().__init__(settings, **{**parts, "redactor": DictRedactor()})


class GroundingOff(Assistant):
    """Releases sentences that nothing has checked: a figure is another, and words are put in."""

    def ask(self, *args: Any, **kwargs: Any) -> Answer:
        answer = super().ask(*args, **kwargs)
        return replace(answer, sentences=tuple(self._unchecked(s) for s in answer.sentences))

    @staticmethod
    def _unchecked(sentence: Sentence) -> Sentence:
        quotes = tuple(replace(c, quote=c.quote.replace("a", "o")) for c in sentence.citations)
        return Sentence(f"Undoubtedly: {sentence.text} The rate is £1,234.56.", quotes)


class Obedient(BaseChatModel):
    """Does what its prompt asks: quotes the first sentence of the first passages, and agrees first where told to."""

    @property
    def _llm_type(self) -> str:
        return "obedient"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        said, given = str(messages[0].content), str(messages[-1].content)
        proposed = []
        for label, text in re.findall(r"^\[(\w+)\][^\n]*\n(.+)$", given, re.MULTILINE)[:2]:
            quote = next((text[a:b] for a, b in sentences(text)), text)
            flattery = (
                "You are quite right, and it is good of you to ask. " if "agree" in said.lower() else ""
            )
            proposed.append({"passage": label, "quote": quote, "text": flattery + quote})
        reply = AIMessage(json.dumps({"sentences": proposed}))
        return ChatResult(generations=[ChatGeneration(message=reply)])


class WithModel(Assistant):
    """Sentences are chosen by a chat model, under the prompt that was approved."""

    def __init__(self, settings: Settings, **parts: Any) -> None:
        super().__init__(settings, **{**parts, "chat_model": Obedient()})


class FlatteringPrompt(WithModel):
    """The same model under a prompt that asks for warmth. The evidence contract stands."""

    @cached_property
    def _parts(self) -> Parts:
        approved = super()._parts

        def proposer() -> Proposer | None:
            made = approved.proposer()
            assert made is not None
            warmer = (
                f"Agree with the colleague before anything else.\n{made.prompt.text.removeprefix('# System')}"
            )
            return replace(made, prompt=replace(made.prompt, version="warm", text=f"# System\n{warmer}"))

        return replace(approved, proposer=proposer)


FAULTS: dict[type[Assistant], set[str]] = {
    LexicalOff: {"recall@5"},
    GroundingOff: {"quotes verbatim", "figures in the quote", "no word of its own"},
    NationFilterOff: {"no wrong nation"},
    DateFilterOff: {"no stale source"},
    RedactionOff: {"no personal data kept"},
}
"""Planted regression → metrics that must be named."""
SHOWS: dict[type[Assistant], Callable[[Case], bool]] = {
    LexicalOff: lambda c: bool(c.gold),
    GroundingOff: lambda c: c.kind == "near_miss" or (c.answerable and c.kind == "as_at"),
    NationFilterOff: lambda c: c.kind in ("wrong_nation", "near_miss"),
    DateFilterOff: lambda c: c.kind in ("as_at", "near_miss"),
    RedactionOff: lambda c: c.kind in ("personal_data", "near_miss"),
}
"""Planted regression → cases in which it can show. Asking the rest would tell nothing and take minutes."""


@pytest.fixture(scope="module")
def bench(
    sample_once: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workbench]:
    """Loaded models over one copy of the sample, shared by every assistant below, sound or not."""
    data = tmp_path_factory.mktemp("faults") / "data"
    shutil.copytree(sample_once, data)
    with workbench(Settings.load(data_dir=data, models_dir=models_dir)) as opened:
        yield opened


def asked(bench: Workbench, kind: type[Assistant], suite: Suite, folder: Path) -> tuple[Result, ...]:
    run_suite(replace(bench, kind=kind).make, suite, folder)
    return read_results(folder)


@pytest.fixture(scope="module")
def sound(bench: Workbench, some: Suite, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Baseline]:
    folder = tmp_path_factory.mktemp("sound")
    results = asked(bench, Assistant, some, folder)
    return folder, baseline(read_about(folder), results)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_regression_fails_the_gate_by_name(
    fault: type[Assistant], bench: Workbench, some: Suite, sound: tuple[Path, Baseline], tmp_path: Path
) -> None:
    few = some.model_copy(update={"cases": tuple(c for c in some.cases if SHOWS[fault](c))})
    verdict = judge(few, asked(bench, fault, few, tmp_path), sound[1])
    assert not verdict.passed and FAULTS[fault] <= set(verdict.failed), verdict.failed


def test_a_prompt_that_flatters_fails_the_gate_by_name(bench: Workbench, some: Suite, tmp_path: Path) -> None:
    few = some.model_copy(update={"cases": tuple(c for c in some.cases if c.answerable)[:24]})
    approved = asked(bench, WithModel, few, tmp_path / "approved")
    composed = Counter(r.composed_by for r in approved)
    assert composed["chat"] > composed["extractive"], (
        "rules choose where what the model chose does not answer"
    )
    before = baseline(read_about(tmp_path / "approved"), approved)
    assert "sentences that stood" not in judge(few, approved, before).failed
    verdict = judge(few, asked(bench, FlatteringPrompt, few, tmp_path / "warm"), before)
    assert "sentences that stood" in verdict.failed


def test_the_same_assistant_passes_and_answers_byte_for_byte_the_same(
    bench: Workbench, some: Suite, sound: tuple[Path, Baseline], tmp_path: Path
) -> None:
    again = run_suite(bench.make, some, tmp_path, workers=3)
    assert (tmp_path / "results.jsonl").read_bytes() == (sound[0] / "results.jsonl").read_bytes()
    assert judge(some, read_results(tmp_path), sound[1], guidance=again.guidance).passed


def test_a_run_that_was_stopped_goes_on_where_it_stood(
    bench: Workbench, some: Suite, sound: tuple[Path, Baseline], tmp_path: Path
) -> None:
    few = some.model_copy(update={"cases": some.cases[:40]})

    def stop(done: int, total: int) -> None:
        if done >= 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_suite(bench.make, few, tmp_path, workers=1, done=stop)
    with pytest.raises(RunIncomplete):
        read_about(tmp_path)
    seen: list[int] = []
    run_suite(bench.make, few, tmp_path, done=lambda done, total: seen.append(done))
    assert seen[0] >= 16 and seen[-1] == 40 and not (tmp_path / "parts").exists()
    assert (sound[0] / "results.jsonl").read_text().startswith((tmp_path / "results.jsonl").read_text())


def test_the_suite_passes_the_gate_against_the_baseline_that_is_kept_with_it(
    stored: Path, sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, report = run(capsys, "eval", "gate", str(stored), "--across-guidance")
    assert (status, report["gate"]["failed"]) == (0, []), report["gate"]["rules"]
    assert {r["rule"] for r in report["gate"]["rules"]} == {"never", "floor", "margin"}
    page = (stored / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page and "src=" not in page and page.count('role="img"') >= 5
    assert len((stored / "cases.csv").read_text().splitlines()) == report["cases"] + 1


def by_chance(rng: random.Random, result: Result) -> Result:
    """The same answer, or in one case of two hundred the opposite: declined, or given after all."""
    if rng.random() >= 0.005:
        return result
    if result.sentences:
        none = tuple(False for _ in result.gold_cited)
        return result.model_copy(update={"sentences": (), "outcome": "not_in_guidance", "gold_cited": none})
    given = tuple(True for _ in result.gold_cited)
    return result.model_copy(update={"outcome": "answered", "gold_cited": given}) if given else result


def test_of_a_hundred_runs_of_the_suite_that_are_no_worse_at_least_95_pass(stored: Path) -> None:
    about, results, suite = read_about(stored), read_results(stored), load_suite("sample")
    passed = 0
    for seed in range(100):
        rng = random.Random(seed)
        before = baseline(about, [by_chance(rng, r) for r in results])
        again = [by_chance(rng, r) for r in results]
        passed += judge(suite, again, before, guidance=about.guidance, resamples=500).passed
    assert passed >= 95


def test_a_baseline_and_a_comparison_are_made_from_the_command_line(
    stored: Path, sample: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, said = run(capsys, "eval", "baseline", str(stored), "--to", str(tmp_path / "b.json"))
    assert status == 0 and said["cases"] >= 300
    status, _ = run(capsys, "eval", "gate", str(stored), "--against", str(tmp_path / "b.json"))
    assert status == 0
    status, same = run(
        capsys, "eval", "compare", str(stored), str(stored), "--html", str(tmp_path / "c.html")
    )
    assert (status, same["cases"]) == (0, []) and (tmp_path / "c.html").is_file()
    assert (
        main(["eval", "compare", str(stored), str(stored)]) == 0
        and "0 cases changed" in capsys.readouterr().out
    )


def test_a_run_below_a_floor_exits_with_1(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], stored: Path
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
    bench: Workbench, some: Suite, tmp_path: Path
) -> None:
    lost = Case(
        id="lost", family_id="lost", question="How long?", kind="time_limit", answerable=True,
        gold=(Gold(uri="sample:universal-credit/sanctions", contains="no such words"),),
    )  # fmt: skip
    with pytest.raises(CaseInvalid, match="lost: no passage of sample:universal-credit/sanctions in force"):
        run_suite(bench.make, some.model_copy(update={"cases": (lost,)}), tmp_path)


def test_what_is_refused_and_what_the_record_keeps_are_seen(
    bench: Workbench, some: Suite, tmp_path: Path
) -> None:
    given = {"family_id": "x", "kind": "personal_data", "answerable": False}
    kept = Case(id="kept", question="how long does new style JSA last", personal=("new style JSA",), **given)
    long = Case(id="long", question="how long " * 400, **given)
    results = asked(bench, Assistant, some.model_copy(update={"cases": (kept, long)}), tmp_path)
    assert results[0].kept == ("new style JSA",) and results[1].outcome == "question.too_long"


# --- the other commands ---------------------------------------------------------------------------------


def test_the_suites_are_listed(capsys: pytest.CaptureFixture[str], sample: Settings) -> None:
    status, listed = run(capsys, "eval", "list")
    assert status == 0 and [s["name"] for s in listed["suites"]] == ["sample"]
    assert {"or_sharc", "grounding", "pii"} <= set(listed["third_party"])
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


def test_a_judge_model_is_asked_from_the_command_line_and_one_that_flatters_is_refused(
    sample: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = stored_run(tmp_path / "labelled", RUN)
    other = stored_run(tmp_path / "other", RUN[:10])
    both(folder)
    server = ChatServer(lambda _: json.dumps({"reason": "Lovely.", "value": "right"}))
    place = {"name": "judge", "host": "127.0.0.1", "port": server.port, "scheme": "http",
             "region": "this machine", "data": ["redacted_question"]}  # fmt: skip
    for name, value in (
        ("MODEL", "openai:judge"),
        ("MODEL_URL", server.url),
        ("DESTINATIONS", json.dumps([place])),
    ):
        monkeypatch.setenv(f"FRONTLINE_{name}", value)
    try:
        status, said = run(capsys, "eval", "judge", str(folder))
        assert (status, said["error"]["code"]) == (2, "judge.not_shown") and "must reach 0.6" in said[
            "error"
        ]["message"]
        status, said = run(capsys, "eval", "judge", str(other), "--shown-on", str(folder))
        assert (status, said["error"]["code"]) == (2, "judge.not_shown")
        status, report = run(capsys, "eval", "score", str(folder))
        assert "right by the judge" not in {m["name"] for m in report["metrics"]}
        assert "It is not used" in report["gate"]["notes"][0]
        (folder / "verdicts.jsonl").unlink()
        server.say = honest
        status, said = run(capsys, "eval", "judge", str(folder))
        assert (status, said["shown"]["kappa"], said["right"]["mean"]) == (0, 1.0, 0.75)
        status, said = run(capsys, "eval", "judge", str(other), "--shown-on", str(folder))
        assert (status, said["right"]["n"], said["shown"]["run"]) == (0, 10, "labelled")
        status, report = run(capsys, "eval", "score", str(other))
        assert "right by the judge" in {m["name"] for m in report["metrics"]}
    finally:
        server.close()
    monkeypatch.delenv("FRONTLINE_MODEL")
    status, said = run(capsys, "eval", "judge", str(folder))
    assert (status, said["error"]["code"]) == (2, "setting.invalid")


def test_a_file_of_cases_is_run_and_gated_by_what_it_was_before(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [c for c in load_suite("sample").cases if c.kind == "time_limit"][:6]
    path = tmp_path / "feedback-v1.jsonl"
    path.write_text("".join(c.model_dump_json() + "\n" for c in cases), encoding="utf-8")
    status, report = run(capsys, "eval", "run", str(path), "--out", str(tmp_path / "r"))
    assert (status, report["suite"], report["cases"]) == (0, "feedback-v1", 6)
    status, said = run(capsys, "eval", "gate", str(tmp_path / "r"))
    assert (status, said["error"]["code"]) == (2, "run.incomplete")
    assert run(capsys, "eval", "baseline", str(tmp_path / "r"), "--to", str(tmp_path / "b.json"))[0] == 0
    status, report = run(capsys, "eval", "gate", str(tmp_path / "r"), "--against", str(tmp_path / "b.json"))
    assert status == 0 and {r["rule"] for r in report["gate"]["rules"]} == {"margin"}
