"""The officer's commands about people, as they are typed: no model is needed for any of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.main import main
from governance.verify_handover import main as verify

Command = Callable[..., tuple[int, Any]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        status = main([*arguments, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return run


def test_from_agreement_to_erasure(command: Command, tmp_path: Path) -> None:
    status, given = command("consent", "give", "--purpose", "handover")
    assert status == 0 and given["purposes"] == ["answer", "audit", "handover"]
    code, record = given["person"], given["record_id"]
    assert code.startswith("z")
    status, receipt = command("consent", "receipt", record)
    assert receipt["@type"] == "dpv:ConsentReceipt"
    assert code in command("consent", "receipt", record, "--print")[1]["page"]

    assert command("consent", "fact", code, "interpreter", "needs one, in Somali")[0] == 0
    bundle, lists = tmp_path / "bundle.json", tmp_path / "status.json"
    made = command(
        "consent", "handover", "make", code, "--to", "Housing", "--fact", "interpreter", "--out", str(bundle)
    )
    assert made[0] == 0 and bundle.stat().st_mode & 0o777 == 0o600
    key = command("consent", "handover", "key")[1]["key"]
    command("consent", "handover", "status", "--out", str(lists))
    assert verify([str(bundle), "--key", key, "--status", str(lists)]) == 0

    status, access = command("privacy", "access", code, "--reason", "letter")
    assert "needs one, in Somali" in json.dumps(access)
    assert command("privacy", "vault", "status")[1]["kinds"] == {"fact": 1, "handover": 1}
    assert command("privacy", "vault", "rotate")[1]["keys"] == 1
    assert (
        command("privacy", "rectify", code, "interpreter", "none needed now", "--reason", "told us")[0] == 0
    )
    command("consent", "handover", "status", "--out", str(lists))
    assert verify([str(bundle), "--key", key, "--status", str(lists)]) == 1, "what carried it is revoked"
    assert all(o["erased"] == 0 for o in command("privacy", "retention", "run", "--dry-run")[1]["classes"])

    hold = command("privacy", "hold", "place", code, "--authority", "tribunal", "--reason", "appeal")[1]
    status, refused = command("privacy", "erase", code, "--reason", "letter")
    assert (status, refused["error"]["code"]) == (2, "erasure.held")
    assert command("privacy", "hold", "lift", hold["hold_id"], "--reason", "over")[0] == 0
    status, certificate = command("privacy", "erase", code, "--reason", "letter", "--look-for", "Somali")
    assert status == 0 and certificate["complete"] and certificate["proof"]["entry"]
    assert command("consent", "show", code)[1]["records"][-1]["state"] == "withdrawn"
    assert command("audit", "verify")[1]["ok"]
    files = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert b"Somali" not in files and b"none needed" not in files


def test_what_cannot_be_is_refused_by_its_code(command: Command) -> None:
    for arguments, code in (
        (("consent", "give", "--purpose", "marketing"), "agreement.purpose_unknown"),
        (("consent", "give", "--notice", "nothing"), "notice.unknown"),
        (("consent", "withdraw", "z1"), "agreement.state"),
        (("consent", "show", "z1"), "person.unknown"),
        (("consent", "receipt", "c1"), "agreement.unknown"),
        (("consent", "copy", "a1"), "answer.unknown"),
        (("consent", "fact", "z1", "a", "b"), "agreement.missing"),
        (("consent", "handover", "make", "z1", "--to", "Housing"), "agreement.missing"),
        (("consent", "handover", "revoke", "o1", "--reason", "r"), "handover.unknown"),
        (("privacy", "access", "z9", "--reason", "r"), "person.unknown"),
        (("privacy", "hold", "lift", "h1", "--reason", "r"), "hold.unknown"),
        (("privacy", "reveal", "<PERSON_1>", "--conversation", "c", "--person", "z1"), "agreement.missing"),
    ):  # fmt: skip
        status, said = command(*arguments)
        assert (status, said["error"]["code"]) == (2, code), arguments
    assert command("audit", "verify")[1]["ok"], "refusals are entries like any other"
