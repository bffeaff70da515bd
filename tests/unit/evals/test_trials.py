"""Trials: said beforehand, drawn once, read when planned, and stopped by their bound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.trials import Trial, Trials
from governance.errors import AlreadyExists, EntryUnknown, NotPermitted, OptionInvalid
from governance.ledger import Ledger, Signer
from governance.store import Store


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    yield Ledger(store, signer=Signer.at(tmp_path / "k.pem"))
    store.close()


def answered(ledger: Ledger, person: str, outcome: str) -> None:
    size = ledger.size()
    ledger.append("answer", {"decision": {"outcome": outcome}}, actor=person, subject=f"a{size}")


TRIAL = Trial("warmth", "answered", people=12, looks=2, seed=3)


def test_what_is_tried_is_said_once_and_beforehand(ledger: Ledger) -> None:
    trials = Trials(ledger)
    with pytest.raises(EntryUnknown):
        trials.arm("warmth", "p0", by="me")
    trials.register(TRIAL, by="me")
    assert trials.one("warmth") == TRIAL and TRIAL.bound == 2.178
    with pytest.raises(AlreadyExists):
        trials.register(TRIAL, by="me")
    with pytest.raises(OptionInvalid):
        trials.register(Trial("few", "answered", people=4, looks=2, seed=1), by="me")


def test_an_arm_is_drawn_once_in_equal_numbers_and_closes(ledger: Ledger) -> None:
    trials = Trials(ledger)
    trials.register(TRIAL, by="me")
    arms = {f"p{n}": trials.arm("warmth", f"p{n}", by="me") for n in range(12)}
    assert sorted(arms.values()) == ["changed"] * 6 + ["control"] * 6
    assert trials.arm("warmth", "p3", by="me") == arms["p3"] and trials.arms("warmth") == arms
    with pytest.raises(NotPermitted, match="12 people"):
        trials.arm("warmth", "p12", by="me")


def test_it_is_read_at_its_looks_and_stops_at_its_bound(ledger: Ledger) -> None:
    trials = Trials(ledger)
    trials.register(TRIAL, by="me")
    answered(ledger, "p0", "failed")  # before it took part: not counted
    arms = {f"p{n}": trials.arm("warmth", f"p{n}", by="me") for n in range(12)}
    with pytest.raises(NotPermitted, match="6 people"):
        trials.look("warmth", by="me")
    for n, (person, arm) in enumerate(arms.items()):
        for turn in range(4):
            answered(ledger, person, "answered" if arm == "changed" or turn == n % 4 else "not_in_guidance")
    found = trials.look("warmth", by="me")
    assert (
        found.number == 1 and found.difference == pytest.approx(0.75) and found.stop and found.z > found.bound
    )
    with pytest.raises(NotPermitted, match="has stopped"):
        trials.look("warmth", by="me")


def test_chance_does_not_stop_it_before_its_last_look(ledger: Ledger) -> None:
    trials = Trials(ledger)
    trials.register(TRIAL, by="me")
    arms = [trials.arm("warmth", f"p{n}", by="me") for n in range(12)]
    seen = {"control": 0, "changed": 0}
    for n, arm in enumerate(arms):
        answered(ledger, f"p{n}", "answered" if seen[arm] % 2 else "not_in_guidance")
        seen[arm] += 1
    assert [trials.look("warmth", by="me").stop for _ in range(2)] == [False, True]
