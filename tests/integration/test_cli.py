"""The command line as a script meets it: one document on stdout, stable codes, exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.settings import Settings

pytestmark = pytest.mark.models

MR = "How long does someone have to ask for a mandatory reconsideration?"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    """Exit status, the JSON document on stdout, and stderr."""
    status = main([*arguments, "--json"])
    captured = capsys.readouterr()
    return status, json.loads(captured.out), captured.err


def test_ask_answers_with_the_right_quote_and_the_ledger_holds_it(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer, _ = run(capsys, "ask", MR, "--nation", "england")
    assert status == 0 and answer["outcome"] == "answered"
    assert "month of the date of the decision" in answer["sentences"][0]["text"]
    citation = answer["sentences"][0]["citations"][0]
    assert {"passage_id", "quote", "start", "end", "document"} <= set(citation)
    assert citation["document"]["state"] == "current" and "england" in citation["document"]["nations"]
    status, shown, _ = run(capsys, "audit", "show", answer["id"])
    assert status == 0 and shown["entries"][0]["body"]["answer"]["id"] == answer["id"]
    status, verified, _ = run(capsys, "audit", "verify")
    assert (
        status == 0 and verified["ok"] and verified["size"] == answer["entry_index"] + 2
    )  # reading it is an entry too


def test_ask_declines_what_the_guidance_does_not_say(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer, _ = run(capsys, "ask", "Who won the cup final?")
    assert status == 0
    assert (answer["outcome"], answer["sentences"]) == ("not_in_guidance", [])


def test_a_question_as_at_a_day_answers_from_the_rates_of_that_day(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "How much is the standard allowance for a single claimant aged 25 or over?"
    _, now, _ = run(capsys, "ask", question, "--nation", "wales", "--as-at", "2026-05-01")
    _, then, _ = run(capsys, "ask", question, "--nation", "wales", "--as-at", "2026-03-01")
    assert "£424.90" in now["sentences"][0]["text"] and "£400.14" in then["sentences"][0]["text"]
    _, never, _ = run(capsys, "ask", question, "--as-at", "1990-01-01")
    assert never["outcome"] == "not_in_guidance"


def test_search_gives_hits_with_their_document(sample: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, found, _ = run(capsys, "search", "paying back an advance", "--top", "3", "--nation", "scotland")
    assert status == 0 and len(found["hits"]) == 3
    for hit in found["hits"]:
        assert {"passage_id", "score", "text", "section", "document"} <= set(hit)
        wanted = {"title", "uri", "path", "nations", "valid_from", "valid_to", "state"}
        assert wanted <= set(hit["document"]) and "scotland" in hit["document"]["nations"]
    assert found["question"] == "paying back an advance"
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_a_search_says_again_only_what_was_searched(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = "paying back an advance QQ123456C"
    _, found, _ = run(capsys, "search", asked)
    (tmp_path / "questions.txt").write_text(asked)
    assert main(["search", "--jsonl", str(tmp_path / "questions.txt")]) == 0
    line = json.loads(capsys.readouterr().out)
    assert found["question"] == line["question"] == "paying back an advance <UK_NINO_1>"


def test_many_questions_come_out_in_order_and_a_wrong_line_stops_nothing(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    lines = [
        MR,
        "",
        "{not json",
        json.dumps({"question": MR, "nation": "mercia"}),
        json.dumps({"question": ""}),
    ]
    file.write_text(
        "\n".join([*lines, json.dumps({"question": "How is an advance repaid?", "nation": "wales"})])
    )
    status = main(["ask", "--jsonl", str(file)])
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 2
    assert [d.get("outcome") or d["error"]["code"] for d in documents] == [
        "answered", "option.invalid", "nation.unknown", "question.empty", "answered",
    ]  # fmt: skip
    assert main(["search", "--jsonl", str(file), "--top", "1"]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 5


@pytest.mark.parametrize(
    ("command", "line", "said"),
    [
        ("ask", {"question": MR, "natoin": "wales"}, 'Line 2: there is no field "natoin".'),
        ("search", {"question": MR, "natoin": "wales"}, 'Line 2: there is no field "natoin".'),
        ("search", {"question": MR, "citizen": "c"}, 'Line 2: there is no field "citizen".'),
        ("ask", {"question": MR, "date": "2025-10-01"}, 'Line 2: there is no field "date".'),
        ("ask", {"question": MR, "nation": 4}, "Line 2: nation must be text."),
    ],
)
def test_a_field_that_a_line_may_not_have_is_named_with_its_line(
    command: str,
    line: dict[str, object],
    said: str,
    sample: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f"{MR}\n{json.dumps(line)}\n")
    assert main([command, "--jsonl", str(file)]) == 2
    answered, refused = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "error" not in answered
    assert refused["error"]["code"] == "option.invalid" and refused["error"]["message"] == said


def test_an_id_or_another_mark_of_whoever_asks_is_passed_over(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"id": 7, "question": MR, "gold": ["a"], "doc_id": "b"}) + "\n")
    for command in ("ask", "search"):
        assert main([command, "--jsonl", str(file)]) == 0
        assert "error" not in json.loads(capsys.readouterr().out)


def test_what_the_command_line_says_goes_for_each_line_that_does_not_say_it(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join([MR, json.dumps({"question": MR, "nation": "wales", "conversation": "b"})]))
    assert main(["ask", "--jsonl", str(file), "--nation", "england", "--conversation", "a"]) == 0
    given = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(g["nation"], g["conversation"]) for g in given] == [("england", "a"), ("wales", "b")]


def test_a_file_that_begins_with_a_mark_of_order_is_read(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": MR, "nation": "wales"}) + "\r\n", encoding="utf-8-sig")
    assert main(["ask", "--jsonl", str(file)]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert (asked["question"], asked["nation"]) == (MR, "wales")


def test_how_a_follow_up_was_read_is_shown(sample: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "How long can Universal Credit be backdated?", "--conversation", "c"]) == 0
    assert "Read as:" not in capsys.readouterr().out
    assert main(["ask", "and if she was ill?", "--conversation", "c"]) == 0
    assert "Read as: Earlier question: How long can Universal Credit be backdated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", ""], "question.empty"),
        (["ask", "x" * 50_000], "question.too_long"),
        (["ask", "what \x00\x01 is this"], "question.not_text"),
        (["ask"], "option.invalid"),
        (["ask", MR, "--nation", "mercia"], "nation.unknown"),
        (["ask", MR, "--as-at", "soon"], "date.invalid"),
        (["ask", MR, "--colour", "red"], "option.invalid"),
        (["ask", "--jsonl", "absent.jsonl"], "file.not_readable"),
        (["ask", MR, "--jsonl", "absent.jsonl"], "option.invalid"),
        (["search", MR, "--jsonl", "absent.jsonl"], "option.invalid"),
        (["search", MR, "--top", "0"], "option.invalid"),
        (["ingest", "absent"], "folder.not_found"),
        (["ingest"], "option.invalid"),
        (["audit", "show", "nothing"], "ledger.entry_unknown"),
        (["audit", "show", "99999"], "ledger.entry_unknown"),
        (["privacy", "redact", "absent.txt"], "file.not_readable"),
        (["eval", "run", "nope"], "suite.unknown"),
        (["nonsense"], "option.invalid"),
    ],
)
def test_bad_input_has_a_stable_code_and_exit_status_2(
    arguments: list[str], code: str, sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, document, err = run(capsys, *arguments)
    assert status == 2 and document["error"]["code"] == code
    assert f"[{code}]" in err and document["error"]["message"] in err


def test_an_empty_data_directory_says_what_to_do(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("FRONTLINE_MODELS_DIR", str(models_dir))
    status, document, _ = run(capsys, "ask", MR)
    assert status == 1 and document["error"]["code"] == "index.empty" and "ingest" in document["error"]["do"]


def test_missing_models_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("FRONTLINE_MODELS_DIR", str(tmp_path / "none"))
    status, document, _ = run(capsys, "ask", MR)
    assert (
        status == 1
        and document["error"]["code"] == "model.missing"
        and "models fetch" in document["error"]["do"]
    )
    status, document, _ = run(capsys, "models", "list")
    assert status == 0 and {m["state"] for m in document["models"]} == {"not installed"}


def test_a_folder_is_taken_in_and_withdrawn_pages_stop_answering(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    page = folder / "parking.md"
    page.write_text("# Parking permits\n\nA parking permit for the jobcentre lasts 17 weeks.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    status, report, _ = run(capsys, "ingest", str(folder))
    assert status == 0 and report["added"] == 1 and report["failed"][0]["path"] == "broken.pdf"
    _, answer, _ = run(capsys, "ask", "How long does a parking permit for the jobcentre last?")
    assert "17 weeks" in answer["sentences"][0]["text"]
    page.unlink()
    run(capsys, "ingest", str(folder))
    _, answer, _ = run(capsys, "ask", "How long does a parking permit for the jobcentre last?")
    assert not any("17 weeks" in s["text"] for s in answer["sentences"])


def test_people_can_read_it(sample: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", MR, "--nation", "england"]) == 0
    out = capsys.readouterr().out
    assert "[1]" in out and "Sources" in out and "Reference a" in out
    assert main(["ask", "How much is PIP for someone? NINO QQ123456C", "--nation", "england"]) == 0
    assert "QQ123456C" not in capsys.readouterr().out
    for arguments in (
        ["search", MR, "--top", "2"],
        ["audit", "verify"],
        ["audit", "show", "0"],
        ["models", "list"],
        ["--help"],
    ):
        assert main(arguments) == 0
        assert capsys.readouterr().out.strip()
    assert main(["search", "zzqx", "--as-at", "1950-01-01"]) == 0
    assert "No guidance" in capsys.readouterr().out


def test_explain_shows_every_candidate_and_check(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _, answer, _ = run(capsys, "ask", MR, "--nation", "england", "--explain")
    explained = answer["explained"]
    candidates = explained["retrieval"]["candidates"]
    assert len(candidates) >= 20 and all(c["reason"] for c in candidates)
    assert any(c["used"] for c in candidates) and any(not c["used"] for c in candidates)
    assert {"verbatim", "in force", "in nation", "figures"} <= {c["name"] for c in explained["checks"]}
    assert explained["retrieval"]["root_hash"] and explained["input"]["policy_hash"]


def test_redaction_of_a_file_and_of_lines(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "The claimant's NINO is QQ123456C."
    (tmp_path / "note.txt").write_text(text)
    _, document, _ = run(capsys, "privacy", "redact", str(tmp_path / "note.txt"))
    span = document["spans"][0]
    assert text[span["start"] : span["end"]] == "QQ123456C" and "QQ123456C" not in document["redacted"]
    rows = [{"id": 1, "text": text}, {"id": "b", "text": "What is the PIP rate?"}]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert main(["privacy", "redact", "--jsonl", str(tmp_path / "rows.jsonl")]) == 0
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in out] == [1, "b"] and out[1]["spans"] == []
    assert set(out[0]["spans"][0]) == {"start", "end", "type", "score", "recogniser"}
    assert main(["privacy", "redact", str(tmp_path / "note.txt")]) == 0
    assert "NINO" in capsys.readouterr().out
    (tmp_path / "bad.jsonl").write_text('{"id": 1}')
    assert main(["privacy", "redact", "--jsonl", str(tmp_path / "bad.jsonl")]) == 2


def test_a_tampered_ledger_fails_verification_and_names_the_entry(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    with sqlite3.connect(sample.data_dir / "governance.db") as database:
        database.execute("DROP TRIGGER entries_no_update")
        database.execute("UPDATE entries SET type = 'nothing' WHERE \"index\" = 3")
    status, document, _ = run(capsys, "audit", "verify")
    assert status == 1 and not document["ok"]
    assert [problem["where"] for problem in document["problems"]] == ["entries 3"]


def test_the_installed_command_runs_and_starts_quickly_enough_to_use(sample: Settings) -> None:
    command = Path(sys.executable).with_name("frontline")
    found = subprocess.run(
        [command, "audit", "verify", "--json"], capture_output=True, text=True, env=dict(os.environ)
    )
    assert found.returncode == 0 and json.loads(found.stdout)["ok"]
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"from assistant.cli import main; main(['ask', {MR!r}, '--json'])"],
        capture_output=True, text=True, env=dict(os.environ), check=True,
    )  # fmt: skip
    assert json.loads(loaded.stdout)["outcome"] == "answered"
    assert not [line for line in loaded.stderr.splitlines() if line.endswith(("| torch", "| transformers"))]


def test_guidance_can_be_listed_shown_and_reconciled(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, listed, _ = run(capsys, "guidance", "list")
    _, everything, _ = run(capsys, "guidance", "list", "--all")
    assert 100 < len(listed["documents"]) < len(everything["documents"]) == 120
    assert all(row["in_force"] for row in listed["documents"])
    _, versions, _ = run(capsys, "guidance", "history", "sample:universal-credit/rates")
    assert [row["in_force"] for row in versions["versions"]].count(True) == 1 and len(
        versions["versions"]
    ) == 2
    _, shown, _ = run(capsys, "guidance", "show", "universal-credit/mandatory-reconsideration.md")
    assert shown["passages"] and shown["uri"] == "sample:universal-credit/mandatory-reconsideration"
    status, document, _ = run(capsys, "guidance", "show", "nothing")
    assert status == 2 and document["error"]["code"] == "document.unknown"
    status, document, _ = run(capsys, "guidance", "reconcile", "--sample")
    assert (status, document["differences"]) == (0, [])
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "page.txt").write_text("words")
    status, document, _ = run(capsys, "guidance", "reconcile", "--folder", str(tmp_path / "more"))
    assert status == 1 and "not taken in" in document["differences"][0]["what"]
    (tmp_path / "list").write_text("https://example.org/page\n")
    status, document, _ = run(capsys, "guidance", "reconcile", f"urls:{tmp_path / 'list'}")
    assert (status, document["error"]["code"]) == (2, "egress.refused"), "a list is a source as any other"
    status, document, _ = run(capsys, "guidance", "reconcile", "uploads")
    assert (status, document["differences"]) == (0, [])
    for arguments in (
        ["list"],
        ["show", "sample:universal-credit/rates"],
        ["history", "sample:pip/rates"],
        ["reconcile"],
    ):
        main(["guidance", *arguments])
        assert capsys.readouterr().out.strip()
