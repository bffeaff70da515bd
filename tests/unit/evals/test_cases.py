"""Cases: what is accepted, and what a wrong line says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from evals.cases import Case, case_schema, load_cases, load_suite
from evals.duplicates import near_duplicates
from governance.errors import CaseInvalid, HoldoutChanged, SuiteUnknown

GOOD = {
    "id": "mr-1", "family_id": "mr", "question": "How long?", "kind": "time_limit", "answerable": True,
    "gold": [{"uri": "sample:a", "contains": "one month"}],
}  # fmt: skip


def write(path: Path, *rows: object) -> Path:
    path.write_text(
        "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), encoding="utf-8"
    )
    return path


def test_a_case_reads_back_whole_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path / "c.jsonl", GOOD, "", {**GOOD, "id": "mr-2", "nation": "wales"}))
    assert [c.id for c in cases] == ["mr-1", "mr-2"]
    assert cases[1].nation is not None and cases[0].gold[0].contains == "one month"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**GOOD, "kind": "gossip"}, "line 1: kind"),
        ({**GOOD, "gold": []}, "names no gold passage"),
        ({**GOOD, "nation": "mercia"}, "line 1: nation"),
        ({**GOOD, "surprise": 1}, "surprise"),
        ("{not json", "line 1"),
        ({k: v for k, v in GOOD.items() if k != "question"}, "question"),
    ],
)
def test_a_wrong_line_is_named(row: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(CaseInvalid, match=said):
        load_cases(write(tmp_path / "c.jsonl", row))


def test_one_id_twice_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(CaseInvalid, match="lines 1 and 3"):
        load_cases(write(tmp_path / "c.jsonl", GOOD, {**GOOD, "id": "other"}, GOOD))


def test_an_unknown_suite_lists_the_known_ones() -> None:
    with pytest.raises(SuiteUnknown) as caught:
        load_suite("nope")
    assert "sample" in caught.value.do


def test_the_schema_names_every_field() -> None:
    assert set(case_schema()["properties"]) == set(Case.model_fields)


def test_a_leak_into_the_holdout_is_seen() -> None:
    a = Case.model_validate({**GOOD, "question": "how long does someone have to ask"})
    b = a.model_copy(update={"id": "b", "split": "holdout", "question": "How long does someone have to ask"})
    c = a.model_copy(
        update={"id": "c", "split": "holdout", "question": "What is the rate of Carer's Allowance"}
    )
    assert near_duplicates([a, b, c]) == [("mr-1", "b")]


def test_a_frozen_holdout_is_read_only_when_asked_for_and_only_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    write(folder / "cases.jsonl", GOOD)
    held = write(folder / "holdout.jsonl", {**GOOD, "id": "held", "family_id": "held", "split": "holdout"})
    about = {"title": "S", "on": "2026-11-02", "floors": {}}
    sha = hashlib.sha256(held.read_bytes()).hexdigest()
    (folder / "suite.json").write_text(json.dumps({**about, "holdout_sha256": sha}))
    assert [c.id for c in load_suite("s", suites=tmp_path).cases] == ["mr-1"]
    assert [c.id for c in load_suite("s", suites=tmp_path, release=True).cases] == ["mr-1", "held"]
    held.write_text(held.read_text().replace("How long?", "How long now?"))
    assert load_suite("s", suites=tmp_path).cases
    with pytest.raises(HoldoutChanged):
        load_suite("s", suites=tmp_path, release=True)


def test_a_case_that_changes_in_anything_has_another_hash() -> None:
    case = Case.model_validate(GOOD)
    assert case.sha256 != case.model_copy(update={"question": "How long now?"}).sha256
