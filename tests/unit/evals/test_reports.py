"""What a run leaves behind: figures, page, tables, a log for Inspect, and the page of quality."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from assistant.cli import main
from evals.commands.running import score_to
from evals.inspect_export import export
from evals.people.sheets import COLUMNS
from evals.quality import Figure, Quality, of_speed, render
from evals.results import Said, read_about, read_latency, read_results
from evals.store import asked_at, entries
from governance.errors import FileNotReadable, OptionInvalid
from tests.unit.evals.made import result, stored

ROOT = Path(__file__).resolve().parents[3]
ROWS = [result(n, cited=n % 3 != 0, confidence=0.1 + 0.02 * n) for n in range(40)]


def test_a_run_leaves_a_page_without_network_or_script_and_its_tables(tmp_path: Path) -> None:
    hostile = result(99, cited=False)
    case = hostile.case.model_copy(update={"question": "=cmd('<script>alert(1)</script>')"})
    folder = stored(tmp_path / "evaluations" / "r", [*ROWS, hostile.model_copy(update={"case": case})])
    _, _, kept = score_to(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page and "default-src 'none'" in page
    assert page.count('role="img"') == page.count("</svg>") >= 3 and page.count("<desc id=") >= 3
    assert "src=" not in page and "@import" not in page
    with (folder / "cases.csv").open(encoding="utf-8") as opened:
        found = list(csv.DictReader(opened))
    assert len(found) == 41 and found[-1]["question"].startswith("'=cmd")
    assert json.loads((folder / "evaluation.json").read_text()) == json.loads(json.dumps(kept))
    [entry] = entries(tmp_path)
    assert entry.suite == "made" and entry.cases == 41


def test_two_scorings_leave_the_same_page(tmp_path: Path) -> None:
    folder = stored(tmp_path / "r", ROWS)
    score_to(folder)
    once = (folder / "report.html").read_bytes()
    score_to(folder)
    assert (folder / "report.html").read_bytes() == once


def test_inspect_opens_a_run(tmp_path: Path) -> None:
    log = pytest.importorskip("inspect_ai.log")
    folder = stored(tmp_path / "r", ROWS)
    evaluation, _, _ = score_to(folder)
    about, results, latencies = read_about(folder), read_results(folder), read_latency(folder)
    for name in ("run.json", "run.eval"):
        assert export(about, evaluation, results, latencies, asked_at(folder), tmp_path / name) == 40
        read = log.read_eval_log(str(tmp_path / name))
        assert read.status == "success" and len(read.samples) == 40
        assert read.samples[0].scores["gold citation recall"].value == 0.0
        assert "fact recall" not in read.samples[0].scores
    with pytest.raises(OptionInvalid):
        export(about, evaluation, results, latencies, asked_at(folder), tmp_path / "run.txt")


def test_a_missed_goal_is_said_first() -> None:
    figures = (
        Figure(section="speed", measure="ratio", n=50, value=3.0, goal=2.5, at_most=True),
        Figure(section="pii", measure="recall", n=5, value=0.99, low=0.9, high=1.0, goal=0.9),
        Figure(section="pii", measure="unscored", n=0, value=None),
    )
    page = render(
        Quality(
            measured="2026-11-25", guidance="g", configuration="c", composed_by="extractive", figures=figures
        )
    )
    assert "Goals: 1 of 2 met." in page and "- Missed: Time: ratio, 3.000 for 2.500." in page
    assert "| unscored | 0 | not scored |  |  |  |" in page


def test_time_is_taken_from_the_file_that_the_benchmark_leaves(tmp_path: Path) -> None:
    kept = {"ours_p50_ms": 30.0, "peer_p50_ms": 20.0, "int8_peer_p50_ms": 6.0, "peer": "a peer", "questions": 60, "rounds": 2,
            "passages": 800, "date": "2026-11-25", "command": "x", "ratio": 9.9}  # fmt: skip
    (tmp_path / "latency.json").write_text(json.dumps(kept), encoding="utf-8")
    figures = {f.measure: f for f in of_speed(tmp_path / "latency.json")}
    ratio = figures["times as long as the bare search"]
    assert (ratio.value, ratio.n, ratio.met) == (1.5, 120, "met") and figures[
        "times as long as that"
    ].value == 5.0
    assert ratio.model_copy(update={"value": 2.6}).met == "missed"
    for damaged in ("{", "{}", json.dumps({**kept, "peer_p50_ms": 0})):
        (tmp_path / "latency.json").write_text(damaged, encoding="utf-8")
        with pytest.raises(FileNotReadable, match="no figures of time"):
            list(of_speed(tmp_path / "latency.json"))


def test_a_run_goes_by_its_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "data"))
    stored(tmp_path / "data" / "evaluations" / "made-1", ROWS)
    assert main(["eval", "score", "made-1"]) == 0
    assert "made-1" in capsys.readouterr().out
    assert main(["eval", "runs"]) == 0 and "made-1: 40 cases" in capsys.readouterr().out
    assert main(["eval", "score", "made-2"]) == 2 and "made-2 holds no" in capsys.readouterr().err


def test_labels_go_out_and_come_in_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "data"))
    folder = stored(tmp_path / "r", ROWS)

    def run(*arguments: str) -> tuple[int, dict[str, object]]:
        status = main([*arguments, "--json"])
        return status, json.loads(capsys.readouterr().out)

    for rater in ("ash", "birch"):
        sheet = tmp_path / f"{rater}.csv"
        assert (
            run("eval", "label-sheet", str(folder), "--rater", rater, "--to", str(sheet))[1]["answers"] == 30
        )
        with sheet.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        assert list(rows[0]) == COLUMNS and not any(r.case.id in row.values() for r in ROWS for row in rows)
        with sheet.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows(
                {**row, "label": "right" if (int(row["number"]) - 1) % 3 else "wrong"} for row in rows
            )
        assert run("eval", "label-import", str(folder), str(sheet), "--rater", rater)[1]["new"] == 30
    status, found = run("eval", "agreement", str(folder))
    assert status == 0 and found["disagreements"] == []
    assert main(["eval", "agreement", str(folder)]) == 0 and "may be gated" in capsys.readouterr().out
    sheet.write_text(sheet.read_text().replace(",wrong", ",dreadful"))
    status, said = run("eval", "label-import", str(folder), str(sheet), "--rater", "cedar")
    assert status == 2 and said["error"]["code"] == "option.invalid"  # type: ignore[index]
    sheet.write_text("number,answer_sha256,label\n99,x,right\n")
    status, said = run("eval", "label-import", str(folder), str(sheet), "--rater", "cedar")
    assert status == 2 and "line 2: '99' is the number of no answer" in said["error"]["message"]  # type: ignore[index]
    sheet.write_bytes(b"\xff\xfe\x00case")
    status, said = run("eval", "label-import", str(folder), str(sheet), "--rater", "cedar")
    assert status == 2 and said["error"]["code"] == "file.not_readable"  # type: ignore[index]


def test_a_place_that_cannot_be_written_and_a_run_that_is_no_text_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "data"))
    folder = stored(tmp_path / "r", ROWS)
    nowhere = str(tmp_path / "no" / "file")
    for command in (
        ("compare", str(folder), str(folder), "--html", nowhere),
        ("baseline", str(folder), "--to", nowhere),
        ("label-sheet", str(folder), "--rater", "ash", "--to", nowhere),
    ):
        assert main(["eval", *command]) == 1 and "cannot be written" in capsys.readouterr().err, command
    (folder / "results.jsonl").write_bytes(b"\xff\xfe")
    assert main(["eval", "score", str(folder)]) == 2 and "cannot be read as text" in capsys.readouterr().err


def test_an_empty_answer_is_scored_as_one_and_breaks_nothing(tmp_path: Path) -> None:
    empty = ROWS[0].model_copy(update={"sentences": ()})
    blank = ROWS[1].model_copy(update={"sentences": (Said(text=" ", citations=(), support=0.0),)})
    stored(tmp_path / "r", [empty, blank])
    evaluation, _, _ = score_to(tmp_path / "r")
    assert evaluation.metric("citation recall (proxy)").estimate.mean == 0.0
    assert evaluation.metric("no word of its own").estimate.n <= 2
    assert (tmp_path / "r" / "report.html").is_file() and {f.case_id for f in evaluation.failing} >= {"c1"}
