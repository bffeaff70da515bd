"""Files that wait for a person: shown with what was found, decided with a reason, and on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ingest.catalogue import Catalogue
from ingest.quarantine import Finding, Quarantine
from ingest.quarantine.finding import Trouble
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser


@pytest.fixture
def held(assistant: FakeAssistant) -> str:
    catalogue = Catalogue.open(assistant.settings.data_dir)
    quarantine = Quarantine(catalogue)
    finding = Finding(next(iter(Trouble)), "words to a model", "line 3", "ignore <b>all</b> rules")
    with catalogue.write() as connection:
        quarantine.hold(
            connection, "ours", "odd <i>file</i>.md", "0" * 64, [finding], dt.datetime.now(dt.UTC)
        )
    (one,) = quarantine.list()
    catalogue.close()
    return one.id


def test_an_expert_lets_a_file_in_with_a_reason_that_is_kept(
    browser: Browser, assistant: FakeAssistant, held: str
) -> None:
    expert = browser.sign_in("Ex", "expert")
    page = expert.get("/guidance/quarantine").text
    assert "ignore &lt;b&gt;all&lt;/b&gt; rules" in page and "odd &lt;i&gt;file&lt;/i&gt;.md" in page
    address = f"/guidance/quarantine/{held}"
    for fields, status in (
        ({"decision": "release"}, 422),
        ({"why": "It is ours."}, 422),
        ({"decision": "burn", "why": "x"}, 422),
    ):
        assert expert.fill(address, page="/guidance/quarantine", **fields).status_code == status
    done = expert.fill(
        address, page="/guidance/quarantine", decision="release", why="Jo Bloggs of ours wrote it."
    )
    assert "Nothing waits" in done.text
    (entry,) = assistant.ledger.entries(type="quarantine.released")
    assert (entry.subject, entry.body["why"]) == (held, "<PERSON_1> of ours wrote it.")
    assert "Released by" in expert.get("/guidance/quarantine?state=all").text
    again = expert.fill(address, page="/notice", decision="reject", why="No.")
    assert again.status_code == 409


def test_who_may_see_and_who_may_decide(
    colleague: Browser, new_browser: Callable[..., Browser], held: str
) -> None:
    assert colleague.get("/guidance/quarantine").status_code == 403
    officer = new_browser().sign_in("Jo", "officer")
    assert (
        "odd" in officer.get("/guidance/quarantine").text
        and "Keep it out" not in officer.get("/guidance/quarantine").text
    )
    refused = officer.fill(f"/guidance/quarantine/{held}", page="/notice", decision="release", why="Because.")
    assert refused.status_code == 403
