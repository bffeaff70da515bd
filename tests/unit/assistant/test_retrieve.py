"""Two searches fused; what may not be used is not, even where the index forgets to filter."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.glossary import glossary
from assistant.retrieve import Retriever, by_authority, fuse, standardise
from ingest.documents import Kind, Nation
from tests.fakes import DictSnapshot, WordEmbedder, guidance

ON = dt.date(2026, 11, 2)
ADVANCE = "A new claim advance is repaid over up to 24 months."


def snapshot(*, leaky: bool = False) -> DictSnapshot:
    return (
        DictSnapshot(leaky=leaky)
        .add(guidance("a:advance", {"Repayment": ADVANCE, "Asking": "Ask for an advance in the journal."}))
        .add(guidance("a:copy", {"Repayment": ADVANCE}))
        .add(guidance("a:old", {"Repayment": "An advance is repaid over up to 12 months."}, valid_to=dt.date(2026, 4, 5)))
        .add(guidance("a:scot", {"Repayment": "An advance in Scotland is repaid twice monthly."}, nations=(Nation.SCOTLAND,)))
    )  # fmt: skip


def retriever() -> Retriever:
    return Retriever(WordEmbedder(), glossary())  # type: ignore[arg-type]


@pytest.mark.parametrize("leaky", [False, True])
def test_only_what_applies_there_and_then_is_used(leaky: bool) -> None:
    found = retriever().search(
        snapshot(leaky=leaky), "How is an advance repaid?", nation=Nation.ENGLAND, on=ON  # type: ignore[arg-type]
    )  # fmt: skip
    used = {hit.document.uri for hit in found.used}
    assert used == {"a:advance"} or used == {"a:copy", "a:advance"}
    assert {h.text for h in found.used} == {ADVANCE, "Ask for an advance in the journal."}
    reasons = {c.hit.document.uri: c.reason for c in found.candidates if not c.used}
    if leaky:
        assert reasons["a:old"] == "not in force on 2026-11-02"
        assert reasons["a:scot"] == "does not apply in England"
    assert any(r.startswith("says the same as p") for r in reasons.values())


def test_every_candidate_keeps_its_scores_and_its_fate() -> None:
    found = retriever().search(snapshot(), "How is an advance repaid?", nation=None, on=ON, use=1)  # type: ignore[arg-type]
    assert [c.rank for c in found.candidates] == list(range(1, len(found.candidates) + 1))
    assert all(c.reason for c in found.candidates)
    assert len(found.used) == 1 and found.used[0].dense is not None and found.used[0].lexical is not None
    assert "below the best 1" in {c.reason for c in found.candidates}
    assert sorted((c.hit.score for c in found.candidates), reverse=True) == [
        c.hit.score for c in found.candidates
    ]


def test_the_expansion_is_searched_and_kept() -> None:
    found = retriever().search(snapshot(), "sick note", nation=None, on=ON)  # type: ignore[arg-type]
    assert found.query == "sick note (fit note)" and found.expansions[0].meant == "fit note"


def test_z_scores() -> None:
    assert standardise({}) == {}
    assert standardise({"a": 3.0, "b": 3.0}) == {"a": 0.0, "b": 0.0}
    made = standardise({"a": 1.0, "b": 3.0})
    assert made == pytest.approx({"a": -1.0, "b": 1.0})


def test_fusing_weighs_the_lexical_list_and_breaks_ties_by_id() -> None:
    dense, lexical = {"a": 0.9, "b": 0.8, "c": 0.1}, {"c": 9.0, "b": 8.0, "a": 1.0}
    assert next(iter(fuse(dense, lexical, weight=0.0))) == "a"
    assert next(iter(fuse(dense, lexical, weight=1.0))) == "b"
    assert list(fuse({"b": 1.0, "a": 1.0}, {})) == ["a", "b"]
    assert fuse({}, {}) == {}


def test_policy_stands_above_a_note_that_says_the_same_and_the_record_says_why() -> None:
    held = (
        snapshot()
        .add(guidance("a:note", {"Repayment": f"{ADVANCE} Ask today."}, title="Advances", kind=Kind.NOTE))
        .add(guidance("a:policy", {"Repayment": f"{ADVANCE} Ask always."}, title="Advances"))
    )
    found = retriever().search(held, "How is an advance repaid?", nation=None, on=ON)  # type: ignore[arg-type]
    policy, note = (c for c in found.candidates if c.hit.document.uri in ("a:policy", "a:note"))
    assert (policy.hit.document.uri, note.hit.document.uri) == ("a:policy", "a:note")
    assert note.reason.endswith("a note and not policy, so 0.3 was taken off its score")
    assert policy.hit.score - note.hit.score == pytest.approx(0.3, abs=0.2) and "note" not in policy.reason


def test_a_note_that_alone_speaks_of_the_matter_is_still_first() -> None:
    note, (passage,) = guidance("a:note", {"Repayment": ADVANCE}, kind=Kind.NOTE)
    weighed = by_authority({"n": 1.0, "p": 0.6}, {"n": (passage, note)})
    assert list(weighed) == ["n", "p"] and weighed["n"] == pytest.approx(0.7)
