"""Floors under the measured figures, slightly below what was reached, so that a regression cannot slip through."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.redaction import CASES, IN_POLICY, characters, identified, named, questions, vectors
from governance.redaction import Redactor

pytestmark = pytest.mark.models


@pytest.mark.shared_data
def test_made_up_sentences_of_many_countries(redactor: Redactor, shared_data: Path) -> None:
    score = characters(redactor, shared_data / "pii" / "presidio.jsonl", IN_POLICY)
    assert score.f2 >= 0.965
    assert 1 - score.recall <= 0.03
    for kind in ("CREDIT_CARD", "EMAIL_ADDRESS", "IP_ADDRESS", "US_SSN", "PHONE_NUMBER"):
        assert score.by_type[kind][1] == 0, kind


@pytest.mark.shared_data
def test_uk_vectors(redactor: Redactor, shared_data: Path) -> None:
    hits = vectors(redactor, shared_data / "pii" / "uk_vectors.jsonl")
    assert hits.rate >= 0.98, hits.wrong


def test_structural_identifiers(redactor: Redactor) -> None:
    hits, by_kind = identified(redactor)
    assert hits.rate >= 0.995, hits.wrong
    assert min(by_kind.values()) >= 0.98, by_kind


@pytest.mark.parametrize("case", CASES)
def test_names_of_many_origins(redactor: Redactor, case: str) -> None:
    hits, by_origin = named(redactor, case)
    assert hits.rate >= 0.98, hits.wrong
    assert min(by_origin.values()) >= 0.8, by_origin


def test_questions_without_personal_data_stay_as_they_are(redactor: Redactor) -> None:
    hits = questions(redactor)
    assert hits.rate >= 0.99, hits.wrong
