"""What a ledger that verifies can still have wrong round it is found and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, text

from governance import tables as t
from governance.fsck import check
from governance.ledger import Ledger
from governance.store import Store
from tests.unit.governance.test_explanation import body as complete_body
from tests.unit.governance.test_tamper import unguard


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def said(store: Store, ledger: Ledger, keys: Path, *notes: str) -> list[str]:
    return [str(problem) for problem in check(store, ledger, keys=keys, witnessed=notes).problems]


def test_a_clean_ledger_is_clean(store: Store, ledger: Ledger, keys: Path) -> None:
    ledger.append("session.began", {"role": "colleague"}, actor="p1", subject="p1")
    found = check(store, ledger, keys=keys)
    assert found.ok, found
    assert any("witnessed" in remark for remark in found.remarks)


def test_a_guard_that_was_taken_off_is_named(store: Store, ledger: Ledger, keys: Path) -> None:
    with store.write() as connection:
        unguard(connection)
    problems = said(store, ledger, keys)
    assert all(
        any(problem.startswith(f"{table}: its guard") for problem in problems) for table in t.APPEND_ONLY
    )


def test_a_key_that_others_may_read_is_named(store: Store, ledger: Ledger, keys: Path) -> None:
    (keys / "ledger.pem").chmod(0o644)
    assert said(store, ledger, keys) == ["keys/ledger.pem: others than its owner may read it"]


def test_an_unknown_kind_and_an_answer_that_says_too_little_are_named(
    store: Store, ledger: Ledger, keys: Path
) -> None:
    ledger.append("something.else", {}, actor="p")
    ledger.append("answer", {"n": 1}, actor="p")
    body = complete_body()
    body["people"]["authorisation"] = ""
    ledger.append("answer", body, actor="p")
    first, second, third = said(store, ledger, keys)
    assert "no kind of entry" in first and "cannot be read" in second and "people.authorisation" in third


def test_a_rolled_back_a_forked_and_a_strange_ledger_are_told_from_a_witnessed_one(
    store: Store, ledger: Ledger, keys: Path, tmp_path: Path
) -> None:
    for n in range(4):
        ledger.append("session.began", {"n": n}, actor="p")
    note = ledger.checkpoint()
    assert said(store, ledger, keys, note) == []
    assert "not this ledger's" in said(store, ledger, keys, note.replace("4\n", "3\n", 1))[0]
    assert "not this ledger's" in said(store, ledger, keys, "nonsense")[0]
    with store.write() as connection:
        unguard(connection)
        connection.execute(delete(t.entries).where(t.entries.c.index >= 2))
        connection.execute(delete(t.nodes).where(t.nodes.c.level > 1))
        connection.execute(text("DELETE FROM nodes WHERE position > 0"))
        connection.execute(delete(t.checkpoints))
    assert ledger.verify().ok  # from inside nothing is to be seen
    assert any("rolled back" in problem for problem in said(store, ledger, keys, note))
    for n in range(4):
        ledger.append("session.began", {"n": n, "other": True}, actor="p")
    assert ledger.verify().ok
    assert any("no longer begins" in problem for problem in said(store, ledger, keys, note))
