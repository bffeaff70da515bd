"""Agreements: one's own, and those of the person in front of the colleague; and the register of an officer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from governance.consent import CITIZEN_PARTICIPATION, COLLEAGUE_EVALUATION, Purpose
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"
CITIZEN = "/agreements/citizen"


def agreed(browser: Browser, **fields: object) -> str:
    """The code of a person who agreed."""
    page = browser.post(CITIZEN, data={"token": browser.token(CITIZEN), "agrees": "yes", **fields})  # type: ignore[arg-type]
    assert page.url.path.startswith("/agreements/receipt/"), page.text
    code = re.search(r"\bz[0-9a-f]{24}\b", page.text)
    assert code
    return code[0]


def test_one_s_own_agreement_is_given_and_taken_back_by_one_press(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    page = colleague.get("/agreements").text
    assert page.count("Take it back") == 1 and page.count("I agree") == 1
    page = colleague.fill("/agreements/give", page="/agreements", notice_id=COLLEAGUE_EVALUATION).text
    assert page.count("Take it back") == 2
    person = assistant.ledger.entries(type="agreement.given")[0].subject
    assert assistant.consents.decide(Purpose.EVALUATION_REUSE, person, COLLEAGUE_EVALUATION).allowed
    page = colleague.fill("/agreements/withdraw", page="/agreements", notice_id=COLLEAGUE_EVALUATION).text
    assert "Withdrawn" in page
    assert not assistant.consents.decide(Purpose.EVALUATION_REUSE, person, COLLEAGUE_EVALUATION).allowed
    wrong = colleague.fill("/agreements/give", page="/agreements", notice_id=CITIZEN_PARTICIPATION)
    assert wrong.status_code == 422


def test_after_a_yes_questions_are_about_that_person_until_they_leave(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    code = agreed(colleague, purposes=["handover"])
    record = assistant.consents.history(code)[-1]
    assert set(record["purposes"]) == {"answer", "audit", "handover"}
    assert code in colleague.get("/").text
    colleague.ask(QUESTION)
    assert assistant.citizens == [code]
    colleague.fill(f"{CITIZEN}/use", page=CITIZEN, code="")
    colleague.ask(QUESTION)
    assert assistant.citizens == [code, None]
    assert colleague.fill(f"{CITIZEN}/use", page=CITIZEN, code=f" {code} ").url.path == "/"
    assert code in colleague.get("/").text


def test_a_no_is_recorded_and_changes_nothing(colleague: Browser, assistant: FakeAssistant) -> None:
    page = colleague.fill(CITIZEN, agrees="no")
    assert "nothing changes for them" in page.text
    assert assistant.ledger.entries(type="agreement.refused")
    assert "in front of you?" in colleague.get("/").text


def test_what_was_chosen_comes_back_where_the_answer_is_missing(colleague: Browser) -> None:
    page = colleague.post(CITIZEN, data={"token": colleague.token(CITIZEN), "purposes": ["handover"]})
    assert page.status_code == 422
    assert "Nothing was chosen" in page.text
    assert re.search(r'value="handover"\s+checked', page.text)


def test_taking_back_is_one_press_and_the_code_is_no_use_after_it(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    code = agreed(colleague)
    page = colleague.fill(f"{CITIZEN}/withdraw", page=CITIZEN, code=code)
    assert "Took it back" in page.text
    assert code not in colleague.get("/").text
    for wrong in (code, "z0", "nobody"):
        page = colleague.fill(f"{CITIZEN}/use", page=CITIZEN, code=wrong)
        assert page.status_code in (404, 409, 422) and "No agreement that holds" in page.text
    assert colleague.fill(f"{CITIZEN}/withdraw", page=CITIZEN, code="z0").status_code in (404, 409, 422)


def test_a_receipt_is_for_whom_it_concerns(
    colleague: Browser, new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    code = agreed(colleague)
    address = f"/agreements/receipt/{assistant.consents.history(code)[-1]['record_id']}"
    assert "Answering the question" in colleague.get(address).text
    machine = colleague.get(f"{address}?format=jsonld")
    assert machine.headers["content-type"].startswith("application/ld+json")
    assert code in machine.text
    assert new_browser().sign_in("Sam").acknowledge().get(address).status_code == 404
    officer = new_browser().sign_in("Jo", "officer").acknowledge()
    assert officer.get(address).url.path == "/reading"
    officer.read_for("request 4")
    assert officer.get(address).status_code == 200
    assert assistant.ledger.entries(type="ledger.read")[-1].subject == code


def test_the_register_shows_where_each_agreement_stands(
    colleague: Browser, new_browser: Callable[..., Browser]
) -> None:
    code = agreed(colleague)
    assert colleague.get("/consents").status_code == 403
    officer = new_browser().sign_in("Jo", "officer").acknowledge().read_for()
    page = officer.get("/consents?q=citizen").text
    assert re.search(rf'href="/consents/{code}"', page)
    assert "colleague-use" not in page
    page = officer.get(f"/consents/{code}").text
    assert page.count("govuk-tag--green") == 2
    assert officer.get("/consents/nobody").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/agreements/give", "/agreements/withdraw", CITIZEN, f"{CITIZEN}/use", f"{CITIZEN}/withdraw"],
)
def test_a_form_of_another_session_changes_nothing(
    colleague: Browser, assistant: FakeAssistant, address: str
) -> None:
    before = assistant.ledger.size()
    data = {"token": "x", "agrees": "yes", "notice_id": COLLEAGUE_EVALUATION, "code": "z"}
    assert colleague.post(address, data=data).status_code == 403
    assert assistant.ledger.size() == before
