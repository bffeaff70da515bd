"""Which suite a name means, and the rules that a stored run of it is held to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from evals.cases import load_suite
from evals.commands.suites import given_suite, suite_of
from evals.results import About
from governance.errors import CaseInvalid, FileNotReadable, OptionInvalid, SuiteUnknown
from tests.unit.evals.made import result


def about(suite: str, source: str) -> About:
    return About(
        suite=suite, source=source, on=dt.date(2026, 11, 2), cases=1, snapshot="s", guidance="g", configuration="c"
    )  # fmt: skip


def test_a_file_of_cases_is_a_suite_with_margins_and_no_floors(tmp_path: Path) -> None:
    path = tmp_path / "feedback-v2.jsonl"
    path.write_text("".join(result(n).case.model_dump_json() + "\n" for n in range(3)), encoding="utf-8")
    given = given_suite(str(path), None)
    assert (given.suite.name, len(given.suite.cases), given.source, given.texts) == (
        "feedback-v2",
        3,
        "own",
        None,
    )
    rules = suite_of(about("feedback-v2", given.source))
    assert rules.margins == load_suite("sample").margins and rules.floors == {} and rules.never == ()


def test_our_own_suite_keeps_its_rules_and_third_party_data_has_none() -> None:
    assert given_suite("sample", None).source == "packaged"
    assert suite_of(about("sample", "packaged")).floors
    assert suite_of(about("or_sharc", "third_party")).margins == {}


@pytest.mark.parametrize(
    ("name", "text", "error", "said"),
    [
        ("gone.jsonl", None, FileNotReadable, "cannot be read as cases"),
        ("empty.jsonl", b"\n", FileNotReadable, "holds no case"),
        ("binary.jsonl", b"\xff\xfe", FileNotReadable, "cannot be read as cases"),
        ("wrong.jsonl", b'{"id": "x"}\n', CaseInvalid, "line 1"),
        ("none", None, SuiteUnknown, "No suite is named"),
        ("or_sharc", None, OptionInvalid, "third-party data"),
    ],
)
def test_what_is_no_suite_is_named(
    name: str, text: bytes | None, error: type[Exception], said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(error, match=said):
        given_suite(str(path) if name.endswith(".jsonl") else name, None)


def test_only_our_own_suite_has_a_holdout(tmp_path: Path) -> None:
    for name in ("or_sharc", str(tmp_path / "x.jsonl")):
        with pytest.raises(OptionInvalid, match="has no holdout"):
            given_suite(name, tmp_path, release=True)
