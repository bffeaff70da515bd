"""An officer's commands: find an answer, explain it, prove it to others, have it witnessed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.settings import Settings

pytestmark = pytest.mark.models


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def module(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], input=text, capture_output=True, text=True)


def test_from_an_answer_to_a_proof_that_others_can_check(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, answer = run(capsys, "ask", "How is a new claim advance repaid?", "--nation", "wales")
    _, key = run(capsys, "audit", "key")
    proof = tmp_path / "proof.json"
    assert main(["audit", "prove", answer["id"], "--out", str(proof), "--reason", "appeal 7"]) == 0
    assert "verify_proof" in capsys.readouterr().out
    assert module("governance.verify_proof", str(proof), "--key", key["key"]).returncode == 0
    forged = proof.read_text().replace(answer["id"], "a" + "0" * 20)
    (tmp_path / "forged.json").write_text(forged)
    changed = json.loads(proof.read_text())
    changed["entry"] = changed["entry"][:-8] + "AAAAAAA="
    (tmp_path / "changed.json").write_text(json.dumps(changed))
    assert (
        module("governance.verify_proof", str(tmp_path / "changed.json"), "--key", key["key"]).returncode != 0
    )
    _, listed = run(capsys, "audit", "list", "--type", "ledger.read")
    assert listed["entries"][0]["subject"] == answer["id"]
    _, shown = run(capsys, "audit", "show", str(listed["entries"][0]["index"]))
    assert shown["entries"][0]["body"]["reason"] == "appeal 7"
    assert run(capsys, "audit", "fsck")[0] == 0


def test_an_explanation_in_two_depths_and_each_reading_is_recorded(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _, answer = run(capsys, "ask", "Who won the cup final?")
    assert main(["audit", "explain", answer["id"]]) == 0
    plain = capsys.readouterr().out
    for kind in ("Rationale", "Responsibility", "Data", "Fairness", "Safety", "Impact"):
        assert kind in plain
    assert main(["audit", "explain", answer["id"], "--for", "officer"]) == 0
    assert "configuration_hash" in capsys.readouterr().out
    _, whole = run(capsys, "audit", "explain", answer["id"])
    assert whole["decision"]["outcome"] == "not_in_guidance"
    _, reads = run(capsys, "audit", "list", "--type", "ledger.read")
    assert len(reads["entries"]) == 3


def test_entries_are_found_by_outcome_and_day(sample: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for question in ("Who won the cup final?", "How is a new claim advance repaid?"):
        main(["ask", question])
    capsys.readouterr()
    _, declined = run(capsys, "audit", "list", "--outcome", "not_in_guidance")
    assert [e["outcome"] for e in declined["entries"]] == ["not_in_guidance"]
    assert run(capsys, "audit", "list", "--until", "2020-01-01")[1]["entries"] == []
    _, oldest = run(capsys, "audit", "list", "--oldest-first", "--limit", "2", "--since", "2020-01-01")
    assert [e["index"] for e in oldest["entries"]] == [0, 1]
    status, document = run(capsys, "audit", "list", "--since", "yesterday")
    assert status == 2 and document["error"]["code"] == "date.invalid"
    status, document = run(capsys, "audit", "explain", "nothing")
    assert status == 2 and document["error"]["code"] == "answer.unknown"
    assert main(["audit", "list", "--limit", "3"]) == 0
    assert "3 entries" in capsys.readouterr().out


def test_a_witness_signs_what_the_ledger_asks_it_to(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, key = run(capsys, "audit", "key")
    witness = str(tmp_path / "witness")
    assert module("governance.witness_command", witness, "trust", key["key"]).returncode == 0
    _, request = run(capsys, "audit", "request", "--from", "0")
    signed = module("governance.witness_command", witness, "sign", text=request["request"])
    assert signed.returncode == 0 and signed.stdout.startswith("\u2014 ")
    again = module("governance.witness_command", witness, "sign", text=request["request"])
    assert again.returncode != 0  # it signed more entries already than the request begins from
    _, note = run(capsys, "audit", "checkpoint")
    assert note["checkpoint"].splitlines()[0] == key["key"].split("+")[0]


def test_an_officer_takes_one_answer_to_the_end(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Explained, contested, proven under a witnessed checkpoint across a change of key, exported, and all clean."""
    _, answer = run(capsys, "ask", "How is a new claim advance repaid?", "--nation", "wales")
    assert run(capsys, "review", "contest", answer["id"], "--why", "The figure looks old.")[0] == 0
    witness = str(tmp_path / "witness")
    _, first = run(capsys, "audit", "key")
    status, note = run(capsys, "audit", "witness", witness)
    assert status == 0 and note["checkpoint"].count("\u2014 ") == 2
    assert run(capsys, "audit", "key", "--rotate")[0] == 2
    _, second = run(capsys, "audit", "key", "--rotate", "--reason", "yearly")
    assert second["key"] != first["key"] and len(second["rotations"]) == 1
    assert run(capsys, "audit", "witness", witness)[0] == 0
    proof = tmp_path / "proof.json"
    assert main(["audit", "prove", answer["id"], "--witnessed", "--out", str(proof)]) == 0
    capsys.readouterr()
    cosigner = module("governance.witness_command", witness, "key").stdout.strip()
    for key in (first["key"], second["key"]):
        verified = module("governance.verify_proof", str(proof), "--key", key, "--witness", cosigner)
        assert verified.returncode == 0, verified.stderr
    status, checked = run(capsys, "audit", "fsck")
    assert status == 0 and checked["remarks"] == [], checked
    _, explained = run(capsys, "audit", "explain", answer["id"], "--reason", "appeal 7")
    (raised,) = [event for event in explained["human"]["events"] if event["type"] == "review.raised"]
    assert "looks old" in raised["what"] and explained["human"]["feedback"] == ["The figure looks old."]
    assert explained["in_plain_words"][-1]["heading"].startswith("Since then")
    status, taken = run(
        capsys, "audit", "export", str(tmp_path / "out"), "--type", "answer", "--reason", "review"
    )
    assert status == 0 and taken["entries"] == 1
    assert (
        module(
            "governance.verify_proof", str(tmp_path / "out" / "proofs.jsonl"), "--key", first["key"]
        ).returncode
        == 0
    )
    assert run(capsys, "audit", "export", str(tmp_path / "out"), "--reason", "again")[0] == 2


def test_a_ledger_put_back_from_yesterday_is_refused_by_its_witness_and_named_by_fsck(
    sample: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = sample.data_dir / "governance.db"
    yesterday = tmp_path / "yesterday.db"
    with sqlite3.connect(database) as source, sqlite3.connect(yesterday) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    assert run(capsys, "audit", "list")[0] == 0  # something happens
    witness = str(tmp_path / "witness")
    assert run(capsys, "audit", "witness", witness)[0] == 0
    for path in sample.data_dir.glob("governance.db*"):
        path.unlink()
    shutil.copy(yesterday, database)
    assert run(capsys, "audit", "verify")[0] == 0  # from inside, nothing is to be seen
    status, found = run(capsys, "audit", "fsck")
    assert status == 1 and "rolled back" in found["problems"][0]["what"]
    status, refused = run(capsys, "audit", "witness", witness)
    assert status == 1 and refused["error"]["code"] == "witness.history_changed"


def test_every_reading_has_its_reason(sample: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer = run(capsys, "ask", "Who won the cup final?")
    for command in (["list"], ["show", answer["id"]], ["explain", answer["id"]], ["prove", answer["id"]]):
        assert run(capsys, "audit", *command, "--reason", f"because of {command[0]}")[0] == 0
    _, reads = run(capsys, "audit", "list", "--type", "ledger.read", "--oldest-first")
    shown = [run(capsys, "audit", "show", str(r["index"]))[1]["entries"][0]["body"] for r in reads["entries"]]
    assert [body["reason"] for body in shown] == [
        f"because of {c}" for c in ("list", "show", "explain", "prove")
    ]
