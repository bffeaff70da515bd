"""The whole over the sample guidance with the real models: what is asked is answered from the right place, or not."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Outcome
from assistant.app import Assistant, build
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ON = "2026-11-02"

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def assistant(
    sample_once: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    import shutil

    data = tmp_path_factory.mktemp("asked") / "data"
    shutil.copytree(sample_once, data)
    made = build(Settings.load(data_dir=data, models_dir=models_dir))
    made.warm()
    yield made
    made.close()


ANSWERED = [
    ("How long does someone have to ask for a mandatory reconsideration?", None, "within one month of the date of the decision"),
    ("how long for an MR on UC", "england", "one calendar month"),
    ("How much is the PIP enhanced daily living rate?", "england", "£114.60"),
    ("How much is the UC standard allowance for a single person aged 25 or over?", "wales", "£424.90"),
    ("how much UC does a single 22 year old get as standard allowance", "england", "£338.58"),
    ("How is a new claim advance repaid and over how long?", "england", "24 months"),
    ("Can someone in Scotland claim PIP?", "scotland", "Adult Disability Payment"),
    ("how long for a manditory reconsideraton univeral credit", "england", "one calendar month"),
    ("What childcare costs can be paid back?", "england", "85%"),
    ("<PERSON_1> wants to know how long a higher-level sanction can last", "england", "sanction"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "nation", "said"), ANSWERED)
def test_it_answers_with_the_right_quote(
    assistant: Assistant, question: str, nation: str | None, said: str
) -> None:
    answer = assistant.ask(question, nation=nation, as_at=ON)
    assert answer.outcome is Outcome.ANSWERED, answer.explanation
    assert any(said in s.text for s in answer.sentences)
    held = assistant.snapshots.current()
    for citation in (c for s in answer.sentences for c in s.citations):
        passage, version = held.passages_by_id([citation.passage_id])[citation.passage_id]
        assert passage.text[citation.start : citation.end] == citation.quote
        assert version.in_force(answer.on) and version.covers(answer.nation)


DECLINED = [
    ("Who won the cup final?", None),
    ("put song in springtime playlist", None),
    ("How much is the Scottish Child Payment?", "england"),
    ("What is the rate of Maternity Allowance?", "england"),
    ("How do I renew my passport in a hurry?", None),
]


@pytest.mark.parametrize(("question", "nation"), DECLINED)
def test_it_says_that_the_guidance_does_not_say(
    assistant: Assistant, question: str, nation: str | None
) -> None:
    answer = assistant.ask(question, nation=nation, as_at=ON)
    assert answer.outcome is Outcome.NOT_IN_GUIDANCE and answer.sentences == ()
    assert answer.explanation.startswith("The guidance found")


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Pa mor hir sydd gan rywun i ofyn am ailystyriaeth orfodol?", Outcome.NEEDS_CLARIFICATION),
        ("ydw i'n gallu apelio", Outcome.NEEDS_CLARIFICATION),
        ("Mae hi eisiau marw", Outcome.SAFEGUARDING),
    ],
)
def test_welsh_is_noticed_though_the_name_models_take_it_for_names(
    assistant: Assistant, question: str, outcome: Outcome
) -> None:
    assert assistant.ask(question, nation="wales").outcome is outcome


def test_the_words_that_are_not_spoken_of_are_named(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the cup final?", as_at=ON)
    assert "does not mention" in answer.explanation and '"cup"' in answer.explanation


def test_last_years_rate_is_last_years(assistant: Assistant) -> None:
    asked = "How much is the PIP enhanced daily living rate?"
    then, now = (assistant.ask(asked, nation="england", as_at=day) for day in ("2025-11-02", ON))
    assert "£114.60" not in then.sentences[0].text and "£114.60" in now.sentences[0].text
    assert any("in force on 2025-11-02" in caution for caution in then.cautions)


def test_the_rate_of_a_tax_year_that_is_named_is_that_years_and_the_day_is_told_once(
    assistant: Assistant,
) -> None:
    found = assistant.ask("PIP rates 2025 to 2026 enhanced daily living", nation="england")
    assert found.on == dt.date(2025, 10, 5)
    assert "£110.40" in found.sentences[0].text
    (told,) = [caution for caution in found.cautions if "2025-10-05" in caution]
    assert "2025 to 2026" in told


def test_a_part_that_guidance_does_not_cover_is_named(assistant: Assistant) -> None:
    answer = assistant.ask(
        "How long does a claimant have to ask for a mandatory reconsideration? Who won the cup final?",
        as_at=ON,
    )
    assert answer.outcome is Outcome.PARTLY_ANSWERED
    assert answer.uncovered == ("Who won the cup final?",)


def test_the_same_question_is_answered_alike(assistant: Assistant) -> None:
    one, two = (assistant.ask("What is an assessment period?", as_at=ON) for _ in range(2))
    assert one.id != two.id and one.sentences == two.sentences


@pytest.mark.shared_data
def test_off_topic_is_declined_at_least_99_times_in_100(assistant: Assistant, shared_data: Path) -> None:
    lines = (shared_data / "answers" / "off_topic.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    answered = [q for q in asked if assistant.ask(q, as_at=ON).sentences]
    assert len(answered) <= len(asked) / 100, answered


def test_sensible_questions_are_answered_at_least_9_times_in_10(assistant: Assistant) -> None:
    path = ROOT / "benchmarks" / "data" / "abstention" / "sample.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [row for row in rows if row["answerable"]]
    answered = [r for r in asked if assistant.ask(r["question"], nation=r["nation"], as_at=ON).sentences]
    assert len(answered) >= 0.9 * len(asked)


def test_asking_imports_no_torch(sample: Settings) -> None:
    code = (
        "import sys; from assistant.app import build; from assistant.settings import Settings\n"
        "a = build(Settings.load()); a.ask('What is an assessment period?'); a.close()\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'langchain'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "[]"
