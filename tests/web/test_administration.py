"""An administrator stops answers and lets them go on; nobody else can, and the colleague sees why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answers import Outcome
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"


@pytest.fixture
def administrator(new_browser: Callable[..., Browser]) -> Browser:
    return new_browser().sign_in("Ada", "administrator").acknowledge()


def test_the_switch_is_thrown_and_put_back(administrator: Browser, assistant: FakeAssistant) -> None:
    assert "Answers are given" in administrator.get("/administration").text
    page = administrator.fill(
        "/administration/switch", page="/administration", search_only="true", reason="Wrong rates"
    )
    assert "Stopped: search only" in page.text
    assert "Wrong rates" in page.text
    assert assistant.switch.state().search_only
    page = administrator.fill(
        "/administration/switch", page="/administration", search_only="false", reason="Mended"
    )
    assert "Answers are given" in page.text


def test_a_reason_is_needed(administrator: Browser, assistant: FakeAssistant) -> None:
    page = administrator.fill(
        "/administration/switch", page="/administration", search_only="true", reason=" "
    )
    assert page.status_code == 422
    assert 'href="#reason"' in page.text
    assert not assistant.switch.state().search_only


def test_a_colleague_may_not(colleague: Browser, assistant: FakeAssistant) -> None:
    assert colleague.get("/administration").status_code == 403
    page = colleague.fill("/administration/switch", page="/", search_only="true", reason="x")
    assert page.status_code == 403
    assert not assistant.switch.state().search_only


def test_what_was_found_is_shown_where_nothing_is_composed(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    assistant.planned.append(Outcome.SEARCH_ONLY)
    page = colleague.ask(QUESTION).text
    assert "Search results only" in page
    assert "within one month" in page
    assert "What the guidance says" not in page
