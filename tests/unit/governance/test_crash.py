"""Stopped at any statement, a change is there whole or not at all, and the ledger verifies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from governance.consent import Consents, Purpose
from governance.ledger import Ledger, Signer
from governance.ledger.note import CHECKPOINT_EVERY
from governance.store import Store


class Killed(Exception):
    """What ends the work in the middle."""


@contextmanager
def killed_at(statement: int, *, after: bool) -> Iterator[list[str]]:
    """Raise at a statement, counted from 0, before or after the database has carried it out."""
    said: list[str] = []

    def strike(*args: Any) -> None:
        said.append(args[2])
        if len(said) == statement + 1:
            raise Killed(args[2])

    name = "after_cursor_execute" if after else "before_cursor_execute"
    event.listen(Engine, name, strike)
    try:
        yield said
    finally:
        event.remove(Engine, name, strike)


def at_every_statement(work: Callable[[], Any], check: Callable[[], None], *, after: bool) -> int:
    """Do the work killed at its first, second, … statement, checking each time, until it ends unharmed."""
    for statement in range(100):
        try:
            with killed_at(statement, after=after):
                work()
        except Killed:
            check()
        else:
            return statement
    raise AssertionError("the work has no end")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("size", [0, 3, 6, CHECKPOINT_EVERY - 1])
def test_killed_while_appending(ledger: Ledger, store: Store, size: int, after: bool) -> None:
    with store.write() as connection:
        for n in range(size):
            ledger.append("answer", {"n": n}, actor="p", connection=connection)

    def check() -> None:
        assert ledger.size() == size
        verified = ledger.verify()
        assert verified.ok, verified.problems

    statements = at_every_statement(
        lambda: ledger.append("answer", {"n": size}, actor="p"), check, after=after
    )
    assert statements >= 3
    assert ledger.size() == size + 1
    assert ledger.verify().ok


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_acknowledging(ledger: Ledger, consents: Consents, after: bool) -> None:
    def check() -> None:
        assert ledger.size() == 0
        assert not consents.decide(Purpose.ANSWER, "p1").allowed
        assert ledger.verify().ok

    at_every_statement(lambda: consents.acknowledge("p1", actor="p1", channel="page"), check, after=after)
    assert consents.decide(Purpose.ANSWER, "p1").allowed
    assert ledger.verify().ok


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_signing(ledger: Ledger, after: bool) -> None:
    ledger.append("answer", {}, actor="p")

    def check() -> None:
        assert ledger.verify().ok

    at_every_statement(ledger.checkpoint, check, after=after)
    assert ledger.verify().ok


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_the_database_is_made(url: str, signer: Signer, after: bool) -> None:
    statements = at_every_statement(lambda: Store.open(url).close(), lambda: None, after=after)
    assert statements >= 10
    store = Store.open(url)
    ledger = Ledger(store, signer=signer)
    ledger.append("answer", {}, actor="p")
    assert ledger.verify().ok
    store.close()
