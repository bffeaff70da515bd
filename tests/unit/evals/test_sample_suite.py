"""The sample suite itself: large, mixed, and without a leak between what is mended by and what is held back."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

from evals.cases import Case, load_suite
from evals.duplicates import near_duplicates
from ingest.documents import Nation

SUITE = load_suite("sample", release=True)
DEV = load_suite("sample")


def test_every_kind_of_question_and_every_nation_is_asked() -> None:
    kinds = set(get_args(Case.model_fields["kind"].annotation))
    assert {c.kind for c in SUITE.cases} == kinds
    assert {c.nation for c in SUITE.cases} >= set(Nation)
    assert len(SUITE.cases) >= 300 and sum(not c.answerable for c in SUITE.cases) >= 80


def test_a_family_is_held_back_whole_and_nothing_held_back_is_told_elsewhere() -> None:
    splits = defaultdict(set)
    for case in SUITE.cases:
        splits[case.family_id].add(case.split)
    assert all(len(found) == 1 for found in splits.values())
    assert near_duplicates(SUITE.cases) == []
    held = sum(c.split == "holdout" for c in SUITE.cases)
    assert 0.2 <= held / len(SUITE.cases) <= 0.3


def test_a_case_says_what_is_right_of_it() -> None:
    for case in SUITE.cases:
        assert case.answerable == bool(case.gold), case.id
        assert case.answerable or case.outcome, case.id
        assert all(words.lower() in case.question.lower() for words in case.personal), case.id


def test_the_same_is_not_asked_twice() -> None:
    asked = [(" ".join(c.question.lower().split()), c.nation, c.as_of) for c in SUITE.cases]
    assert len(set(asked)) == len(asked)
