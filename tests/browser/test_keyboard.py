"""Each journey by the keyboard alone: nothing is clicked, and nothing is given the focus but by a key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.keys import Keys
from tests.browser.test_journey import QUESTION, watched
from tests.fakes import FakeAssistant
from tests.web.runs import write_run

pytestmark = pytest.mark.browser


def begun(context: BrowserContext, name: str, role: str) -> tuple[Page, Keys]:
    """A page on which somebody has signed in and read the notice, by keys."""
    page, _ = watched(context)
    keys = Keys(page)
    page.goto("/")
    keys.type("Name to be shown", name)
    keys.choose(role)
    keys.press("button", "Sign in")
    keys.press("button", "I have read this notice")
    expect(page.get_by_label("Your question")).to_be_visible()
    return page, keys


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text).first).to_be_visible()
    page.wait_for_load_state()


def test_ask_cite_open_contest_rule_and_be_told(context: Callable[..., BrowserContext]) -> None:
    page, keys = begun(context(1280, True), "Kit", "Colleague")
    keys.type("Your question", QUESTION)
    keys.choose("Wales")
    keys.press("button", "Find the guidance")
    expect(page.locator("#answer article")).to_be_visible()
    keys.press("link", "Source 2", back=True)
    expect(page.locator("#source-2")).to_have_attribute("open", "")
    keys.press("link", "Open the document at this passage", within="#source-2")
    expect(page.get_by_role("region", name="Cited passage")).to_be_in_viewport()
    keys.press("link", "Your answers")
    heading(page, "Your answers")
    keys.press("link", QUESTION)
    heading(page, QUESTION)
    keys.press("link", "Say that this is wrong, or ask an expert")
    heading(page, "Say what is wrong")
    keys.tick("within one month")
    keys.type("What is wrong, or what is missing?", "It is longer where there is good reason.")
    keys.press("button", "Send to an expert")
    expect(page.get_by_text("Waits for an expert").first).to_be_visible()
    review = page.url.rpartition("/")[2]

    expert, theirs = begun(context(1280, True), "Lu", "Expert")
    theirs.press("link", "Reviews")
    heading(expert, "Waiting for an expert")
    theirs.press("link", review, within="main")
    expert.wait_for_url(f"**/reviews/{review}")
    theirs.choose("It is replaced by my wording")
    theirs.type("Reason", "The page on late requests says so.")
    theirs.type("Wording for the next colleague", "A late request can be taken for 13 months.")
    theirs.press("button", "Give the ruling")
    heading(expert, "The answer is replaced")

    keys.press("link", "Ask")
    heading(page, "An expert has ruled")
    keys.press("link", "An answer you were given was replaced")
    expect(page.get_by_text("A late request can be taken for 13 months.")).to_be_visible()
    assert keys.stops > 40 and theirs.stops > 10


def test_an_agreement_is_given_and_taken_back(context: Callable[..., BrowserContext]) -> None:
    page, keys = begun(context(320, True), "Mo", "Colleague")
    keys.press("link", "Is your question about the person")
    heading(page, "Is your question about the person in front of you?")
    keys.choose("Yes")
    keys.press("button", "Record the answer")
    heading(page, "Receipt")
    keys.press("link", "Ask a question")
    expect(page.get_by_label("Your question")).to_be_visible()
    keys.press("link", "Change", within="main")
    heading(page, "Questions are about")
    keys.press("button", "They take their agreement back")
    expect(page.get_by_text("Took it back").first).to_be_visible()
    keys.press("link", "Your agreements")
    heading(page, "Your agreements")
    keys.press("button", "Take it back")
    expect(page.get_by_text("Withdrawn").first).to_be_visible()


def test_an_officer_explains_and_verifies(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    answer = assistant.ask(QUESTION)
    page, keys = begun(context(1280, True), "Ny", "Information governance officer")
    keys.press("link", "Audit")
    keys.type("Reason", "A colleague asked why.")
    keys.press("button", "Go on")
    heading(page, "Audit")
    keys.type("Reference of an answer", answer.id)
    keys.press("button", "Find")
    page.wait_for_url(f"**subject={answer.id}**")
    keys.press("link", answer.id)
    heading(page, "Passages considered")
    keys.press("link", "Audit")
    heading(page, "Audit")
    keys.press("link", "Verify the whole ledger")
    expect(page.get_by_text("was derived again from its stored bytes")).to_be_visible()


def test_an_evaluator_compares_two_runs(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    for number, recall in ((1, 0.97), (2, 0.91)):
        when = f"2026-11-0{number}T10:00:00+00:00"
        write_run(
            assistant.settings.data_dir, f"keys-{number}", asked_at=when, recall=recall, failing=["uc-1"]
        )
    page, keys = begun(context(1280, True), "Ovi", "Evaluator")
    keys.press("link", "Evaluations")
    heading(page, "Evaluations")
    keys.press("link", "keys-2")
    heading(page, "keys-2")
    keys.type("Compare with", "keys-1", "combobox")
    keys.press("button", "Compare")
    heading(page, "Beside keys-1")


def test_an_administrator_throws_the_switch_and_puts_it_back(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, keys = begun(context(320, True), "Pat", "Administrator")
    keys.press("link", "Administration")
    heading(page, "Administration")
    keys.type("Reason", "Wrong rates")
    keys.press("button", "Stop answers now")
    expect(page.get_by_text("Stopped: search only")).to_be_visible()
    assert assistant.switch.state().search_only
    keys.type("Reason", "Mended")
    keys.press("button", "Start answers")
    expect(page.get_by_text("Answers are given")).to_be_visible()
