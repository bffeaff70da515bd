"""An explanation is complete or says what it lacks, survives the ledger, and says nothing the record does not hold."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from pydantic import ValidationError

from governance import explanation as ex
from governance.completeness import missing_fields
from governance.explaining import one_line, plain
from governance.ledger import Ledger

ASKED = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def body() -> dict[str, Any]:
    """A whole record, as the ledger keeps it."""
    return {
        "form": 1,
        "identity": {
            "answer_id": "a1", "conversation": "c1", "trace": "t1", "code_version": "0.1.0", "configuration_hash": "c" * 64,
            "asked_at": "2026-11-23T09:00:00Z", "answered_at": "2026-11-23T09:00:01Z",
            "stages": [{"name": "receive", "milliseconds": 0.5, "said": "ok"}],
        },
        "people": {
            "person": "p1", "role": "colleague", "authorisation": "The notice was acknowledged.",
            "citizen": "", "consents": [{"purpose": "answer", "allowed": True, "reason": "Acknowledged.", "record_id": "c1",
                          "notice_version": "v1", "use": "ask", "whose": "colleague"}],
        },
        "input": {
            "question": "Can <PERSON_1> get it?", "nation": "northern_ireland", "on": "2026-11-05",
            "redactions": [{"type": "PERSON", "recogniser": "names", "score": 0.9},
                           {"type": "UK_NINO", "recogniser": "nino", "score": 1.0}],
            "policy_version": "1", "policy_hash": "d" * 64,
        },
        "retrieval": {
            "query": "can they get it", "expansions": ["UC: Universal Credit", "How long: how long"], "snapshot_id": "s1", "root_hash": "e" * 64,
            "embedder": {"name": "minilm", "version": "1", "weights_sha256": "f" * 64, "precision": "int8"},
            "filters": {"nation": "northern_ireland"},
            "candidates": [
                {"passage_id": f"p{n}", "version_id": "v1", "uri": "u", "title": "T", "section": f"S{n}", "rank": n,
                 "dense": 0.5, "lexical": None, "proximity": None, "score": 0.5, "used": n == 1, "reason": f"because {n}"}
                for n in (1, 2, 3)
            ],
        },
        "prompt": {"template_id": "compose", "version": "v1", "sha256": "1" * 64, "rendered_sha256": "2" * 64},
        "model": {"kind": "chat", "provider": "this machine", "region": "", "requested": "m", "responding": "m-1",
                  "weights_sha256": "3" * 64, "parameters": {"temperature": 0.0, "seed": 7}, "finish_reason": "stop",
                  "raw_output_sha256": "4" * 64},
        "checks": [{"sentence": 0, "name": "verbatim", "passed": True, "evidence": "at 0", "version": "1"},
                   {"sentence": 1, "name": "verbatim", "passed": False, "evidence": "not there", "version": "1"}],
        "dropped": [{"text": "They can.", "check": "verbatim", "reason": "The quote is not in the passage."}],
        "decision": {"outcome": "answered", "reason": "One sentence passed.", "signals": {"best": 0.5}},
        "answer": {"id": "a1", "sentences": [{"text": "You can.", "citations": [{"passage_id": "p1", "quote": "You can.", "start": 0, "end": 8}]}]},
        "human": {"shown": True, "actions": [], "feedback": [], "ruling": None, "events": []},
        "replay": {"redaction": "identical", "retrieval": "identical", "composition": "recorded only", "note": ""},
        "held": [],
        "sealed": None,
    }  # fmt: skip


@pytest.fixture
def record() -> ex.Explanation:
    return ex.Explanation.from_body(body())


def test_a_record_survives_the_ledger(ledger: Ledger, record: ex.Explanation) -> None:
    entry = ledger.append("answer", record.to_body(), actor="p1", subject="a1")
    assert ex.Explanation.from_body(ledger.entry(entry.index).body) == record
    assert json.loads(json.dumps(record.to_body())) == record.to_body() == body()


def test_what_is_no_record_is_refused() -> None:
    for wrong in (
        {},
        {**body(), "more": 1},
        {**body(), "identity": {}},
        {**body(), "model": {"kind": "oracle"}},
    ):
        with pytest.raises(ValidationError):
            ex.Explanation.from_body(wrong)


def test_a_record_is_frozen(record: ex.Explanation) -> None:
    with pytest.raises(ValidationError):
        record.form = 2


def test_a_whole_record_lacks_nothing(record: ex.Explanation) -> None:
    assert missing_fields(record) == []


EMPTIED = [
    ("identity", "answer_id", ""), ("identity", "code_version", ""), ("identity", "configuration_hash", ""),
    ("identity", "stages", []), ("people", "person", ""), ("people", "authorisation", ""), ("people", "consents", []),
    ("input", "policy_version", ""), ("input", "policy_hash", ""), ("decision", "reason", ""), ("retrieval", "query", ""),
    ("retrieval", "snapshot_id", ""), ("retrieval", "root_hash", ""), ("retrieval", "embedder", None),
    ("retrieval", "filters", {}), ("model", "requested", ""), ("model", "responding", ""), ("model", "finish_reason", ""),
    ("model", "raw_output_sha256", ""), ("model", "provider", ""), ("decision", "outcome", ""),
]  # fmt: skip


@pytest.mark.parametrize(("part", "name", "empty"), EMPTIED)
def test_each_missing_field_is_named(part: str, name: str, empty: Any) -> None:
    spoiled = body()
    spoiled[part][name] = empty
    assert missing_fields(ex.Explanation.from_body(spoiled)) == [f"{part}.{name}"]


@pytest.mark.parametrize(("part", "empty"), [("answer", {}), ("prompt", None), ("checks", [])])
def test_each_missing_part_is_named(part: str, empty: Any) -> None:
    assert missing_fields(ex.Explanation.from_body({**body(), part: empty})) == [part]


def test_a_candidate_without_its_reason_is_named() -> None:
    spoiled = body()
    spoiled["retrieval"]["candidates"][1]["reason"] = ""
    assert missing_fields(ex.Explanation.from_body(spoiled)) == ["retrieval.candidates[2].reason"]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda b: b["answer"]["sentences"][0].update(citations=[]), "answer.sentences[0].citations"),
        (
            lambda b: b["answer"]["sentences"][0]["citations"][0].update(end=0),
            "answer.sentences[0].citations",
        ),
        (lambda b: b["answer"]["sentences"][0]["citations"][0].pop("quote"), "answer.sentences[0].citations"),
        (lambda b: b["checks"][0].update(evidence=""), "checks[0]"),
        (lambda b: b["dropped"][0].update(reason=""), "dropped[0].reason"),
        (lambda b: b["input"]["redactions"][1].update(recogniser=""), "input.redactions[1]"),
    ],
)
def test_what_a_sentence_a_check_or_a_redaction_does_not_say_is_named(spoil: Any, named: str) -> None:
    spoiled = body()
    spoil(spoiled)
    assert missing_fields(ex.Explanation.from_body(spoiled)) == [named]


def test_a_question_that_a_rule_stopped_needs_no_search() -> None:
    stopped = {**body(), "model": {"kind": "none"}, "retrieval": {}, "prompt": None, "checks": [], "dropped": [],
               "answer": {"id": "a1", "sentences": []}}  # fmt: skip
    record = ex.Explanation.from_body(stopped)
    assert missing_fields(record) == []
    assert one_line(record) == "One sentence passed."
    assert "A rule gave this answer, and no sentence was chosen." in paragraphs(record, "Responsibility")
    assert paragraphs(record, "Safety") == ["Nothing was released that needed checking."]


def paragraphs(record: ex.Explanation, heading: str) -> list[str]:
    return next(said for title, said in plain(record) if title.startswith(heading))


def test_in_one_line(record: ex.Explanation) -> None:
    assert one_line(record) == (
        "1 sentence chosen by the chat model m-1 from 1 passage, out of 3 considered; each passed every check; 1 sentence held back."
    )


def test_in_one_line_of_rules(record: ex.Explanation) -> None:
    signals = {**record.decision.signals, "chat model": "The chat model answered with nothing."}
    rules = record.model_copy(
        update={
            "model": ex.Model(kind="extractive"),
            "decision": record.decision.model_copy(update={"signals": signals}),
        }
    )
    assert one_line(rules) == (
        "1 sentence quoted word for word from 1 passage, out of 3 considered; each passed every check; 1 sentence held "
        "back. Rules chose because: The chat model answered with nothing."
    )


def test_the_page_has_the_six_kinds_of_explanation(record: ex.Explanation) -> None:
    titles = [title.split(":")[0] for title, _ in plain(record)]
    assert titles == ["Rationale", "Responsibility", "Data", "Fairness", "Safety and performance", "Impact"]
    assert all(said and all(said) for _, said in plain(record))


def test_the_page_says_what_the_record_holds(record: ex.Explanation) -> None:
    rationale = paragraphs(record, "Rationale")
    assert "Used: S1. because 1" in rationale
    assert any("2 passages" in said for said in rationale)
    assert any("m-1" in said for said in paragraphs(record, "Responsibility"))
    data = paragraphs(record, "Data")
    assert "Personal data was taken out before anything else was done: person, uk nino." in data
    assert any("Northern Ireland on 5 November 2026" in said for said in data)
    assert any("snapshot s1" in said for said in data)
    assert "Agreement for answer: yes. Acknowledged." in data
    assert any("may differ" in said for said in paragraphs(record, "Fairness"))
    safety = paragraphs(record, "Safety")
    assert safety[:2] == ["1 of 2 checks passed.", "verbatim: 1 of 2."]
    assert any("They can." in said and "not in the passage" in said for said in safety)
    assert "Words also looked for: UC: Universal Credit." in rationale


def test_the_page_of_another_record_says_otherwise() -> None:
    another = body()
    another["input"].update(redactions=[], nation=None)
    another["replay"]["composition"] = "identical"
    another["model"] = {"kind": "none"}
    record = ex.Explanation.from_body(another)
    assert "No personal data was found in the question." in paragraphs(record, "Data")
    assert any("no one nation" in said for said in paragraphs(record, "Data"))
    assert any("come out the same" in said for said in paragraphs(record, "Fairness"))
    assert any("carried a sentence" in said for said in paragraphs(record, "Responsibility"))
