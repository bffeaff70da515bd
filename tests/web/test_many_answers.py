"""Somebody with many past answers waits no longer for a page than somebody with few: what is asked of the database tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from assistant.answers import Outcome, Person
from assistant.history import PAGE
from assistant.record import read
from assistant.web.tasks import gaps
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser


def statements(browser: Browser, assistant: FakeAssistant, address: str) -> list[tuple[str, Any]]:
    """What the database is asked while a page is drawn."""
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    engine = assistant.store._engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return said


@pytest.mark.parametrize("address", ["/", "/history"])
def test_a_page_asks_no_more_of_the_database_when_there_are_more_answers(
    colleague: Browser, assistant: FakeAssistant, address: str
) -> None:
    colleague.ask("What is paid?")
    (first,) = assistant.ledger.entries(type="answer")

    def asked(times: int) -> list[tuple[str, Any]]:
        for number in range(times):
            assistant.ask(f"What is paid, {number}?", person=Person(first.actor))
        return statements(colleague, assistant, address)

    few = asked(PAGE + 1)
    assert len(asked(3 * PAGE)) == len(few) > 3


def test_ones_own_answers_are_found_by_an_index_and_not_among_everybodys(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    colleague.ask("What is paid?")
    for address in ("/", "/history"):
        mine = [
            (statement, parameters)
            for statement, parameters in statements(colleague, assistant, address)
            if "FROM entries" in statement and "actor =" in statement
        ]
        assert mine, address
        with assistant.store.read() as connection:
            for statement, parameters in mine:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                assert "entries_by_actor" in " ".join(str(row) for row in plan), (statement, plan)


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("/audit?sort=outcome", "INTEGER PRIMARY KEY"), ("/audit?type=answer&q=colleague&page=2", "entries_by_type"),
        ("/audit?type=answer&format=csv", "entries_by_type"), ("/audit?outcome=failed", "cards_by_outcome"),
        ("/audit?role=colleague", "cards_by_role"), ("/audit?prompt=compose/v1", "PRIMARY KEY"),
    ],
)  # fmt: skip
def test_a_list_of_entries_reads_no_bytes_and_is_found_by_an_index_in_order(
    new_browser: Callable[..., Browser], assistant: FakeAssistant, address: str, index: str
) -> None:
    assistant.ask("What is paid?")
    officer = new_browser().sign_in("Jo", "officer").read_for()
    listed = [each for each in statements(officer, assistant, address) if "JOIN cards" in each[0]]
    assert listed and not any("entries.data" in statement for statement, _ in listed)
    with assistant.store.read() as connection:
        for statement, parameters in listed:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            plan = " ".join(str(row) for row in rows)
            assert index in plan and "TEMP B-TREE" not in plan and "SCAN" not in plan, plan


def test_gaps_read_what_was_not_answered_alone(
    new_browser: Callable[..., Browser], assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        assistant.ask(f"What is paid, {number}?")
    assistant.planned += [Outcome.NOT_IN_GUIDANCE, Outcome.PARTLY_ANSWERED]
    for question in ("What is nowhere?", "What is half there?"):
        assistant.ask(question)
    given: list[str] = []
    monkeypatch.setattr(gaps, "read", lambda entry: (given.append(entry.subject), read(entry))[1])
    page = new_browser().sign_in("Ex", "expert").get("/guidance/gaps").text
    assert len(given) == 2 and "What is nowhere?" in page and "What is half there?" in page
