"""Papers about the service follow the configuration and the ledger; the drafts that are shipped are those of today."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.governing import open_ledger
from assistant.papers import PAPERS, facts, figures, write
from assistant.settings import Settings
from governance.egress import DataClass, Destination

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_the_draft_in_the_docs_is_that_of_the_default_configuration(paper: str) -> None:
    drawn = write(paper, facts(Settings.model_construct()))
    kept = (ROOT / "docs" / "transparency" / f"{paper}.md").read_text(encoding="utf-8")
    assert kept == drawn, f"run: frontline audit {paper} --default --out docs/transparency/{paper}.md"


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_what_is_configured_shows(paper: str) -> None:
    chat = Destination(
        name="chat", host="chat.example", region="Ireland", data=(DataClass.REDACTED_QUESTION,)
    )
    settings = Settings.model_construct(destinations=(chat,), controller="The Office")
    drawn = write(paper, facts(settings))
    assert "Ireland" in drawn and "chat.example" in drawn
    assert drawn != write(paper, facts(Settings.model_construct()))


def test_no_secret_and_no_place_on_this_machine_is_told(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path / "of-somebody", database_url="postgresql+psycopg://me:hush@127.0.0.1/x",
        oidc_client_secret="hush",
    )  # type: ignore[arg-type]  # fmt: skip
    for paper in PAPERS:
        drawn = write(paper, facts(settings))
        assert "hush" not in drawn and "of-somebody" not in drawn


def test_every_table_is_one(tmp_path: Path) -> None:
    with open_ledger(Settings(data_dir=tmp_path)) as ledger:
        ledger.append("egress.refused", {}, actor="assistant")
        for paper in PAPERS:
            drawn = write(paper, facts(Settings.model_construct()), figures(ledger))
            tables = re.findall(r"(?:^\|.*\n)+", drawn, flags=re.M)
            assert tables
            for table in tables:
                lines = table.splitlines()
                assert set(lines[1]) <= set("|-"), lines[1]
                bars = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
                assert len(bars) == 1, table


def test_the_commands_count_what_the_ledger_holds_and_record_that_they_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path / "data"))
    with open_ledger(Settings.load()) as ledger:
        ledger.append("egress.refused", {}, actor="assistant")
    out = tmp_path / "dpia.md"
    assert main(["audit", "dpia", "--out", str(out), "--reason", "yearly"]) == 0
    assert "| `egress.refused` | 1 |" in out.read_text() and "the ledger verifies" in out.read_text()
    assert main(["audit", "atrs", "--default"]) == 0
    assert "Tier 1" in capsys.readouterr().out
    assert main(["audit", "atrs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["types"]["ledger.read"] == 1
    assert main(["audit", "dpia", "--out", str(tmp_path)]) == 2
