"""Somebody with many past answers waits no longer for a page than somebody with few: what is asked of the database tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from assistant.answers import Outcome, Person
from assistant.history import PAGE
from assistant.record import read
from assistant.web.pages import audit
from assistant.web.pages.listing import PER_PAGE
from assistant.web.tasks import gaps
from governance.ledger.find import role_of
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


def test_a_list_of_entries_reads_the_bytes_of_those_it_shows(
    new_browser: Callable[..., Browser], assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3 * PER_PAGE):
        assistant.ask(f"What is paid, {number}?")
    looked: list[int] = []
    monkeypatch.setattr(audit, "role_of", lambda entry: str(looked.append(entry.index) or role_of(entry)))
    officer = new_browser().sign_in("Jo", "officer").read_for()
    for address in ("/audit", "/audit?type=answer&page=2", "/audit?sort=time"):
        looked.clear()
        assert officer.get(address).status_code == 200
        assert 0 < len(looked) <= PER_PAGE, address


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
