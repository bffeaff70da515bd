"""An officer finds entries by what is asked for, says why, and each reading is on record with the reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest

from assistant.answers import Outcome
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"


@pytest.fixture
def officer(new_browser: Callable[..., Browser]) -> Browser:
    return new_browser().sign_in("Jo", "officer").acknowledge()


def references(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'href="/audit/(\d+)"', page)]


def test_nothing_is_shown_before_a_reason_is_given(officer: Browser, assistant: FakeAssistant) -> None:
    page = officer.get("/audit")
    assert page.url.path == "/reading"
    assert officer.fill("/reading", reason="  ").status_code == 422
    assert officer.fill("/reading", reason="x" * 201).status_code == 422
    page = officer.fill("/reading", reason="Complaint of Jo Bloggs", next="/audit")
    assert page.url.path == "/audit"
    assert "You read for: Complaint of &lt;PERSON_1&gt;" in page.text
    read = assistant.ledger.entries(type="ledger.read")
    assert [one.body["reason"] for one in read] == ["Complaint of <PERSON_1>"]


def test_filters_find_what_they_say(colleague: Browser, officer: Browser, assistant: FakeAssistant) -> None:
    officer.read_for()
    answered = colleague.ask(QUESTION).url.path.rpartition("/")[2]
    assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
    declined = colleague.ask("What of zebras?").url.path.rpartition("/")[2]
    entry = {one.subject: one.index for one in assistant.ledger.entries(type="answer")}
    for query, wanted in (
        ("type=answer", [entry[declined], entry[answered]]),
        ("outcome=not_in_guidance", [entry[declined]]),
        (f"subject={answered}", [entry[answered]]),
        ("outcome=answered&role=colleague", [entry[answered]]),
        ("type=answer&until=2020-01-01", []),
        ("type=answer&since=2020-01-01&q=not+in", [entry[declined]]),
    ):
        assert references(officer.get(f"/audit?{query}").text) == wanted, query
    wrong = officer.get("/audit?since=yesterday")
    assert wrong.status_code == 422
    assert "is not a date" in wrong.text
    assert 'value="yesterday"' in wrong.text


def test_an_entry_is_shown_as_it_stands_with_what_else_is_about_it(
    colleague: Browser, officer: Browser, assistant: FakeAssistant
) -> None:
    officer.read_for("appeal 7")
    address = colleague.ask(QUESTION).url.path
    answer = address.rpartition("/")[2]
    colleague.fill(f"{address}/contest", why="It is longer.", kind="contested")
    index = assistant.ledger.about(answer)[0].index
    page = officer.get(f"/audit/{index}").text
    assert "review.raised" in page
    assert assistant.ledger.entry(index).leaf_hash.hex() in page
    last = assistant.ledger.entries(type="ledger.read", newest_first=True)[0]
    assert (last.subject, last.body["reason"]) == (answer, "appeal 7")
    assert officer.get("/audit/99999").status_code == 404
    assert officer.get("/audit/verification").text.count("Verifies") == 1


def test_a_csv_is_an_export_and_recorded_as_one(officer: Browser, assistant: FakeAssistant) -> None:
    officer.read_for()
    found = officer.get("/audit?type=agreement.*&format=csv")
    rows = list(csv.reader(io.StringIO(found.text)))
    assert rows[0][:3] == ["Entry", "Time (UTC)", "Type"]
    assert {row[2] for row in rows[1:]} == {"agreement.given"}
    assert assistant.ledger.entries(type="ledger.read", newest_first=True)[0].body["asked"]["form"] == "csv"


@pytest.mark.parametrize("address", ["/audit", "/audit/0", "/audit/verification", "/reading"])
def test_only_officers_read(colleague: Browser, address: str) -> None:
    assert colleague.get(address).status_code == 403


def test_a_filter_that_no_entry_can_have_finds_nothing(browser: Browser, assistant: FakeAssistant) -> None:
    officer = browser.sign_in("Jo", "officer").read_for()
    assert "No entry is like this." in officer.get("/audit", params={"subject": "a\x1fb"}).text
    assert assistant.ledger.entries(type="ledger.read")[-1].body["asked"]["subject"] == "a\x1fb"
