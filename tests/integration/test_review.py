"""A doubt, a ruling, and the next colleague's answer, through the installed commands and models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.cli import main
from assistant.settings import Settings

pytestmark = pytest.mark.models


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_next_colleague_gets_the_better_answer(
    sample: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "Can a claimant bring a trained assistance dog into a booth interview?"
    _, before = run(capsys, "ask", question, "--nation", "england")
    status, opened = run(
        capsys, "review", "contest", before["id"], "--why", "A colleague knows this.", "--as", "p-2"
    )
    assert status == 0
    review = opened["review"]["id"]
    assert run(capsys, "review", "list")[1]["reviews"][0]["id"] == review
    assert run(capsys, "review", "view", review, "Seen it too.", "--agree", "--as", "p-3")[0] == 0
    wording = (
        "A trained assistance dog may come into a booth interview; tell reception before the appointment."
    )
    status, ruled = run(
        capsys, "review", "rule", review, "--decision", "amend", "--reason", "Agreed with the site owner.",
        "--wording", wording, "--until", "2099-12-31", "--as", "e-1",
    )  # fmt: skip
    assert status == 0
    assert ruled["review"]["ruling"]["by"] == "e-1"
    _, after = run(capsys, "ask", question, "--nation", "england")
    assert wording in " ".join(sentence["text"] for sentence in after["sentences"])
    cited = after["sentences"][0]["citations"][0]["document"]
    assert (cited["kind"], cited["uri"]) == ("note", f"note:{review}")
    assert any("not policy" in caution for caution in after["cautions"])
    assert run(capsys, "review", "show", review)[1]["review"]["ruling"]["decision"] == "amend"
    assert run(capsys, "review", "notes")[1]["added"] == 0
    assert run(capsys, "review", "list")[1]["reviews"] == []
    assert (
        run(capsys, "review", "rule", review, "--decision", "approve", "--reason", "x", "--as", "e-2")[0] == 2
    )
