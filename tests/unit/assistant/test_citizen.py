"""A question about a person: both agreements, or nothing; its words sealed, and nowhere else; withdrawn, gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Outcome, Person, Stage
from assistant.app import Assistant
from governance.agreement import CITIZEN_PARTICIPATION, COLLEAGUE_USE, Purpose
from governance.completeness import missing_fields
from governance.errors import (
    AgreementMissing,
    AnswerUnknown,
    ConversationOfAnother,
    MasterKeyMissing,
    OptionInvalid,
    TokenForeign,
)
from governance.fsck import check
from governance.sealed_text import ERASED, SEALED
from governance.vault import Kind, State
from tests.unit.assistant.test_app import ASK, COLLEAGUE, make, models_path
from tests.unit.governance.conftest import new_postgres, postgres_server
from tests.unit.governance.test_crash import Killed, killed_at

__all__ = ["make", "models_path", "new_postgres", "postgres_server"]

ABOUT = f"Ann Example lost her zebra sanctuary. {ASK}"
Z1, Z2 = "z-one", "z-two"


@pytest.fixture
def assistant(make: Callable[..., Assistant]) -> Assistant:
    made = make()
    made.consents.acknowledge(COLLEAGUE.id, actor=COLLEAGUE.id, channel="page")
    return made


def agree(assistant: Assistant, citizen: str = Z1, *purposes: str) -> str:
    return assistant.consents.give(
        citizen, CITIZEN_PARTICIPATION, purposes=purposes or None, actor=COLLEAGUE.id, channel="page"
    )


def ask(assistant: Assistant, text: str = ABOUT, **given: Any) -> Any:
    return assistant.ask(text, **{"citizen": Z1, "conversation": "c1", "person": COLLEAGUE, **given})


def held(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_it_needs_both_agreements(assistant: Assistant) -> None:
    refused = ask(assistant)
    assert refused.outcome is Outcome.BLOCKED_NO_AGREEMENT and refused.question == ""
    agree(assistant)
    assert ask(assistant).outcome is Outcome.ANSWERED
    stranger = ask(assistant, person=Person("p-2"))
    assert stranger.outcome is Outcome.BLOCKED_NO_AGREEMENT
    assert "colleague-use" in assistant.explanation(stranger.id).decision.reason
    assert ask(assistant, citizen=Z2, conversation="c2").outcome is Outcome.BLOCKED_NO_AGREEMENT


def test_an_operator_needs_the_citizens_agreement_too(make: Callable[..., Assistant]) -> None:
    made = make()
    assert made.ask(ASK, citizen=Z1).outcome is Outcome.BLOCKED_NO_AGREEMENT
    agree(made)
    assert made.ask(ASK, citizen=Z1).outcome is Outcome.ANSWERED


def test_every_decision_is_in_the_explanation_at_asking_and_at_keeping(assistant: Assistant) -> None:
    record = agree(assistant)
    explanation = assistant.explanation(ask(assistant).id)
    taken = [(c.use, c.whose, c.allowed) for c in explanation.people.consents]
    assert taken == [
        ("ask", "colleague", True), ("ask", "citizen", True), ("keep", "colleague", True), ("keep", "citizen", True),
    ]  # fmt: skip
    assert explanation.people.citizen == Z1
    assert explanation.people.consents[3].record_id == record
    assert missing_fields(explanation) == []


def test_its_words_are_sealed_and_stand_in_no_file(assistant: Assistant, tmp_path: Path) -> None:
    agree(assistant)
    answer = ask(assistant)
    assert answer.outcome is Outcome.ANSWERED and "zebra" in answer.question
    assert assistant.answer(answer.id) == answer, "read back whole"
    entry = assistant.ledger.entry(answer.entry_index)
    assert entry.body["input"]["question"] == SEALED
    assert entry.body["sealed"]["payload_id"]
    assert assistant.explanation(answer.id).input.question == answer.question
    job = assistant.start(ABOUT, citizen=Z1, conversation="c1", person=COLLEAGUE)
    while not (events := assistant.events(job.id, person=COLLEAGUE)) or not events[-1].kind.last:
        time.sleep(0.02)
    assert events[-1].data["question"] == SEALED, "what a job said is kept in the clear, so it holds no words"
    assert "zebra" in assistant.answer(job.id).question
    assistant.close()
    files = held(tmp_path)
    for word in (b"zebra", b"sanctuary", b"Ann Example"):
        assert word not in files
    assert answer.id.encode() in files


def test_tokens_keep_their_meaning_through_a_conversation(assistant: Assistant) -> None:
    agree(assistant)
    assert "<PERSON_1>" in ask(assistant).question
    second = ask(assistant, f"QQ123456C is hers. {ASK}")
    assert "<UK_NINO_1>" in second.question
    tokens = assistant.records.conversations.tokens("c1", Z1)
    assert tokens == {"<PERSON_1>": "Ann Example", "<UK_NINO_1>": "QQ123456C"}
    reveal = assistant.records.conversations.reveal
    assert reveal("ask <PERSON_1>", "c1", Z1, actor=COLLEAGUE.id) == "ask Ann Example"
    (entry,) = assistant.ledger.entries(type="tokens.revealed")
    assert entry.body["tokens"] == ["<PERSON_1>"] and "Ann" not in entry.data.decode()


def test_a_token_of_another_conversation_is_refused(assistant: Assistant) -> None:
    agree(assistant)
    agree(assistant, Z2)
    ask(assistant)
    ask(assistant, f"QQ123456C is theirs. {ASK}", citizen=Z2, conversation="c2")
    reveal = assistant.records.conversations.reveal
    with pytest.raises(TokenForeign, match="PERSON_1"):
        reveal("<PERSON_1> and <UK_NINO_1>", "c2", Z2, actor=COLLEAGUE.id)
    with pytest.raises(ConversationOfAnother):
        reveal("<PERSON_1>", "c1", Z2, actor=COLLEAGUE.id)
    with pytest.raises(ConversationOfAnother):
        ask(assistant, citizen=Z2)
    with pytest.raises(OptionInvalid):
        ask(assistant, conversation="c" * 101)
    assistant.consents.withdraw(Z1, CITIZEN_PARTICIPATION, actor=COLLEAGUE.id, channel="page")
    with pytest.raises(AgreementMissing):
        reveal("<PERSON_1>", "c1", Z1, actor=COLLEAGUE.id)
    allowed = [entry.body["allowed"] for entry in assistant.ledger.entries(type="tokens.revealed")]
    assert allowed == [False, False], "each refusal that found the conversation is recorded"


def test_what_a_token_stands_for_is_forgotten_where_nobody_agreed(assistant: Assistant) -> None:
    assistant.ask(ABOUT, conversation="c9", person=COLLEAGUE)
    assert assistant.vault.held() == []


@pytest.mark.parametrize("who", ["citizen", "colleague"])
def test_withdrawn_between_asking_and_keeping_nothing_is_kept(
    assistant: Assistant, tmp_path: Path, who: str
) -> None:
    agree(assistant)
    person, notice = (Z1, CITIZEN_PARTICIPATION) if who == "citizen" else (COLLEAGUE.id, COLLEAGUE_USE)

    def withdraw_at_the_last_moment(stage: Stage) -> None:
        if stage.name == "decide":
            assistant.consents.withdraw(person, notice, actor=person, channel="page")

    answer = ask(assistant, on_stage=withdraw_at_the_last_moment)
    assert answer.outcome is Outcome.BLOCKED_NO_AGREEMENT
    assert answer.sentences == () and answer.question == "" and answer.suggestions == ()
    explanation = assistant.explanation(answer.id)
    assert "before the answer was kept" in explanation.decision.reason
    assert explanation.retrieval.candidates == () and explanation.sealed is None
    assert [(c.use, c.whose) for c in explanation.people.consents if not c.allowed] == [("keep", who)]
    assert missing_fields(explanation) == []
    assert assistant.vault.held() == []
    assistant.close()
    assert b"zebra" not in held(tmp_path)


def test_withdrawing_erases_what_was_kept_and_the_record_still_explains(assistant: Assistant) -> None:
    agree(assistant)
    answer = ask(assistant)
    payloads = assistant.vault.held(subject=Z1)
    assert {p.kind for p in payloads} == {Kind.QUESTION, Kind.TOKENS}
    assistant.consents.withdraw(Z1, CITIZEN_PARTICIPATION, actor=COLLEAGUE.id, channel="page")
    assert [assistant.vault.state(p.payload_id) for p in payloads] == [State.ERASED] * 2
    (evidence,) = assistant.ledger.entries(type="withdrawal.carried_out")
    assert set(evidence.body["payloads_erased"]) == {p.payload_id for p in payloads}
    read = assistant.answer(answer.id)
    assert read.question == ERASED and read.sentences == answer.sentences
    explanation = assistant.explanation(answer.id)
    assert explanation.input.question == ERASED and missing_fields(explanation) == []
    assert explanation.retrieval.candidates and explanation.checks
    assert ask(assistant).outcome is Outcome.BLOCKED_NO_AGREEMENT
    assert assistant.ledger.verify().ok


def test_a_hold_keeps_the_bytes_and_stops_every_use(assistant: Assistant) -> None:
    agree(assistant)
    ask(assistant)
    hold = assistant.records.holds.place(Z1, authority="tribunal", reason="appeal", actor="officer")
    assistant.consents.withdraw(Z1, CITIZEN_PARTICIPATION, actor=COLLEAGUE.id, channel="page")
    assert len(assistant.vault.held(subject=Z1)) == 2
    (evidence,) = assistant.ledger.entries(type="withdrawal.carried_out")
    assert evidence.body["held_by"] == [hold.hold_id] and len(evidence.body["payloads_held"]) == 2
    assert not assistant.consents.decide(Purpose.ANSWER, Z1, CITIZEN_PARTICIPATION).allowed


def test_without_the_master_key_there_is_no_answer_and_nothing_is_lost(
    assistant: Assistant, tmp_path: Path
) -> None:
    agree(assistant)
    answer = ask(assistant)
    key = tmp_path / "keys" / "vault.key"
    kept = key.read_bytes()
    key.unlink()
    size = assistant.ledger.size()
    with pytest.raises(MasterKeyMissing):
        ask(assistant)
    assert assistant.ledger.size() == size
    assert assistant.ask(ASK, person=COLLEAGUE).outcome is Outcome.ANSWERED, "other questions go on"
    key.write_bytes(kept)
    assert "zebra" in assistant.answer(answer.id).question
    with pytest.raises(AnswerUnknown):
        assistant.answer("a999")


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_statement_nothing_is_answered_or_sealed_without_its_record(
    make: Callable[..., Assistant], request: pytest.FixtureRequest, tmp_path: Path, after: bool, database: str
) -> None:
    numbers = iter(range(1, 1000))
    settings = {"database_url": request.getfixturevalue("new_postgres")} if database == "postgres" else {}
    assistant = make(ids=lambda: f"a{next(numbers)}", settings=settings)
    agree(assistant)

    def sound() -> None:
        checked = check(assistant.records.store, assistant.ledger, keys=tmp_path / "keys")
        assert checked.ok, checked.problems

    killed = 0
    for statement in range(300):
        before = len(assistant.vault.held())
        try:
            with killed_at(statement, after=after):
                answer = assistant.ask(ABOUT, citizen=Z1, conversation=f"c{statement}")
        except Killed:
            killed += 1
            sound()
            new = assistant.vault.held()[before:]
            assert {p.kind for p in new} in (set(), {Kind.QUESTION, Kind.TOKENS}, {Kind.QUESTION}), statement
            continue
        break
    assert killed > 15 and "zebra" in assistant.answer(answer.id).question
    sound()


def test_what_a_job_about_a_person_says_holds_no_word_of_the_question(
    assistant: Assistant, tmp_path: Path
) -> None:
    agree(assistant)
    job = assistant.start(ABOUT, citizen=Z1, conversation="c1", person=COLLEAGUE)
    told = assistant.events(job.id, wait=20)
    while not told[-1].kind.last:
        told += assistant.events(job.id, after=told[-1].number, wait=20)
    assert told[-1].data["id"] == job.id and "zebra" not in str(told)
    assert b"zebra" not in held(tmp_path)
    assert "zebra" in assistant.answer(job.id).question
