"""An answer is made again from what is stored, stage by stage; what differs is named, and what cannot be is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Person, Role
from assistant.app import Assistant, build
from assistant.cli import main
from assistant.governing import open_ledger
from assistant.ingestion import ingestor_for
from assistant.replay import Replayed, replay
from assistant.settings import Settings
from governance.errors import AnswerUnknown, NotPermitted
from governance.explanation import Explanation
from ingest.sources import Folder

pytestmark = pytest.mark.models

OFFICER = Person("officer-1", Role.OFFICER)
ASKED = "How is a new claim advance repaid?"


@pytest.fixture
def assistant(sample: Settings) -> Any:
    made = build(sample)
    yield made
    made.close()


def verdicts(found: Replayed) -> dict[str, str]:
    return {stage.name: stage.verdict for stage in found.stages}


def test_an_answer_of_today_is_identical_in_every_stage_and_that_is_recorded(assistant: Assistant) -> None:
    for question in (
        ASKED,
        "Who won the cup final?",
        "QQ 12 34 56 C asks how an advance is paid back",
        "standard allowance single 24 in 2025-26",
    ):
        answer = assistant.ask(question, nation="wales")
        found = replay(assistant, answer.id, by=OFFICER, reason="appeal")
        assert found.verdict == "identical", found
        assert set(verdicts(found).values()) == {"identical"}, found
        entry = assistant.ledger.entry(found.entry_index)
        assert entry.type == "answer.replayed" and entry.subject == answer.id and entry.actor == OFFICER.id
        assert entry.body["allowed"] and entry.body["reason"] == "appeal"
    assert assistant.ledger.verify().ok


def test_what_a_rule_answered_has_no_search_to_repeat(assistant: Assistant) -> None:
    for question in ("Should I sanction this claimant?", "Mae hi eisiau marw"):
        answer = assistant.ask(question)
        found = replay(assistant, answer.id, by=OFFICER, reason="x")
        assert verdicts(found)["retrieval"] == "not replayable" and verdicts(found)["decision"] == "identical"


def test_an_answer_of_a_snapshot_that_was_retired_is_made_again_from_the_catalogue(
    sample: Settings, tmp_path: Path
) -> None:
    def take_in(text: str) -> None:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        (folder / "a.md").write_text(
            f"---\ntitle: Own\nuri: https://own.example/a\nnations: [wales]\n---\n# Own\n\n{text}\n"
        )
        with open_ledger(sample) as ledger:
            ingestor_for(sample, ledger).run(Folder(folder, name="own"))

    take_in("The office opens at nine in the morning.")
    made = build(sample)
    answer = made.ask("When does the office open?", nation="wales")
    made.close()
    for hour in ("ten", "eleven", "twelve", "one", "two"):
        take_in(f"The office opens at {hour} in the morning.")
    kept = {path.name for path in (sample.data_dir / "snapshots").iterdir()}
    assert answer.snapshot_id not in kept
    made = build(sample)
    found = replay(made, answer.id, by=OFFICER, reason="appeal")
    (retrieval,) = [stage for stage in found.stages if stage.name == "retrieval"]
    assert retrieval.verdict == "identical" and "built again" in retrieval.why, found
    assert found.verdict == "identical", found
    shutil.rmtree(sample.data_dir / "chroma")
    gone = replay(made, answer.id, by=OFFICER, reason="appeal")
    made.close()
    assert verdicts(gone)["retrieval"] == "not replayable"


def test_another_snapshot_that_is_still_kept_is_opened(sample: Settings, tmp_path: Path) -> None:
    made = build(sample)
    answer = made.ask(ASKED, nation="wales")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\ntitle: Own\nuri: https://own.example/a\nnations: [wales]\n---\n# Own\n\nNew.\n"
    )
    with open_ledger(sample) as ledger:
        ingestor_for(sample, ledger).run(Folder(folder, name="own"))
    found = replay(made, answer.id, by=OFFICER, reason="appeal")
    assert made.snapshots.current().id != answer.snapshot_id
    made.close()
    assert found.verdict == "identical" and not any(
        stage.why.startswith("The snapshot") for stage in found.stages
    )


def tampered(assistant: Assistant, change: Callable[[dict[str, Any]], None]) -> str:
    """An answer like another, but for something in its record."""
    answer = assistant.ask(ASKED, nation="wales")
    body = assistant.explanation(answer.id).to_body()
    change(body)
    body["identity"]["answer_id"] = "a" + "0" * 20
    body["answer"]["id"] = "a" + "0" * 20
    assistant.ledger.append("answer", body, actor="operator", subject="a" + "0" * 20)
    return "a" + "0" * 20


@pytest.mark.parametrize(
    ("stage", "change"),
    [
        ("retrieval", lambda body: body["retrieval"]["candidates"][0].update(score=9.0)),
        ("retrieval", lambda body: body["retrieval"]["candidates"].pop()),
        ("retrieval", lambda body: body["retrieval"].update(query="something else")),
        ("composition", lambda body: body["answer"]["sentences"].pop()),
        ("grounding", lambda body: body["checks"][0].update(passed=False)),
        ("decision", lambda body: body["decision"].update(outcome="not_in_guidance")),
        ("redaction", lambda body: body["input"].update(question="Mr Thomas Whitfield of Leeds: " + ASKED)),
    ],
)
def test_what_differs_is_named(
    assistant: Assistant, stage: str, change: Callable[[dict[str, Any]], None]
) -> None:
    found = replay(assistant, tampered(assistant, change), by=OFFICER, reason="x")
    assert verdicts(found)[stage] == "differs" and found.verdict == "differs"
    assert all(s.differences for s in found.stages if s.verdict == "differs")


def test_a_models_words_are_recorded_and_never_called_reproduced(assistant: Assistant) -> None:
    def by_a_model(body: dict[str, Any]) -> None:
        body["model"] = {"kind": "chat", "requested": "m", "responding": "m", "raw_output_sha256": "0" * 64}

    found = replay(assistant, tampered(assistant, by_a_model), by=OFFICER, reason="x")
    assert verdicts(found)["composition"] == "not replayable" == verdicts(found)["decision"]
    assert verdicts(found)["grounding"] == "identical" == verdicts(found)["retrieval"]


def test_without_an_agreement_for_audit_it_is_refused_and_recorded_unless_on_authority(
    assistant: Assistant,
) -> None:
    colleague = Person("person-1", Role.COLLEAGUE)
    assistant.consents.acknowledge(colleague.id, actor=colleague.id, channel="page")
    answer = assistant.ask(ASKED, nation="wales", person=colleague)
    assert replay(assistant, answer.id, by=OFFICER, reason="x").verdict == "identical"
    assistant.consents.object(
        colleague.id, "colleague-use", purposes=["audit"], actor=colleague.id, channel="page", reason="mine"
    )
    with pytest.raises(NotPermitted):
        replay(assistant, answer.id, by=OFFICER, reason="x")
    refused = assistant.ledger.about(answer.id)[-1]
    assert (
        refused.type == "answer.replayed"
        and refused.body["verdict"] == "refused"
        and not refused.body["allowed"]
    )
    found = replay(assistant, answer.id, by=OFFICER, reason="x", authority="tribunal order 7")
    assert assistant.ledger.entry(found.entry_index).body["authority"] == "tribunal order 7"
    with pytest.raises(AnswerUnknown):
        replay(assistant, "nothing", by=OFFICER, reason="x")


def test_a_question_that_was_withheld_cannot_be_asked_again(assistant: Assistant) -> None:
    stranger = Person("person-2", Role.COLLEAGUE)
    answer = assistant.ask(ASKED, person=stranger)
    found = replay(assistant, answer.id, by=OFFICER, reason="x", authority="audit")
    assert set(verdicts(found).values()) == {"identical", "not replayable"}
    assert Explanation.from_body(assistant.ledger.about(answer.id)[0].body).input.question == ""


def test_the_command(sample: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", ASKED, "--nation", "wales", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert main(["audit", "replay", answer["id"], "--reason", "appeal 9"]) == 0
    assert "retrieval    identical" in capsys.readouterr().out
    assert main(["audit", "replay", answer["id"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "identical"
    assert main(["audit", "replay", "nothing"]) == 2
