"""A table does everything by addresses: it sorts, filters, turns pages, exports, and passes over what it does not know."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import Response

from assistant.answers import Outcome
from assistant.web.pages.listing import PER_PAGE, Column, Listing, listing
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

ROWS = [("b", 2, dt.date(2026, 5, 1)), ("a", 10, None), ("C", -1, dt.date(2025, 5, 1))]
COLUMNS: tuple[Column[tuple[str, int, dt.date | None]], ...] = (
    Column("name", "Name", lambda row: row[0], lambda row: f"/{row[0]}"),
    Column("size", "Size", lambda row: row[1]),
    Column("day", "Day", lambda row: row[2]),
)


def asked(query: str = "", rows: list[tuple[str, int, dt.date | None]] = ROWS) -> Listing:
    request = Request(
        {"type": "http", "method": "GET", "path": "/t", "query_string": query.encode(), "headers": []}
    )
    made = listing(request, "Things", COLUMNS, rows, sort="name")
    assert isinstance(made, Listing)
    return made


def first(made: Listing) -> list[str]:
    return [row[0].text for row in made.rows]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "abC"), ("order=down", "Cba"), ("sort=size", "Cba"), ("sort=size&order=down", "abC"),
        ("sort=day", "Cba"), ("sort=nothing&order=sideways&page=x", "abC"), ("q=2026", "b"), ("q=may+c", "C"),
        ("page=99", "abC"),
    ],
)  # fmt: skip
def test_rows_come_as_the_address_asks(query: str, names: str) -> None:
    assert first(asked(query)) == list(names)


def test_a_heading_says_how_rows_are_sorted_and_turns_them_round() -> None:
    made = asked("q=a&sort=size")
    assert [heading.sorted for heading in made.headings] == ["none", "ascending", "none"]
    assert made.headings[1].address == "/t?q=a&sort=size&order=down"
    assert made.headings[0].address == "/t?q=a&sort=name&order=up"
    assert asked("sort=size&order=down").headings[1].address.endswith("order=up")
    assert made.kept == (("sort", "size"),)


def test_pages_hold_every_row_once() -> None:
    rows = [(f"{n:03}", n, None) for n in range(PER_PAGE * 2 + 1)]
    pages = [asked(f"page={n}", rows) for n in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [PER_PAGE, PER_PAGE, 1]
    assert [name for page in pages for name in first(page)] == [row[0] for row in rows]
    assert pages[0].pages[2] == (3, "/t?page=3")


def test_an_export_holds_every_row_and_no_formula() -> None:
    request = Request(
        {"type": "http", "method": "GET", "path": "/t", "query_string": b"format=csv", "headers": []}
    )
    rows = [("=1+1", 1, None), ("plain", -5, dt.date(2026, 5, 1))]
    made = listing(request, "Things", COLUMNS, rows, sort="name")
    assert isinstance(made, Response)
    read = list(csv.reader(io.StringIO(bytes(made.body).decode())))
    assert read == [["Name", "Size", "Day"], ["'=1+1", "1", ""], ["plain", "-5", "2026-05-01"]]


@pytest.fixture
def expert(new_browser: Callable[..., Browser]) -> Browser:
    return new_browser().sign_in("Sam", "expert").acknowledge()


def test_the_documents_are_listed_sorted_and_exported(colleague: Browser) -> None:
    page = html.unescape(colleague.get("/guidance").text)
    assert page.index("Universal Credit Scottish choices") < page.index("Universal Credit: asking")
    assert "Universal Credit Scottish" not in colleague.get("/guidance?q=reconsideration").text
    assert "No row holds these words" in colleague.get("/guidance?q=zebra").text
    export = colleague.get("/guidance?format=csv&q=reconsideration")
    assert export.headers["content-type"].startswith("text/csv")
    assert export.text.count("\r\n") == 2


def test_what_was_asked_and_not_found_is_gathered_for_experts(
    colleague: Browser, expert: Browser, assistant: FakeAssistant
) -> None:
    for question in ("Can my dog come?", "can my dog come", "What of cats?"):
        assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
        colleague.ask(question)
    assert colleague.get("/guidance/gaps").status_code == 403
    assert "Gaps" not in colleague.get("/guidance").text
    page = expert.get("/guidance/gaps").text
    assert re.search(
        r"can my dog come</td>\s*<td[^>]*>the question</td>\s*<td[^>]*>All nations</td>\s*<td[^>]*>2<", page
    )
    assert page.index("can my dog come") < page.index("What of cats?")
    assert assistant.ledger.entries(type="ledger.read", limit=10)


def test_what_came_in_and_what_is_due(expert: Browser, assistant: FakeAssistant) -> None:
    assert "Nothing has been taken in yet" in expert.get("/guidance/changes").text
    body = {"source": "sample", "added": 3, "changed": 0, "removed": 1, "failed": 0, "passages": 9}
    assistant.ledger.append("ingestion.finished", body, actor="operator")
    assert re.search(r"sample</td>\s*<td[^>]*>3<", expert.get("/guidance/changes").text)
    assert expert.get("/guidance/due").status_code == 200
