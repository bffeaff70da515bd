"""An expert uploads a file in a real browser, waits, and sees what became of it; free of WCAG faults in each state."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from governance.errors import StorageFull
from ingest.catalogue import Catalogue
from ingest.originals import file_hash
from tests.browser.faults import check
from tests.browser.test_journey import watched
from tests.browser.test_reviews import signed_in
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

FILE = {"name": "rates.md", "mimeType": "text/markdown", "buffer": b"# Rates\n\nIt is 5 a week."}


def test_a_file_is_uploaded_waited_for_and_seen_in_use(
    context: Callable[..., BrowserContext], assistant: FakeAssistant
) -> None:
    page, said = watched(context(320, True))
    signed_in(page, "Ulla", "Expert")
    page.goto("/guidance/uploads")
    expect(page.get_by_text("Nothing has been uploaded.")).to_be_visible()
    check(page, "no uploads")
    page.get_by_label("Title").fill("Rates of 2027")
    page.get_by_label("In force from").fill("April")
    page.get_by_label("File").set_input_files(FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("April")
    expect(page.get_by_label("Title")).to_have_value("Rates of 2027")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    check(page, "upload, error")

    page.get_by_label("In force from").fill("2027-04-06")
    page.get_by_label("File").set_input_files(FILE)  # type: ignore[arg-type]
    assistant.intake_fails.append(StorageFull("The disk is full.", do="Free space."))
    assistant.taking_in.clear()
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Being taken in")).to_be_visible()
    expect(page.get_by_role("region", name="rates.md")).to_contain_text("Waits to be taken in")
    check(page, "upload, waiting")
    assistant.taking_in.set()
    assistant.intake.wait()
    page.get_by_role("link", name="See whether it is done").click()
    expect(page.get_by_text("The disk is full. Free space.")).to_be_visible()
    check(page, "upload, failed")

    page.get_by_role("button", name="Try again").click()
    assistant.intake.wait()
    version = assistant.snapshots.current().documents()[0]
    catalogue = Catalogue.open(assistant.settings.data_dir)
    kept = file_hash(assistant.settings.data_dir / "uploads" / "rates.md")
    with catalogue.write() as connection:  # as the run does, which here counts and no more
        catalogue.put_version(connection, "uploads", version)
        catalogue.put_file(
            connection, "uploads", "rates.md", kept, version_id=version.id, code=None, reason=None
        )
    catalogue.close()
    page.reload()
    expect(page.get_by_text(re.compile("Taken in .*: 1 added"))).to_be_visible()
    check(page, "upload, in use")
    page.get_by_role("link", name="Read it as it is quoted").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(version.metadata.title)
    page.go_back()
    page.get_by_role("button", name="Remove rates.md").click()
    expect(page.get_by_text("Nothing has been uploaded.")).to_be_visible()
    assert said == []
