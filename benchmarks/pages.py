"""What a colleague waits for, in a real browser against a running product: first stage, finished answer, page weight.

    frontline serve &
    python benchmarks/pages.py http://127.0.0.1:8600 [--rounds 20] [--json]
    python benchmarks/pages.py http://127.0.0.1:8600 --past 10000 --data DIR

Times are from Enter on the button to the paint that shows it. They are of this machine at this moment: run it where
nothing else runs. The promises are 150 ms, 1 s and 200 KB.

With ``--past`` the product's data directory (one that is to be thrown away) is given so many past answers of one person,
copies of real ones that the ledger itself keeps, and the pages that show past answers are timed, to their last byte.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from governance.ledger import Ledger
from governance.ledger.find import Wanted
from governance.store import Store
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
        page = signed_in(browser, address, "Colleague")
        page.on("request", lambda r: elsewhere.append(r.url) if not r.url.startswith(address) else None)
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


PAGES = {
    "Colleague": ("/", "/history", "/history?holding=mandatory", "/history?holding=zebra", "/history?before=MIDDLE"),
    "Information governance officer": (
        "/audit", "/audit?outcome=answered", "/audit?outcome=failed", "/audit?role=colleague&page=7", "/audit?type=answer&format=csv"
    ),
    "Expert": ("/guidance/gaps", "/reviews"),
    "Administrator": ("/administration/figures",),
}  # fmt: skip
"""Pages that past answers are on, by who looks at them."""


def signed_in(browser: Browser, address: str, role: str) -> Page:
    """A page of somebody who has signed in, read the notice, and said what for they read."""
    page = browser.new_page(base_url=address)
    page.goto("/sign-in")
    page.get_by_label("Name to be shown").fill("Bench")
    page.get_by_role("radio", name=role, exact=True).check()
    page.get_by_role("button", name="Sign in").click()
    page.goto("/notice")
    if page.get_by_role("button", name="I have read this notice").count():
        page.get_by_role("button", name="I have read this notice").click()
    if "officer" in role:
        page.goto("/reading")
        page.get_by_label("Reason").fill("A measure of the pages")
        page.get_by_role("button", name="Go on").click()
    return page


def remember(data: Path, number: int) -> int:
    """Give whoever asked last so many past answers more, made of those they have; gives an entry half way."""
    store = Store.open(f"sqlite:///{data / 'governance.db'}")
    ledger = Ledger.signed_at(store, data / "keys" / "ledger.pem")
    (last,) = ledger.find(Wanted(type="answer", newest_first=True), limit=1)
    models = ledger.find(Wanted(type="answer", actor=last.actor), limit=100)
    for begin in range(0, number, 500):
        with store.write() as connection:
            for n in range(begin, min(begin + 500, number)):
                one = models[n % len(models)]
                answer = "a" + secrets.token_hex(8)
                body = json.loads(json.dumps(one.body).replace(one.subject, answer))
                ledger.append(one.type, body, actor=one.actor, subject=answer, connection=connection)
    size = ledger.size()
    store.close()
    return size - number // 2


def past(address: str, data: Path, number: int, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds (median, 95th) of each page."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = signed_in(browser, address, "Colleague")
        for question in QUESTIONS:
            page.goto("/")
            page.locator("#question").fill(question)
            page.get_by_role("button", name="Find the guidance").click()
            page.locator("#answer article").wait_for()
        middle = remember(data, number)
        for role, addresses in PAGES.items():
            client = signed_in(browser, address, role).request
            for path in addresses:
                taken = []
                for _ in range(rounds + 1):
                    began = time.perf_counter()
                    assert client.get(path.replace("MIDDLE", str(middle))).ok  # noqa: S101 - no page, no measure
                    taken.append((time.perf_counter() - began) * 1000)
                found[path] = _said(taken[1:])
        browser.close()
    return found


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
    parser.add_argument("--past", type=int, default=0, help="past answers to make and to time pages over")
    parser.add_argument("--data", type=Path, help="the product's data directory, which is written to")
    given = parser.parse_args()
    if given.past:
        if given.data is None:
            parser.error("--past needs --data")
        pages = past(given.address.rstrip("/"), given.data, given.past, min(given.rounds, 5))
        for path, taken in pages.items():
            print(
                json.dumps({path: taken})
                if given.json
                else f"{path:<36} {taken['median']:>8} ms median  {taken['p95']:>8} ms p95"
            )
        return
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
