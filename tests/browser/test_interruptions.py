"""What comes between a question and its answer: an ended session, a hidden tab, a role taken away, too many questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.faults import check
from tests.browser.test_journey import QUESTION, ask, ready, watched
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

HIDE = """hidden => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
document.dispatchEvent(new Event('visibilitychange')); }"""


def test_a_session_that_ended_keeps_what_was_typed(context: Callable[..., BrowserContext]) -> None:
    opened = context(320, True)
    page, said = watched(opened)
    ready(page, "Ola")
    page.locator("#question").fill(QUESTION)
    page.get_by_role("radio", name="Scotland").check()
    opened.clear_cookies()
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.get_by_role("alert")).to_contain_text("Your session ended before the question was asked")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page, "session ended")
    page.get_by_label("Name to be shown").fill("Ola")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#question")).to_have_value(QUESTION)
    expect(page.get_by_role("radio", name="Scotland")).to_be_checked()
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.locator("#answer article")).to_be_visible()
    assert said == []


def test_a_tab_that_is_hidden_mid_answer_has_it_when_it_is_looked_at_again(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(1280, True))
    ready(page, "Pia")
    assistant.answering.clear()
    page.locator("#question").fill(QUESTION)
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.locator("#under-way")).to_contain_text("guidance searched")
    page.evaluate(HIDE, True)
    assistant.answering.set()
    page.wait_for_timeout(300)
    page.evaluate(HIDE, False)
    expect(page.locator("#answer article")).to_be_visible()
    assert said == []


def test_going_forward_to_an_answer_before_the_script_listens_shows_it(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(1280, True))
    ready(page, "Bo")
    assistant.answering.clear()
    page.locator("#question").fill(QUESTION)
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.locator("#under-way")).to_contain_text("guidance searched")
    page.wait_for_url("**/answers/*")
    late: list[Route] = []
    page.route("**/frontline.js*", lambda route: late.append(route))
    page.go_back(wait_until="commit")
    until(page, lambda: bool(late))
    page.go_forward(wait_until="commit")
    until(page, lambda: "/answers/" in page.url)
    for one in late:
        one.continue_()
    page.unroute("**/frontline.js*")
    expect(page.get_by_role("heading", name="Your answer is being made")).to_be_visible()
    assistant.answering.set()
    expect(page.locator("#answer article")).to_be_visible()
    assert said == []


def until(page: Page, seen: Callable[[], bool]) -> None:
    """Let the page go on until something is so."""
    for _ in range(200):
        if seen():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to be so")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_how_a_follow_up_was_read_is_put_right_by_the_keyboard(
    context: Callable[..., BrowserContext], javascript: bool
) -> None:
    page, said = watched(context(320, javascript))
    ready(page, "Fay")
    ask(page, "And the time limit of a mandatory reconsideration?")
    page.locator("summary", has_text="Change how it was read").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("The question as it should be read")
    expect(field).to_be_visible()
    if javascript:
        check(page, "reading")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#answer article").get_by_role("heading").first).to_contain_text(QUESTION)
    expect(page.locator("#answer")).not_to_contain_text("Read as")
    assert said == []


def test_what_is_refused_is_said_in_place_and_nothing_typed_is_lost(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(320, True))
    ready(page, "Quin")
    page.locator("#question").evaluate("(field, text) => { field.value = text; }", "x" * 60_000)
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.locator("#problem")).to_contain_text("larger than")
    check(page, "too large")
    assert len(page.locator("#question").input_value()) == 60_000
    assert said == []
