"""Takes the pictures of README and docs from a running product: ``make pictures``.

The journey is that of a colleague and an expert; the tests run it too, so that it cannot rot.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"
NAMES = ("ask.png", "contest.png", "review.png", "audit.png", "guidance.png")
COLOURS = 64


def take(browser: Browser, address: str, folder: Path, question: str = QUESTION) -> None:
    """One picture of each page that docs show, written into a folder."""

    def person(name: str, role: str) -> Page:
        page = browser.new_page(
            base_url=address, viewport={"width": 1120, "height": 900}, device_scale_factor=1
        )
        page.set_default_timeout(20_000)
        page.goto("/sign-in")
        page.get_by_label("Name to be shown").fill(name)
        page.get_by_role("radio", name=role, exact=True).check()
        page.get_by_role("button", name="Sign in").click()
        page.goto("/notice")
        notice = page.get_by_role("button", name="I have read this notice")
        if notice.count():
            notice.click()
        return page

    def shot(page: Page, name: str) -> None:
        page.wait_for_load_state()
        page.evaluate("scrollTo(0, 0)")
        tall = min(1500, page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": 1120, "height": tall}
        page.screenshot(path=folder / name, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
        with Image.open(
            folder / name
        ) as taken:  # a page has few colours: a third of the size, to be kept in git
            few = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(folder / name, optimize=True)

    colleague = person("Robin", "Colleague")
    colleague.goto("/")
    colleague.get_by_label("Your question").fill(question)
    colleague.get_by_role("radio", name="England").check()
    colleague.get_by_role("button", name="Find the guidance").click()
    expect(colleague.locator("#answer article")).to_be_visible()
    sources = colleague.locator("#answer .app-source summary")
    if not colleague.locator("#answer .app-source[open]").count():
        sources.first.click()
    shot(colleague, "ask.png")
    colleague.get_by_role("link", name="Say that this is wrong, or ask an expert").click()
    colleague.get_by_label("What is wrong, or what is missing?").fill(
        "The letter that the claimant has says two months."
    )
    shot(colleague, "contest.png")
    colleague.get_by_role("button", name="Send to an expert").click()
    review = colleague.url.removeprefix(address)

    expert = person("Ash", "Expert")
    expert.goto(review)
    shot(expert, "review.png")
    expert.goto("/guidance")
    shot(expert, "guidance.png")

    officer = person("Jo", "Information governance officer")
    officer.goto("/reading")
    officer.get_by_label("Reason").fill("Pictures for the documentation")
    officer.get_by_role("button", name="Go on").click()
    officer.goto("/audit")
    shot(officer, "audit.png")


def main(address: str, folder: str) -> None:
    """Take them from the product served at an address."""
    from tests.browser.conftest import CHROMIUM, QUIET

    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        take(browser, address.rstrip("/"), Path(folder))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
