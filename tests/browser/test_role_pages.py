"""Each role's own pages, free of WCAG faults, empty and with something in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from assistant.answers import Outcome
from tests.browser.faults import check
from tests.browser.test_journey import watched
from tests.browser.test_reviews import signed_in
from tests.fakes import FakeAssistant
from tests.web.runs import write_answers, write_run
from tests.web.stock import RATES

pytestmark = pytest.mark.browser

PAGES = {
    "Colleague": ("/agreements", "/agreements/citizen", "/agreements/citizen/refused"),
    "Expert": (
        "/reviews",
        "/reviews?state=all",
        "/guidance",
        "/guidance?q=zebra",
        "/guidance/due",
        "/guidance/gaps",
        "/guidance/quarantine",
        "/labelling",
        "/labelling/sample-3",
        "/labelling/sample-3/answer",
    ),
    "Information governance officer": (
        "/reading",
        "/audit",
        "/audit?since=x",
        "/audit/verification",
        "/audit/0",
        "/guidance/changes",
        "/consents",
        "/consents?q=zebra",
    ),
    "Evaluator": (
        "/evaluations",
        "/evaluations?q=zebra",
        "/evaluations/sample-2?against=sample-1",
        "/labelling",
        "/labelling/sample-3",
        "/labelling/sample-3/answer?number=1",
    ),
    "Administrator": ("/administration", "/administration/figures"),
}


@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role(
    context: Callable[..., BrowserContext], assistant: FakeAssistant, role: str
) -> None:
    page, said = watched(context(1280, True))
    signed_in(page, f"Jo {role[:5]}", role)
    assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
    assistant.ask("What is nowhere?")
    assistant.ledger.append("ingestion.finished", {"source": "sample", "added": 3}, actor="operator")
    if role == "Evaluator" and not (assistant.settings.data_dir / "evaluations" / "sample-1").exists():
        for number, recall in ((1, 0.97), (2, 0.91)):
            when = f"2026-11-0{number}T10:00:00+00:00"
            write_run(
                assistant.settings.data_dir,
                f"sample-{number}",
                asked_at=when,
                recall=recall,
                failing=["uc-1"],
            )
    write_answers(assistant.settings.data_dir, "sample-3")
    if "officer" in role:
        page.goto("/reading")
        page.get_by_label("Reason").fill("monthly review")
        page.get_by_role("button", name="Go on").click()
    for address in PAGES[role]:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        check(page, address)
    assert said == []


def test_versions_side_by_side(context: Callable[..., BrowserContext], assistant: FakeAssistant) -> None:
    version, passages = RATES
    newer = dataclasses.replace(version, id="vnext")
    text = passages[0].text.replace("depends on age", "depends on age and household")
    assistant.snapshots.snapshot.add(
        (newer, [dataclasses.replace(p, id="pnext", version_id="vnext", text=text) for p in passages])
    )
    page, said = watched(context(320, True))
    signed_in(page, "Vi", "Colleague")
    page.goto(f"/guidance/{version.document_id}/changes?before={version.id}&after=vnext")
    check(page, "versions")
    page.get_by_role("link", name="Back to the document").click()
    page.get_by_role("link", name="What changed in this version").click()
    check(page, "versions, from the document")
    assert said == []


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_is_labelled_by_keyboard_with_and_without_scripts(
    context: Callable[..., BrowserContext], assistant: FakeAssistant, script: bool
) -> None:
    write_answers(assistant.settings.data_dir, f"sample-{script}")
    page, said = watched(context(1280, script))
    signed_in(page, f"La {script}", "Expert")
    page.goto(f"/labelling/sample-{script}/answer")
    page.get_by_role("button", name="Keep, and go on").click()
    page.get_by_role("link", name="No label was chosen.").click()
    page.keyboard.press("Space")
    check(page, "label, with an error") if script else None
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answer 2 of 3").wait_for()
    page.get_by_role("link", name="Stop here; what you said is kept").click()
    page.get_by_text("You have labelled 1 of 3 answers.").wait_for()
    if script:
        check(page, "a run that was begun")
    assert said == []
