"""Answers can be stopped at once by somebody who may, and it stands in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers import OPERATOR, Outcome, Person, Role
from assistant.app import build
from assistant.cli import main
from assistant.settings import Settings
from assistant.switch import ENTRY_TYPE, Switch
from governance.completeness import missing_fields
from governance.errors import NotPermitted, ReasonMissing
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, FakeAssistant, OneSnapshot, guidance

ADMINISTRATOR = Person("adm-1", Role.ADMINISTRATOR)
QUESTION = "How is a new claim advance repaid?"


def test_the_next_question_shows_what_was_found_and_nothing_composed(tmp_path: Path) -> None:
    snapshot = DictSnapshot(embedder=CountingEmbedder()).add(
        guidance("uc:advance", {"Repayment": "A new claim advance is repaid over up to 24 months."})
    )
    assistant = build(
        Settings(data_dir=tmp_path),
        embedder=CountingEmbedder(),
        redactor=DictRedactor(),
        snapshots=OneSnapshot(snapshot),
    )
    state = assistant.switch.set(search_only=True, reason=" Wrong  rates ", by=ADMINISTRATOR)
    assert (state.search_only, state.reason, state.by) == (True, "Wrong rates", "adm-1")
    answer = assistant.ask(QUESTION)
    assert answer.outcome is Outcome.SEARCH_ONLY
    assert answer.sentences == ()
    assert [hit.text for hit in answer.found] == ["A new claim advance is repaid over up to 24 months."]
    explanation = assistant.explanation(answer.id)
    assert "Wrong rates" in explanation.decision.reason
    assert missing_fields(explanation) == []
    assert assistant.answer(answer.id) == answer
    danger = assistant.ask("The claimant says she is going to kill herself")
    assert danger.outcome is Outcome.SAFEGUARDING
    assistant.switch.set(search_only=False, reason="Mended", by=ADMINISTRATOR)
    assert assistant.ask(QUESTION).outcome is not Outcome.SEARCH_ONLY
    assert len(assistant.ledger.entries(type=ENTRY_TYPE)) == 2
    assert "Evidence contract" in assistant.in_force()
    assistant.close()


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.ADMINISTRATOR, Role.OPERATOR)])
def test_only_who_may_switches(tmp_path: Path, role: Role) -> None:
    fake = FakeAssistant(tmp_path, DictSnapshot())
    with pytest.raises(NotPermitted):
        fake.switch.set(search_only=True, reason="x", by=Person("x", role))
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ReasonMissing):
            Switch(fake.ledger).set(search_only=True, reason=reason, by=OPERATOR)
    assert not fake.switch.state().search_only
    fake.close()


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path))
    assert main(["admin", "status"]) == 0
    assert main(["admin", "stop-answers", "--reason", "wrong rates"]) == 0
    assert main(["admin", "status"]) == 0
    assert main(["admin", "start-answers", "--reason", "mended"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Answers are given.")
    assert said.count("Search only") == 2
    assert said.rstrip().endswith("operator: mended")
