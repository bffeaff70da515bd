"""What takes a sentence back is quoted with it, though the section was cut between the two."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.abstain import Calibration
from assistant.answers import Answer
from assistant.app import build
from assistant.beside import FETCHED
from assistant.settings import Settings
from tests.fakes import CountingEmbedder, DictRedactor, DictSnapshot, OneSnapshot, guidance

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
LENIENT = Calibration(version="t", intercept=4.0, coefficients={}, threshold=0.5, evidence={})
RULE = "Repayment of a new claim advance can be spread over up to 24 months."


def asked(
    tmp_path: Path, texts: tuple[str, ...], headings: tuple[str, ...], question: str
) -> tuple[Answer, list[str]]:
    """The answer from a document of such passages among many others, and the passages used because they lie beside."""
    version, passages = guidance(
        "uc:advance", dict(zip(map(str, range(len(texts))), texts, strict=True)), title="Advance"
    )
    made = [
        replace(p, heading_path=("Advance", heading)) for p, heading in zip(passages, headings, strict=True)
    ]
    snapshot = DictSnapshot(embedder=CountingEmbedder()).add((version, made))
    for n in range(40):  # so many that share a word that the passage beside is not found by itself
        snapshot.add(
            guidance(f"other:{n}", {"Claims": f"A new claim of kind {n} is spread over some months."})
        )
    assistant = build(
        Settings.load(data_dir=tmp_path, models_dir=tmp_path / "m"), embedder=CountingEmbedder(),
        redactor=DictRedactor({}), snapshots=OneSnapshot(snapshot), calibration=LENIENT, clock=lambda: NOW,
    )  # fmt: skip
    answer = assistant.ask(question)
    candidates = assistant.explanation(answer.id).retrieval.candidates
    assistant.close()
    return answer, [c.passage_id for c in candidates if c.used and c.reason == FETCHED]


QUESTION = "How long can repayment of a new claim advance be spread over?"


def test_an_exception_behind_the_cut_is_quoted_with_its_rule(tmp_path: Path) -> None:
    said, fetched = asked(
        tmp_path, (RULE, "However, a prisoner cannot delay."), ("Paying", "Paying"), QUESTION
    )
    assert [s.text for s in said.sentences][:2] == [RULE, "However, a prisoner cannot delay."]
    assert fetched == [said.sentences[1].citations[0].passage_id]


def test_what_a_sentence_leans_on_before_the_cut_stands_before_it(tmp_path: Path) -> None:
    texts = ("A prisoner cannot delay.", f"Otherwise {RULE[0].lower()}{RULE[1:]}")
    said, fetched = asked(tmp_path, texts, ("Paying", "Paying"), QUESTION)
    assert tuple(s.text for s in said.sentences)[:2] == texts and len(fetched) == 1


@pytest.mark.parametrize(
    ("after", "headings"),
    [
        ("However, a prisoner cannot delay.", ("Paying", "Prison")),
        ("A prisoner cannot delay.", ("Paying", "Paying")),
    ],
)
def test_another_section_and_another_matter_are_left_where_they_are(
    tmp_path: Path, after: str, headings: tuple[str, str]
) -> None:
    said, fetched = asked(tmp_path, (RULE, after), headings, QUESTION)
    assert RULE in [s.text for s in said.sentences] and not fetched
    assert after not in [s.text for s in said.sentences]
