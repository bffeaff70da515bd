"""Third-party sets as suites: what each brings, and what a damaged or absent one says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evals.cases import Case
from evals.loaders import LOADERS, load
from evals.loaders.injection import injection
from evals.loaders.texts import anywhere_in, fitted, made
from evals.probes import Claim, Redacted, grounding_metrics, redaction, redaction_metrics
from governance.errors import CaseInvalid, FolderNotFound, SuiteUnknown
from tests.fakes import DictRedactor

SIZES = {"or_sharc": (161, 353), "clapnq": (245, 245), "smart_answers": (689, 801), "off_topic": (400, 0)}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SIZES)
def test_each_set_reads_whole(name: str, shared_data: Path) -> None:
    loaded = load(name, shared_data)
    assert (len(loaded.suite.cases), len(loaded.texts)) == SIZES[name]
    assert len({c.id for c in loaded.suite.cases}) == len(loaded.suite.cases)
    uris = {t.uri for t in loaded.texts}
    assert all(re.match(r"[a-z][a-z0-9+.-]*:\S+$", uri) for uri in uris), "an address needs a scheme"
    assert all(place.uri in uris for c in loaded.suite.cases for g in c.gold for place in (g, *g.or_in))


@pytest.mark.shared_data
def test_an_attack_lies_in_the_text_that_its_question_is_about(shared_data: Path) -> None:
    loaded = injection(shared_data)
    assert len(loaded.texts) == 125 and len(loaded.suite.cases) == 125 + 266
    for text, case in zip(loaded.texts, loaded.suite.cases, strict=False):
        assert case.forbidden[0] in text.body
    assert {c.id.rsplit("-", 1)[1] for c in loaded.suite.cases[:125]} == {"start", "middle", "end"}


def test_an_absent_or_damaged_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteUnknown) as caught:
        load("nope", tmp_path)
    assert "or_sharc" in caught.value.do
    for name in LOADERS:
        with pytest.raises(FolderNotFound):
            load(name, tmp_path)
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "off_topic.jsonl").write_text(
        '{"id": "a"}\n{not json\n'.replace('{"id": "a"}\n', "")
    )
    with pytest.raises(CaseInvalid, match="line 1 is not JSON"):
        load("off_topic", tmp_path)


def test_the_checker_is_measured_by_rank_and_at_its_operating_point() -> None:
    claims = [
        Claim(
            id=str(n),
            family=str(n),
            set="wice",
            supported=n % 2 == 0,
            score=0.9 if n % 2 == 0 else 0.1 + n / 50,
        )
        for n in range(40)
    ]
    found = {m.name: m.estimate.mean for m in grounding_metrics(claims)}
    assert found["AUROC, wice"] == 1.0 and found["balanced accuracy at 0.5, wice"] == 0.75


def test_redaction_is_measured_by_character_and_by_vector(tmp_path: Path) -> None:
    folder = tmp_path / "pii"
    folder.mkdir()
    span = {"start": 3, "end": 8, "type": "PERSON", "value": "Maude"}
    (folder / "presidio.jsonl").write_text(
        json.dumps({"id": "a", "text": "Is Maude in", "spans": [span]}) + "\n"
    )
    rows = [
        {"id": "v", "text": "QQ123456C", "type": "UK_NINO", "valid": True, "spans": [{"start": 0, "end": 9}]},
        {"id": "w", "text": "20-00", "type": "UK_SORT", "valid": False, "spans": []},
        {"id": "x", "text": "today", "type": "DATE_TIME", "valid": True, "spans": []},
    ]
    (folder / "uk_vectors.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))

    found = redaction(DictRedactor({"Maude": "PERSON", "QQ123": "UK_NINO"}), tmp_path, done=lambda *_: None)  # type: ignore[arg-type]
    assert [r.right for r in found] == [None, False, True] and (found[0].hidden, found[0].leaked) == (5, 0)
    metrics = {m.name: m.estimate.mean for m in redaction_metrics(found)}
    assert metrics["redaction recall, characters"] == 1.0 and metrics["identifiers hidden"] == 0.0
    assert redaction_metrics([Redacted(id="a", part="sentences")])[0].estimate.mean is None


def test_a_case_whose_texts_wait_for_a_person_is_left_out() -> None:
    case = Case(
        id="a", family_id="a", question="How long?", kind="eligibility", answerable=True,
        gold=(anywhere_in("x:1", "x:2"),),
    )  # fmt: skip
    free = Case(id="b", family_id="b", question="Who?", kind="off_topic", answerable=False)
    suite = made("s", "S", [case, free])
    assert fitted(suite, ["x:1", "x:2"]) == suite
    [kept, _] = fitted(suite, ["x:2"]).cases
    assert kept.gold[0].uri == "x:2" and kept.gold[0].or_in == ()
    assert [c.id for c in fitted(suite, []).cases] == ["b"]
