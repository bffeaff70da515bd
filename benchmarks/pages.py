"""What a colleague waits for, in a real browser against a running product: first stage, finished answer, page weight.

    frontline serve &
    python benchmarks/pages.py http://127.0.0.1:8600 [--rounds 20] [--json]

Times are from Enter on the button to the paint that shows it. They are of this machine at this moment: run it where
nothing else runs. The promises are 150 ms, 1 s and 200 KB.
"""

from __future__ import annotations

import argparse
import json
import statistics
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET

QUESTIONS = (
    "How long does a claimant have to ask for a mandatory reconsideration?",
    "What is the standard allowance for a single person over 25?",
    "How is an advance paid back?",
    "Can a sanction be ended early?",
)
WATCH = """() => { window.marks = {};
new MutationObserver(() => {
  if (!marks.first && document.querySelector('#under-way')) marks.first = performance.now();
  if (marks.first && !marks.whole && document.querySelector('#answer article') &&
      !document.querySelector('#under-way')) marks.whole = performance.now();
}).observe(document.getElementById('answer'), {childList: true, subtree: true});
document.querySelector('.app-ask').addEventListener('submit', () => (marks.began = performance.now()), true); }"""


def measure(address: str, rounds: int) -> dict[str, Any]:
    """Milliseconds (median, 95th) and bytes over the wire."""
    first: list[float] = []
    whole: list[float] = []
    weight = 0
    elsewhere: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(base_url=address)
        page.on("request", lambda r: elsewhere.append(r.url) if not r.url.startswith(address) else None)
        page.goto("/sign-in")
        page.get_by_label("Name to be shown").fill("Bench")
        page.get_by_role("button", name="Sign in").click()
        page.goto("/notice")
        if page.get_by_role("button", name="I have read this notice").count():
            page.get_by_role("button", name="I have read this notice").click()
        sizes: list[int] = []
        page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
        page.goto("/")
        page.wait_for_load_state("networkidle")
        weight = sum(sizes)
        for number in range(rounds + 2):
            page.goto("/")
            page.evaluate(WATCH)
            page.locator("#question").fill(QUESTIONS[number % len(QUESTIONS)])
            page.get_by_role("button", name="Find the guidance").press("Enter")
            page.wait_for_function("() => window.marks.whole")
            marks = page.evaluate("() => window.marks")
            if number >= 2:  # the first two warm it up
                first.append(marks["first"] - marks["began"])
                whole.append(marks["whole"] - marks["began"])
            if number % 20 == 19:
                page.wait_for_timeout(60_000)  # the limit of a minute
        browser.close()
    return {
        "rounds": rounds, "first_ms": _said(first), "whole_ms": _said(whole), "ask_bytes": weight,
        "requests_elsewhere": len(elsewhere),
    }  # fmt: skip


def _said(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.address.rstrip("/"), given.rounds)
    if given.json:
        print(json.dumps(found, indent=2))
        return
    print(
        f"first stage   {found['first_ms']['median']:>7} ms median  {found['first_ms']['p95']:>7} ms p95   (150)"
    )
    print(
        f"whole answer  {found['whole_ms']['median']:>7} ms median  {found['whole_ms']['p95']:>7} ms p95   (1000)"
    )
    print(f"Ask weighs    {found['ask_bytes']:>7} bytes, uncompressed   (200000)")
    print(f"requests to another origin: {found['requests_elsewhere']}")


if __name__ == "__main__":
    main()
