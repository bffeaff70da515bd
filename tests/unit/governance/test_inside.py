"""What stands in entries' bytes is read by the database itself, on both databases, whatever the bytes are."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from governance.ledger import Ledger, inside
from governance.store import Store

HOSTILE = 'It says "outcome":"answered" and \u0000 and \U0001f600'


@pytest.fixture
def three(ledger: Ledger) -> None:
    for outcome, said in (("answered", "x"), ("failed", HOSTILE), ("failed", "zoë")):
        ledger.append(
            "answer", {"decision": {"outcome": outcome, "reason": said}}, actor="p", subject=outcome
        )
    ledger.append("hold.placed", {"decision": []}, actor="p")


@pytest.mark.usefixtures("three")
def test_values_are_counted_where_they_lie(store: Store) -> None:
    outcome = inside.value(store.dialect, "body", "decision", "outcome")
    with store.read() as connection:
        counted = connection.execute(select(outcome.label("said"), func.count()).group_by("said")).all()
    assert sorted((tuple(row) for row in counted), key=str) == [("answered", 1), ("failed", 2), (None, 1)]
