"""Topics of risk: each rule says what it matches and what it must not, and a held answer reaches an expert only."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.abstain import Calibration
from assistant.answers import Outcome
from assistant.app import Assistant, build
from assistant.risks import Topic, parse_risks, risks
from assistant.settings import Settings
from governance.errors import PolicyInvalid
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot, guidance

LENIENT = Calibration(version="t", intercept=-1.0, coefficients={"focus": 4.0}, threshold=0.5, evidence={})
TOPICS = risks().topics


@pytest.mark.parametrize(("topic", "text"), [(t, e) for t in TOPICS for e in t.examples])
def test_what_is_of_a_topic_is_seen(topic: Topic, text: str) -> None:
    assert topic in risks().of(text)


@pytest.mark.parametrize(("topic", "text"), [(t, e) for t in TOPICS for e in t.near])
def test_what_is_near_a_topic_is_not(topic: Topic, text: str) -> None:
    assert topic not in risks().of(text)


def make(tmp_path: Path, **given: object) -> Assistant:
    snapshot = DictSnapshot(embedder=CountingEmbedder()).add(
        guidance(
            "fraud",
            {
                "Interviews": "An interview under caution is recorded by the investigator.",
                "Illness": "A terminally ill claimant is seen at home by a visiting officer.",
            },
        )
    )
    return build(
        Settings.load(data_dir=tmp_path, models_dir=tmp_path / "m", **given), embedder=CountingEmbedder(),
        redactor=DictRedactor(), snapshots=OneSnapshot(snapshot), calibration=LENIENT,
    )  # fmt: skip


def test_a_held_answer_is_in_the_record_and_in_the_experts_queue_and_nowhere_else(tmp_path: Path) -> None:
    assistant = make(tmp_path)
    answer = assistant.ask("who records an interview under caution")
    assert answer.outcome is Outcome.NEEDS_EXPERT and answer.sentences == () and answer.next_step
    (review,) = assistant.reviews.queue()
    held = assistant.reviews.held(review)
    assert [s.text for s in held] == ["An interview under caution is recorded by the investigator."]
    assert held[0].citations and review.passages == (held[0].citations[0].passage_id,)
    assert assistant.explanation(answer.id).dropped == ()
    assert review.answer_id == answer.id and review.kind == "held"
    assert assistant.ledger.verify().ok
    assistant.close()


def test_a_caution_comes_with_the_answer(tmp_path: Path) -> None:
    assistant = make(tmp_path)
    answer = assistant.ask("who sees a terminally ill claimant at home")
    assert answer.outcome is Outcome.ANSWERED and any("Take time" in c for c in answer.cautions)
    assistant.close()


def test_nothing_is_held_where_nothing_was_found(tmp_path: Path) -> None:
    assistant = make(tmp_path)
    assert assistant.ask("does a prosecution pizza have cheese").outcome is Outcome.NOT_IN_GUIDANCE
    assert list(assistant.reviews.queue()) == []
    assistant.close()


def test_an_owner_may_bring_a_file_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text('version: "own"\ntopics: []\n', encoding="utf-8")
    assistant = make(tmp_path, risks=own)
    assert assistant.ask("who records an interview under caution").outcome is Outcome.ANSWERED
    assistant.close()
    with pytest.raises(PolicyInvalid, match=r"own\.yaml"):
        own.write_text("topics: 3\n", encoding="utf-8")
        risks(own)
    with pytest.raises(PolicyInvalid, match="cannot be read"):
        risks(tmp_path / "absent.yaml")
    with pytest.raises(PolicyInvalid):
        parse_risks(
            'version: "1"\ntopics: [{id: x, tier: expert, text: long enough, any: ["("], examples: [a, b, c], near: [a, b, c]}]'
        )
