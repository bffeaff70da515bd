"""What entries are looked for by stands on a card beside each; the bytes are believed, and never the card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from governance import tables as t
from governance.ledger import Ledger
from governance.ledger.card import LONGEST, card
from governance.ledger.find import Wanted
from governance.store import Store
from tests.unit.governance.test_tamper import rows, unguard

HOSTILE: tuple[Any, ...] = (
    "a\u0000b",
    "zoë",
    "\U0001f600",
    "x" * (LONGEST + 1),
    ["officer"],
    {"role": 1},
    7,
    "",
    None,
)


def answered(outcome: str, role: str = "colleague") -> dict[str, Any]:
    return {
        "decision": {"outcome": outcome}, "people": {"role": role}, "retrieval": {"snapshot_id": "s1"},
        "prompt": {"template_id": "compose", "version": "v1"},
    }  # fmt: skip


@pytest.fixture
def several(ledger: Ledger) -> Ledger:
    for outcome, role in (("answered", "colleague"), ("failed", "colleague"), ("answered", "expert")):
        ledger.append("answer", answered(outcome, role), actor="p1", subject=outcome)
    ledger.append("answer.read", {"role": "officer"}, actor="p2")
    ledger.append("session.ended", {}, actor="p2")
    return ledger


@pytest.mark.parametrize(
    ("wanted", "indices"),
    [
        (Wanted(), [0, 1, 2, 3, 4]), (Wanted(outcome="answered"), [0, 2]), (Wanted(outcome="answer"), []),
        (Wanted(role="colleague", newest_first=True), [1, 0]), (Wanted(role="officer"), [3]),
        (Wanted(role="officer", outcome="answered"), []), (Wanted(snapshot="s1", after=0), [1, 2]),
        (Wanted(prompt="compose", role="expert"), [2]), (Wanted(prompt="compose/v1"), [0, 1, 2]),
        (Wanted(prompt="compose/v"), []), (Wanted(prompt="comp%"), []), (Wanted(outcome="answered", type="answer.*"), []),
        (Wanted(outcome="failed", type="answer*", actor="p1", subject="failed"), [1]),
    ],
)  # fmt: skip
def test_sketches_are_those_of_the_entries_that_are_found(
    several: Ledger, wanted: Wanted, indices: list[int]
) -> None:
    assert [sketch.index for sketch in several.sketches(wanted)] == indices
    assert [entry.index for entry in several.find(wanted)] == indices


def test_a_sketch_says_what_the_entry_says(several: Ledger) -> None:
    said = [(sketch.type, sketch.role, sketch.outcome) for sketch in several.sketches(Wanted(after=1))]
    assert said == [
        ("answer", "expert", "answered"),
        ("answer.read", "officer", ""),
        ("session.ended", "", ""),
    ]


def test_a_card_is_not_believed_over_the_bytes(several: Ledger, store: Store) -> None:
    with store.write() as connection:
        unguard(connection)
        connection.execute(update(t.cards).where(t.cards.c.entry_index == 0).values(outcome="failed"))
    assert [entry.index for entry in several.find(Wanted(outcome="failed"))] == [1]
    assert [str(problem) for problem in several.verify().problems] == [
        "cards 0: column outcome is 'failed', entry 0 says 'answered'"
    ]


def test_an_entry_that_says_nothing_for_a_card_has_none(several: Ledger, store: Store) -> None:
    with store.write() as connection:
        empty = dict.fromkeys(("role", "outcome", "prompt", "prompt_version", "snapshot"), "")
        connection.execute(t.cards.insert().values(entry_index=4, **empty))
    assert [str(problem) for problem in several.verify().problems] == [
        "cards 4: entry 4 says nothing for a card"
    ]


@pytest.mark.parametrize("said", HOSTILE)
def test_whatever_stands_in_a_body_is_recorded_and_verifies(ledger: Ledger, said: Any) -> None:
    ledger.append("answer.read", {"role": said, "decision": {"outcome": said}, "prompt": said}, actor="p1")
    assert ledger.verify().ok
    if isinstance(said, str) and said:
        assert ledger.find(Wanted(role=said)) == ledger.find(Wanted(prompt=said)) == []
        assert list(ledger.sketches(Wanted(outcome=said))) == []


def test_cards_are_made_for_a_ledger_from_before_there_were_any(
    several: Ledger, store: Store, url: str
) -> None:
    for said in HOSTILE:
        several.append("answer.read", {"role": said, "retrieval": said}, actor="p1")
    for n in range(600):
        several.append("answer", answered("answered", f"r{n}"), actor="p1")
    with store.write() as connection:
        before = rows(connection, t.cards)
        connection.execute(text("DROP TABLE cards"))
        connection.execute(text("UPDATE alembic_version_governance SET version_num = '0008'"))
    again = Store.open(url)
    with again.read() as connection:
        assert rows(connection, t.cards) == before
    assert several.verify().ok
    for statement in ("UPDATE cards SET role = role", "DELETE FROM cards"):
        with pytest.raises(DatabaseError, match="append-only"), again.write() as connection:
            connection.execute(text(statement))
    again.close()


def test_an_entry_that_cannot_be_read_has_no_card_made_and_is_named(tmp_path: Path, signer: Any) -> None:
    url = f"sqlite:///{tmp_path / 'g.db'}"
    store = Store.open(url)
    ledger = Ledger(store, signer=signer)
    for _ in range(3):
        ledger.append("answer", answered("answered"), actor="p1")
    with store.write() as connection:
        unguard(connection)
        connection.execute(update(t.entries).where(t.entries.c.index == 1).values(data=b'{"body'))
        connection.execute(text("DROP TABLE cards"))
        connection.execute(text("UPDATE alembic_version_governance SET version_num = '0008'"))
    again = Store.open(url)
    with again.read() as connection:
        assert list(connection.execute(select(t.cards.c.entry_index)).scalars()) == [0, 2]
    said = {problem.where for problem in ledger.verify().problems}
    assert said == {"entries 1"}
    again.close()
    store.close()


def test_a_card_is_derived_from_the_entry_alone(several: Ledger) -> None:
    assert card(several.entry(3)) == {
        "entry_index": 3, "role": "officer", "outcome": "", "prompt": "", "prompt_version": "", "snapshot": "",
    }  # fmt: skip
    assert card(several.entry(4)) is None
