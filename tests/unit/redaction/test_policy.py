"""The policy file: read, checked, hashed."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from governance.errors import PolicyInvalid
from governance.redaction import Policy, build_redactor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the release's policy to change."""
    for name in ("policy.yaml", "benefit_terms.yaml"):
        shutil.copy(str(files("governance.redaction") / "data" / name), tmp_path / name)
    return tmp_path


def change(folder: Path, **fields: object) -> Path:
    path = folder / "policy.yaml"
    path.write_text(
        yaml.safe_dump({**yaml.safe_load(path.read_text(encoding="utf-8")), **fields}), encoding="utf-8"
    )
    return path


def test_same_content_same_hash(folder: Path) -> None:
    assert Policy.load(folder / "policy.yaml").hash == Policy.default().hash
    assert len(Policy.default().hash) == 64


def test_every_change_changes_the_hash_the_allow_list_too(folder: Path) -> None:
    before = Policy.default().hash
    terms = folder / "benefit_terms.yaml"
    terms.write_text(terms.read_text(encoding="utf-8") + "  more: [Blue Skies Scheme]\n", encoding="utf-8")
    with_term = Policy.load(folder / "policy.yaml").hash
    assert with_term != before
    assert Policy.load(change(folder, version="next")).hash not in (before, with_term)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (
            {"entities": {"UK_NINO": {"threshold": 7, "structural": True, "label": "x"}}},
            "entities.UK_NINO.threshold",
        ),
        ({"surprise": 1}, "surprise"),
        ({"references": [{"name": "r", "pattern": "(", "score": 0.5}]}, "regular expression"),
        ({"references": [{"name": "r", "pattern": "x", "score": 0.5, "entity": "NOBODY"}]}, "NOBODY"),
        ({"allow_list": None}, "allow_list"),
        ({"allow_list": "absent.yaml"}, "absent.yaml"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, fields: dict[str, object], named: str) -> None:
    with pytest.raises(PolicyInvalid) as raised:
        Policy.load(change(folder, **fields))
    assert named in raised.value.message
    assert raised.value.do


@pytest.mark.parametrize("content", ["a: [", "- just\n- a list\n", "\x00"])
def test_a_file_that_is_no_policy(tmp_path: Path, content: str) -> None:
    (tmp_path / "policy.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(PolicyInvalid):
        Policy.load(tmp_path / "policy.yaml")
    with pytest.raises(PolicyInvalid):
        Policy.load(tmp_path / "nowhere.yaml")


def test_a_department_adds_its_own_reference(folder: Path) -> None:
    own = {"name": "ticket", "pattern": r"TKT\d{5}", "score": 0.9}
    redactor = build_redactor(
        spacy_path=None, rampart_path=None, policy=Policy.load(change(folder, references=[own]))
    )
    assert redactor.redact("see tkt12345").text == "see <BENEFIT_REFERENCE_1>"


def test_an_entity_that_is_left_out_is_not_hidden(folder: Path) -> None:
    entities = yaml.safe_load((folder / "policy.yaml").read_text(encoding="utf-8"))["entities"]
    del entities["IP_ADDRESS"]
    redactor = build_redactor(
        spacy_path=None, rampart_path=None, policy=Policy.load(change(folder, entities=entities))
    )
    assert redactor.redact("10.0.0.1").text == "10.0.0.1"
