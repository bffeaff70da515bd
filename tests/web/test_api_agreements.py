"""Agreements through the API: one's own, those of the person in front of the colleague, and the register."""

from __future__ import annotations

from collections.abc import Callable

from httpx2 import Response

from governance.consent import CITIZEN_PARTICIPATION, COLLEAGUE_EVALUATION, COLLEAGUE_USE, Purpose
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

API = "/api/v1"
QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"


def post(who: Browser, address: str, body: object = None, **headers: str) -> Response:
    headers = {"x-csrf-token": who.token("/notice"), **headers}
    return who.post(f"{API}{address}", headers=headers, **({} if body is None else {"json": body}))  # type: ignore[arg-type]


def test_one_s_own_agreement_is_given_and_taken_back(colleague: Browser, assistant: FakeAssistant) -> None:
    stands = {one["notice"]["id"]: one for one in colleague.get(f"{API}/agreements").json()["agreements"]}
    assert stands[COLLEAGUE_USE]["given"] and stands[COLLEAGUE_USE]["record"]["channel"] == "page"
    assert stands[COLLEAGUE_EVALUATION]["state"] == "" and stands[COLLEAGUE_EVALUATION]["notice"]["text"]
    given = post(colleague, f"/agreements/{COLLEAGUE_EVALUATION}")
    assert given.status_code == 201
    person = assistant.consents.record(given.json()["record"])["person"]
    assert assistant.consents.decide(Purpose.EVALUATION_REUSE, person, COLLEAGUE_EVALUATION).allowed
    assert post(colleague, f"/agreements/{COLLEAGUE_EVALUATION}/withdrawal").status_code == 201
    assert not assistant.consents.decide(Purpose.EVALUATION_REUSE, person, COLLEAGUE_EVALUATION).allowed
    again = post(colleague, f"/agreements/{COLLEAGUE_EVALUATION}/withdrawal")
    assert (again.status_code, again.json()["code"]) == (409, "agreement.state")
    assert post(colleague, f"/agreements/{CITIZEN_PARTICIPATION}").status_code == 422


def test_a_person_s_yes_is_kept_asked_under_and_taken_back(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    notice = colleague.get(f"{API}/citizens/notice").json()
    assert notice["id"] == CITIZEN_PARTICIPATION and set(notice["required"]) < set(notice["purposes"])
    body = {"agrees": True, "purposes": ["handover"]}
    said = post(colleague, "/citizens", body, **{"idempotency-key": "k1"}).json()
    assert post(colleague, "/citizens", body, **{"idempotency-key": "k1"}).json() == said
    code = said["citizen"]
    assert len(assistant.consents.history(code)) == 1 and said["agreed"]
    assert set(assistant.consents.record(said["record"])["purposes"]) == {"answer", "audit", "handover"}
    assert colleague.get(f"{API}/citizens/{code}").json()["given"] is True
    receipt = colleague.get(f"{API}/agreements/records/{said['record']}/receipt")
    assert receipt.headers["content-type"] == "application/ld+json" and code in receipt.text
    for address in ("/answers", "/jobs"):
        assert post(colleague, address, {"question": QUESTION, "citizen": code}).status_code < 300
    assert assistant.citizens == [code, code]
    assert post(colleague, f"/citizens/{code}/withdrawal").status_code == 201
    gone = colleague.get(f"{API}/citizens/{code}")
    assert (gone.status_code, gone.json()["code"]) == (404, "person.unknown")


def test_a_question_about_a_person_is_asked_once_and_its_reply_is_kept_nowhere(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    code = post(colleague, "/citizens", {"agrees": True}).json()["citizen"]
    body = {"question": QUESTION, "citizen": code}
    assert post(colleague, "/answers", body, **{"idempotency-key": "k2"}).status_code == 201
    again = post(colleague, "/answers", body, **{"idempotency-key": "k2"})
    assert (again.status_code, again.json()["code"]) == (409, "request.key_reused")
    assert len(assistant.asked) == 1


def test_a_no_is_kept_and_nothing_can_be_asked_under_it(colleague: Browser, assistant: FakeAssistant) -> None:
    said = post(colleague, "/citizens", {"agrees": False}).json()
    assert assistant.consents.history(said["citizen"])[-1]["state"] == "refused"
    assert colleague.get(f"{API}/citizens/{said['citizen']}").status_code == 404
    assert post(colleague, "/citizens", {"agrees": "perhaps"}).status_code == 422


def test_the_register_is_for_officers_who_say_why(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    colleague, other = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Al").acknowledge()
    officer = new_browser().sign_in("Jo", "officer")
    said = post(colleague, "/citizens", {"agrees": True}).json()
    record = f"{API}/agreements/records/{said['record']}"
    assert other.get(record).json()["code"] == "agreement.unknown"
    refused = officer.get(record)
    assert (refused.status_code, refused.json()["code"]) == (403, "reading.reason")
    assert officer.get(record, params={"reason": "a request of Jo Bloggs"}).status_code == 200
    reason = {"reason": "a request of Jo Bloggs", "limit": "2"}
    assert colleague.get(f"{API}/consents", params=reason).status_code == 403
    assert officer.get(f"{API}/consents").status_code == 422
    page = officer.get(f"{API}/consents", params=reason).json()
    rest = officer.get(f"{API}/consents", params={**reason, "start": str(page["next"])}).json()
    assert [len(page["records"]), len(rest["records"]), rest["next"]] == [2, 1, None]
    one = officer.get(f"{API}/consents/{said['citizen']}", params=reason).json()
    assert one["records"][0]["record_id"] == said["record"]
    assert {d["purpose"]: d["allowed"] for d in one["decisions"]}["handover"] is False
    read = assistant.ledger.entries(type="ledger.read")
    assert len(read) == 4 and all("Bloggs" not in str(entry.body) for entry in read)
    assert {entry.body["channel"] for entry in read} == {"api"}


def test_an_officer_reads_another_s_answer_with_a_reason(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    colleague, officer = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Jo", "officer")
    answer = post(colleague, "/answers", {"question": QUESTION}).json()["id"]
    for part in ("", "/explanation"):
        address = f"{API}/answers/{answer}{part}"
        assert officer.get(address).json()["code"] == "reading.reason"
        assert officer.get(address, params={"reason": "complaint 12"}).status_code == 200
    read = assistant.ledger.entries(type="answer.read")
    assert [entry.body["reason"] for entry in read] == ["complaint 12"] * 2
