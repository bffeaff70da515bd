"""Ask, contest, rule, be told: in a real browser, wide and narrow, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_journey import MODES, QUESTION, Inspector, ask, watched

pytestmark = pytest.mark.browser


def signed_in(page: Page, name: str, role: str) -> None:
    page.goto("/")
    page.get_by_label("Name to be shown").fill(name)
    page.get_by_role("radio", name=role).check()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="I have read this notice").click()
    expect(page.get_by_label("Your question")).to_be_visible()


@MODES
def test_a_contested_answer_comes_back_with_a_ruling(
    context: Callable[..., BrowserContext], width: int, javascript: bool
) -> None:
    colleague, said = watched(context(width, javascript))
    looked = Inspector(colleague, context(width, True) if not javascript else None)
    signed_in(colleague, f"Robin {width} {javascript}", "Colleague")
    ask(colleague, QUESTION)
    colleague.get_by_role("link", name="Say that this is wrong").click()
    looked.check("contest")
    colleague.get_by_role("button", name="Send to an expert").click()
    expect(colleague.get_by_role("alert")).to_contain_text("Nothing was written")
    looked.check("contest, error", still=True)
    colleague.get_by_role("checkbox").first.check()
    colleague.get_by_label("What is wrong, or what is missing?").fill(
        "It is longer where there is good reason."
    )
    colleague.get_by_role("button", name="Send to an expert").click()
    expect(colleague.get_by_text("Waits for an expert").first).to_be_visible()
    looked.check("review, opened")
    address = colleague.url

    expert, also = watched(context(width, javascript))
    looked = Inspector(expert, context(width, True) if not javascript else None)
    signed_in(expert, f"Sam {width} {javascript}", "Expert")
    expert.get_by_role("link", name="Reviews").click()
    looked.check("queue")
    expert.goto(address)
    expert.get_by_role("radio", name="It is replaced by my wording").check()
    expert.get_by_role("button", name="Give the ruling").click()
    expect(expert.get_by_role("alert")).to_contain_text("Nothing was written")
    looked.check("ruling, error", still=True)
    expert.get_by_label("Reason").fill("The page on late requests says so.")
    expert.get_by_label("Wording for the next colleague").fill("A late request can be taken for 13 months.")
    expert.get_by_role("button", name="Give the ruling").click()
    expect(expert.get_by_role("heading", name="The answer is replaced")).to_be_visible()
    looked.check("review, ruled on")

    looked = Inspector(colleague, context(width, True) if not javascript else None)
    colleague.goto("/")
    looked.check("ask, with news")
    colleague.get_by_role("link", name="An answer you were given was replaced").click()
    expect(colleague.get_by_text("A late request can be taken for 13 months.")).to_be_visible()
    colleague.goto("/")
    expect(colleague.get_by_text("An expert has ruled")).to_have_count(0)
    assert said == also == []
