"""The journey of a colleague in a real browser, wide and narrow, with JavaScript and without, free of WCAG faults."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.answers import Outcome
from tests.browser.faults import check
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"

MODES = pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (320, True), (320, False)], ids=["wide", "narrow", "narrow-plain"]
)  # fmt: skip


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and whatever it complains of: refused scripts or styles, errors in ours."""
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console", lambda message: said.append(message.text) if "Content Security" in message.text else None
    )
    return page, said


@MODES
def test_from_signing_in_to_the_open_source(
    context: Callable[..., BrowserContext], width: int, javascript: bool
) -> None:
    opened = context(width, javascript)
    page, said = watched(opened)
    inspected = Inspector(page, context(width, True) if not javascript else None)

    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    inspected.check("sign in")
    page.get_by_label("Name to be shown").fill(f"Robin {width} {javascript}")
    page.get_by_role("radio", name="Information governance officer").check()
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Before you ask")).to_be_visible()
    inspected.check("notice", still=True)
    page.get_by_role("button", name="I have read this notice").click()

    inspected.check("ask")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("radio", name="Wales").check()
    page.get_by_label("Year").fill("2026")
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a date")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    inspected.check("error", still=True)

    page.get_by_label("Year").fill("")
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.get_by_text("Answered from guidance").first).to_be_visible()
    expect(page.get_by_text("Wales, as at").first).to_be_visible()
    inspected.check("answer")

    page.get_by_role("link", name="Source 2", exact=True).click()
    source = page.locator("#source-2")
    if not javascript:
        source.locator("summary").first.click()
    expect(source).to_have_attribute("open", "")
    expect(source.locator("mark")).to_be_visible()
    if javascript:
        source.get_by_text("Read what stands around it").click()
        inspected.check("answer, source open")

    source.get_by_role("link", name="Open the document at this passage").click()
    cited = page.get_by_role("region", name="Cited passage")
    expect(cited).to_be_in_viewport()
    expect(cited.locator("mark")).to_be_visible()
    inspected.check("document")

    page.go_back()
    page.get_by_role("link", name="How this answer was reached").click()
    expect(page.get_by_role("heading", name="Passages considered")).to_be_visible()
    inspected.check("explanation")
    for address in ("/guidance", "/audit", "/notice", "/nowhere", "/"):
        page.goto(address)
        inspected.check(address)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert said == []


class Inspector:
    """Checks a page where it is open. axe is a script: where scripts are off, it looks at a twin without ours."""

    def __init__(self, page: Page, twin: BrowserContext | None) -> None:
        self._page = page
        self._twin = twin
        if twin is not None:
            twin.route("**/frontline.js*", lambda route: route.abort())

    def check(self, name: str, *, still: bool = False) -> None:
        """``still``: the page answers a form, so it cannot be fetched again and is drawn from its text."""
        if self._twin is None:
            check(self._page, name)
            return
        self._twin.clear_cookies()
        self._twin.add_cookies(self._page.context.cookies())  # type: ignore[arg-type]
        page = self._twin.new_page()
        page.goto("/healthz" if still else self._page.url)
        if still:
            page.set_content(self._page.content())
        check(page, name)
        page.close()


def test_every_outcome_is_free_of_faults(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(320, True))
    ready(page, "Sam")
    for outcome in Outcome:
        assistant.planned.append(outcome)
        ask(page, "Anything about payments")
        check(page, outcome)
    assert said == []


def test_a_question_under_way_is_announced_and_sent_once(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(320, True))
    ready(page, "Alex")
    before = len(assistant.asked)
    assistant.answering.clear()
    page.get_by_label("Your question").fill(QUESTION)
    page.evaluate(
        "() => { const form = document.querySelector('form.app-ask'); form.requestSubmit(); form.requestSubmit(); }"
    )
    expect(page.locator("#under-way")).to_contain_text("personal details taken out")
    expect(page.locator("#under-way")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#announcer")).to_have_text("Searching guidance")
    check(page, "under way")
    assert len(assistant.asked) == before + 1
    assistant.answering.set()
    expect(page.locator("#answer article")).to_be_visible()
    expect(page.locator("#question")).to_have_value("")
    assert said == []


def test_a_page_left_and_opened_again_goes_on_where_it_was(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(1280, True))
    ready(page, "Noa")
    assistant.answering.clear()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Find the guidance").click()
    expect(page.locator("#under-way")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Your answer is being made")).to_be_visible()
    expect(page.locator("#under-way")).to_contain_text("guidance searched")
    check(page, "waiting")
    address = page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Ask about guidance")).to_be_visible()  # it is loaded anew
    page.wait_for_load_state()
    page.goto(address)
    assistant.answering.set()
    expect(page.locator("#answer article")).to_be_visible()
    page.reload()
    expect(page.locator("#answer article h1")).to_contain_text(QUESTION)
    assert said == []


def test_stopping_gives_the_question_back(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, _ = watched(context(1280, True))
    ready(page, "Ira")
    assistant.answering.clear()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Find the guidance").click()
    page.get_by_role("button", name="Stop looking").click()
    expect(page.locator("#question")).to_have_value(QUESTION)
    assistant.answering.set()


def test_ten_questions_in_two_tabs_each_get_their_own_answer(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    shared = context(1280, True)
    first, _ = watched(shared)
    ready(first, "Uma")
    second = shared.new_page()
    second.goto("/")
    assistant.answering.clear()
    addresses = set()
    for number in range(5):
        for tab in (first, second):
            tab.locator("#question").fill(f"{QUESTION} {number}")
            tab.get_by_role("button", name="Find the guidance").click()
            expect(tab.locator("#under-way")).to_be_visible()
            tab.wait_for_function("known => !known.includes(location.pathname)", arg=["/", *addresses])
            addresses.add(tab.evaluate("location.pathname"))
    assistant.answering.set()
    for tab in (first, second):
        expect(tab.locator("#answer article h2").first).to_contain_text(f"{QUESTION} 4")
    assert len(addresses) == 10
    for address in addresses:
        first.goto(address)
        expect(first.locator("#answer article")).to_be_visible()


def test_personal_details_come_back_taken_out(context: Callable[..., BrowserContext]) -> None:
    for width, javascript in ((320, True), (1280, False)):
        page, _ = watched(context(width, javascript))
        ready(page, "Eli")
        page.locator("#question").fill("How does Jo Bloggs ask for a mandatory reconsideration?")
        page.get_by_role("button", name="Find the guidance").click()
        expect(page.get_by_role("alert")).to_contain_text("a name")
        expect(page.locator("#question")).to_have_value(
            "How does <PERSON_1> ask for a mandatory reconsideration?"
        )
        if javascript:
            check(page, "personal details")
            expect(page.locator(".govuk-error-summary")).to_be_focused()
        page.get_by_role("button", name="Ask with these details taken out").click()
        expect(page.locator("#answer article")).to_be_visible()


def test_an_answer_is_copied_to_case_notes_and_found_again(context: Callable[..., BrowserContext]) -> None:
    page, said = watched(context(320, True))
    ready(page, "Oli")
    ask(page, QUESTION)
    page.get_by_role("link", name="Copy to case notes").click()
    page.get_by_role("button", name="Show the text to copy").click()
    expect(page.get_by_role("alert")).to_contain_text("were not confirmed")
    check(page, "case notes, error")
    page.get_by_label("I have checked the sources").check()
    page.get_by_role("button", name="Show the text to copy").click()
    expect(page.get_by_label("Text for the case notes")).to_have_value(re.compile(r"\[1\][\s\S]+reference a"))
    check(page, "case notes")
    page.goto("/history")
    check(page, "history")
    page.get_by_label("Words of the question or the answer").fill("ONE MONTH of the date")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=QUESTION).first.click()
    expect(page.locator("#answer article")).to_be_visible()
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="What changed since you last asked this")).to_be_visible()
    check(page, "what changed")
    assert said == []


def test_an_answer_is_announced_and_focus_stays_and_an_error_takes_it(
    context: Callable[..., BrowserContext],
) -> None:
    page, _ = watched(context(1280, True))
    ready(page, "Ash")
    ask(page, QUESTION)
    expect(page.locator("#announcer")).to_have_text("Answer ready, with 2 sources")
    expect(page.get_by_role("button", name="Find the guidance")).to_be_focused()
    ask(page, " ")
    expect(page.locator(".govuk-error-summary")).to_be_focused()


def test_the_keyboard_alone_suffices(context: Callable[..., BrowserContext]) -> None:
    page, _ = watched(context(1280, True))
    ready(page, "Kim")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Is your question about the person")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find the guidance")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answered from guidance").first).to_be_visible()


def test_characters_left_are_counted(context: Callable[..., BrowserContext]) -> None:
    page, _ = watched(context(1280, True))
    ready(page, "Lee")
    page.get_by_label("Your question").fill("x" * 1990)
    expect(page.locator(".govuk-character-count__status")).to_have_text("You have 10 characters remaining")


def ready(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_label("Name to be shown").fill(name)
    page.get_by_role("button", name="Sign in").click()
    notice = page.get_by_role("button", name="I have read this notice")
    if notice.count():
        notice.click()
    expect(page.get_by_label("Your question")).to_be_visible()
    page.wait_for_load_state()


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the answer, or for what stands in its way."""
    before = page.url
    page.locator("#question").fill(question)
    page.get_by_role("button", name="Find the guidance").click()
    until = time.monotonic() + 30
    while (
        time.monotonic() < until
    ):  # asked from here: a page without scripts cannot be asked to wait by itself
        reference = page.url.rpartition("/")[2]
        if page.locator(".govuk-error-summary").count():
            return
        if page.url != before and page.locator(f"[id='answer-{reference}']").count():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"nothing came of {question!r} at {page.url}")
