"""Whatever a page lets a person see or do, a program sees and does too, in the same roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response

from assistant.answers import Outcome
from assistant.labels import read_labels
from assistant.web.app import PAGES
from ingest.documents import Clearance
from tests.fakes import FakeAssistant, guidance
from tests.web.conftest import Browser
from tests.web.runs import write_answers, write_run
from tests.web.test_api import METHODS
from tests.web.test_quarantine import held  # noqa: F401 - a fixture

API = "/api/v1"
QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"
WHY = {"reason": "monthly check"}
SESSION = "a browser's session: a program sends a token, a conversation's name and a reason instead"
ALSO = {
    "GET /sign-in": SESSION, "POST /sign-in": SESSION, "GET /sign-in/return": SESSION, "POST /sign-out": SESSION,
    "POST /role": SESSION, "POST /conversation": SESSION, "GET /reading": SESSION, "POST /reading": SESSION,
    "GET /notice": "GET /notice", "POST /notice": "POST /notice/acknowledgement",
    "GET /": "GET /reviews", "POST /": "POST /answers", "GET /history": "GET /answers",
    "POST /answers/{answer_id}/wait": "GET /jobs/{job_id}", "POST /answers/{answer_id}/stop": "POST /jobs/{job_id}/cancel",
    "GET /answers/{answer_id}/events": "GET /jobs/{job_id}/events",
    "GET /answers/{answer_id}/case-notes": "GET /answers/{answer_id}",
    "POST /answers/{answer_id}/case-notes": "POST /answers/{answer_id}/copies",
    "GET /answers/{answer_id}": "GET /answers/{answer_id}",
    "GET /answers/{answer_id}/explanation": "GET /answers/{answer_id}/explanation/words",
    "GET /answers/{answer_id}/contest": "GET /answers/{answer_id}/reviews",
    "POST /answers/{answer_id}/contest": "POST /answers/{answer_id}/reviews",
    "GET /reviews": "GET /reviews", "GET /reviews/{review_id}": "GET /reviews/{review_id}/answer",
    "POST /reviews/{review_id}/views": "POST /reviews/{review_id}/views",
    "POST /reviews/{review_id}/ruling": "POST /reviews/{review_id}/ruling",
    "GET /guidance": "GET /guidance", "GET /guidance/due": "GET /guidance/due", "GET /guidance/gaps": "GET /guidance/gaps",
    "GET /guidance/changes": "GET /guidance/ingestions", "GET /guidance/quarantine": "GET /guidance/quarantine",
    "POST /guidance/quarantine/{held_id}": "POST /guidance/quarantine/{held_id}/decision",
    "GET /guidance/{document_id}/changes": "GET /guidance/{document_id}/changes",
    "GET /guidance/uploads": "GET /guidance/uploads", "POST /guidance/uploads": "POST /guidance/uploads",
    "POST /guidance/uploads/remove": "DELETE /guidance/uploads/{path}",
    "POST /guidance/uploads/again": "POST /guidance/uploads/intake",
    "GET /guidance/{document_id}": "GET /guidance/{document_id}",
    "GET /agreements": "GET /agreements", "POST /agreements/give": "POST /agreements/{notice_id}",
    "POST /agreements/withdraw": "POST /agreements/{notice_id}/withdrawal",
    "GET /agreements/citizen": "GET /citizens/notice", "POST /agreements/citizen": "POST /citizens",
    "GET /agreements/citizen/refused": "POST /citizens", "POST /agreements/citizen/use": "GET /citizens/{citizen}",
    "POST /agreements/citizen/withdraw": "POST /citizens/{citizen}/withdrawal",
    "GET /agreements/receipt/{record_id}": "GET /agreements/records/{record_id}/receipt",
    "GET /consents": "GET /consents", "GET /consents/{person_id}": "GET /consents/{person_id}",
    "GET /audit": "GET /ledger/entries", "GET /audit/verification": "GET /ledger/verification",
    "GET /audit/{index}": "GET /ledger/entries/{index}",
    "GET /administration/figures": "GET /administration/figures",
    "GET /administration": "GET /administration", "POST /administration/switch": "POST /switch",
    "GET /evaluations": "GET /evaluations", "GET /evaluations/{name}": "GET /evaluations/{name}",
    "GET /evaluations/{name}/{file}": "GET /evaluations/{name}/files/{file}",
    "GET /labelling": "GET /labelling", "GET /labelling/{name}": "GET /labelling/{name}",
    "GET /labelling/{name}/answer": "GET /labelling/{name}/answers/{number}",
    "POST /labelling/{name}/answer": "POST /labelling/{name}/answers/{number}/label",
}  # fmt: skip
"""Every address of the pages, and where a program does the same."""


def post(who: Browser, address: str, body: object = None, **headers: str) -> Response:
    headers = {"x-csrf-token": who.token("/notice"), **headers}
    return who.post(f"{API}{address}", headers=headers, **({} if body is None else {"json": body}))  # type: ignore[arg-type]


def test_every_page_has_its_address_in_the_api() -> None:
    routes = [route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute)]
    assert {f"{method} {route.path}" for route in routes for method in route.methods} == set(ALSO)
    of_the_api = {f"{method} {path}" for path, methods in METHODS.items() for method in methods.split()}
    assert set(ALSO.values()) - {SESSION} <= of_the_api


def test_a_file_that_waits_is_decided_about(
    new_browser: Callable[..., Browser], assistant: FakeAssistant, held: str  # noqa: F811
) -> None:  # fmt: skip
    colleague, expert = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Ex", "expert")
    officer = new_browser().sign_in("Jo", "officer")
    assert colleague.get(f"{API}/guidance/quarantine").status_code == 403
    assert officer.get(f"{API}/guidance/quarantine").json()["held"][0]["id"] == held
    address = f"/guidance/quarantine/{held}/decision"
    body = {"decision": "release", "why": "Jo Bloggs of ours wrote it."}
    assert post(officer, address, body).status_code == 403
    assert post(expert, address, {**body, "decision": "burn"}).status_code == 422
    decided = post(expert, address, body)
    assert (decided.json()["standing"], decided.json()["why"]) == ("released", "<PERSON_1> of ours wrote it.")
    assert post(expert, address, body).json()["code"] == "quarantine.decided"
    assert expert.get(f"{API}/guidance/quarantine").json() == {"held": [], "next": None}
    assert len(expert.get(f"{API}/guidance/quarantine?state=all").json()["held"]) == 1
    assert post(expert, "/guidance/quarantine/q0/decision", body).status_code == 404


def test_guidance_that_is_due_asked_for_in_vain_and_taken_in(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    colleague, expert = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Ex", "expert")
    today = dt.datetime.now().astimezone().date()
    for days, title in ((-3, "Late"), (10, "Soon"), (100, "Later")):
        assistant.snapshots.snapshot.add(
            guidance(f"urn:{title}", {"A": title}, title=title, review_due=today + dt.timedelta(days=days))
        )
    due = colleague.get(f"{API}/guidance/due").json()["versions"]
    assert [one["metadata"]["title"] for one in due] == ["Late", "Soon"]
    assistant.planned += [Outcome.NOT_IN_GUIDANCE] * 2
    for question in ("What is a zebra?", "a zebra: what is"):
        assert post(colleague, "/answers", {"question": question}).status_code == 201
    assert colleague.get(f"{API}/guidance/gaps").status_code == 403
    (gap,) = expert.get(f"{API}/guidance/gaps").json()["gaps"]
    assert (gap["times"], gap["question"]) == (2, "a zebra: what is")
    assert assistant.ledger.entries(type="ledger.read")[-1].body["what"] == "guidance gaps"
    assistant.ledger.append("ingestion.finished", {"source": "ours", "added": 4}, actor="operator")
    (run,) = expert.get(f"{API}/guidance/ingestions").json()["ingestions"]
    assert run["told"] == {"source": "ours", "added": 4}


def test_guidance_above_what_everyone_may_read_is_not_there(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    secret = guidance("urn:secret", {"A": "Not for all."}, title="Secret", clearance=max(Clearance))
    assistant.snapshots.snapshot.add(secret)
    titles = [v["metadata"]["title"] for v in colleague.get(f"{API}/guidance?limit=100").json()["versions"]]
    assert titles and "Secret" not in titles
    assert colleague.get(f"{API}/guidance/{secret[0].document_id}").status_code == 404


def test_two_versions_are_put_side_by_side(colleague: Browser, assistant: FakeAssistant) -> None:
    old = guidance("urn:rates", {"Rate": "It is £2."}, valid_from=dt.date(2025, 4, 6))
    new = guidance("urn:rates", {"Rate": "It is £3."}, valid_from=dt.date(2026, 4, 6))
    assistant.snapshots.snapshot.add(old).add(new)
    address = f"{API}/guidance/{old[0].document_id}/changes"
    (section,) = colleague.get(address).json()["sections"]
    assert (section["removed"], section["added"]) == (["It is £2."], ["It is £3."])
    back = colleague.get(address, params={"before": new[0].id, "after": old[0].id}).json()
    assert back["sections"][0]["added"] == ["It is £2."] and back["fields"][0]["field"] == "valid_from"
    assert colleague.get(address, params={"before": "v0"}).json()["code"] == "document.unknown"


def test_an_expert_sees_what_a_doubt_is_about_and_whoever_relied_on_it_is_told(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    colleague, expert = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Ex", "expert")
    other = new_browser().sign_in("Al").acknowledge()
    answer = post(colleague, "/answers", {"question": QUESTION}).json()["id"]
    assert post(other, "/answers", {"question": QUESTION}).status_code == 201
    review = post(colleague, f"/answers/{answer}/reviews", {"why": "It is two months."}).json()
    assert expert.get(f"{API}/reviews/{review['id']}/answer").json()["question"] == QUESTION
    assert other.get(f"{API}/reviews/{review['id']}/answer").status_code == 404
    listed = colleague.get(f"{API}/answers/{answer}/reviews").json()["reviews"]
    assert [one["id"] for one in listed] == [review["id"]]
    ruling = {"decision": "amend", "reason": "Thirteen.", "answer_sha256": review["answer_sha256"],
              "wording": "It is one month.", "valid_to": "2027-01-01"}  # fmt: skip
    assert post(expert, f"/reviews/{review['id']}/ruling", ruling).status_code == 200
    (news,) = other.get(f"{API}/reviews?state=news").json()["reviews"]
    assert other.get(f"{API}/reviews/{news['id']}").json()["ruling"]["wording"] == "It is one month."
    assert other.get(f"{API}/reviews/{news['id']}/answer").json()["question"] == ""
    assert other.get(f"{API}/reviews?state=news").json()["reviews"] == []


def test_an_answer_is_explained_in_words_and_compared_with_the_one_before(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    first = post(colleague, "/answers", {"question": QUESTION}).json()["id"]
    assert colleague.get(f"{API}/answers/{first}/changes").json() is None
    assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
    second = post(colleague, "/answers", {"question": QUESTION}).json()["id"]
    differs = colleague.get(f"{API}/answers/{second}/changes").json()
    assert differs["outcome_was"] == "answered" and differs["gone"] and not differs["added"]
    told = colleague.get(f"{API}/answers/{first}/explanation/words").json()
    assert told["in_one_line"] and told["in_plain_words"][0]["paragraphs"]


def test_personal_details_are_named_by_kind_and_kept_nowhere(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    before = assistant.ledger.size()
    clean = post(colleague, "/personal-data", {"question": "What is paid?"}).json()
    assert clean == {"text": "What is paid?", "kinds": []} and assistant.ledger.size() == before
    found = post(colleague, "/personal-data", {"question": "What is Jo Bloggs paid?"}).json()
    assert found == {"text": "What is <PERSON_1> paid?", "kinds": ["a name"]}
    (entry,) = assistant.ledger.entries(type="question.held_back")
    assert entry.body["types"] == ["PERSON"] and "Bloggs" not in str(entry.body)


def test_entries_are_found_by_what_the_page_finds_them_by(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    colleague, officer = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Jo", "officer")
    assistant.planned += [Outcome.NOT_IN_GUIDANCE]
    for _ in range(2):
        post(colleague, "/answers", {"question": QUESTION})
    one = assistant.ledger.entries(type="answer")[0]

    def found(**wanted: str) -> list[int]:
        answer = officer.get(f"{API}/ledger/entries", params={**WHY, **wanted})
        assert answer.status_code == 200, answer.text
        return [entry["index"] for entry in answer.json()["entries"]]

    assert found(outcome="not_in_guidance") == found(subject=one.subject) == [one.index]
    assert len(found(type="answer", role="colleague")) == 2 == len(found(snapshot="s1"))
    assert len(found(type="agreement.*", actor=one.actor)) == 1
    assert found(until="2020-01-01") == [] and one.index in found(since="2020-01-01")
    wrong = officer.get(f"{API}/ledger/entries", params={**WHY, "since": "soon"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "date.invalid")
    whole = officer.get(f"{API}/ledger/entries/{one.index}", params=WHY).json()
    assert whole["entry"]["body"] == one.body and len(whole["about"]) == 1
    assert officer.get(f"{API}/ledger/entries/99999", params=WHY).status_code == 404
    assert colleague.get(f"{API}/ledger/entries/0", params=WHY).status_code == 403
    asked = assistant.ledger.entries(type="ledger.read")[0].body
    assert asked["asked"] == {"outcome": "not_in_guidance", "entries": 1} and asked["reason"] == WHY["reason"]


def test_an_administrator_sees_what_is_in_force(new_browser: Callable[..., Browser]) -> None:
    admin, officer = new_browser().sign_in("Ad", "administrator"), new_browser().sign_in("Jo", "officer")
    assert officer.get(f"{API}/administration").status_code == 403
    stands = admin.get(f"{API}/administration").json()
    assert stands["switch"]["search_only"] is False and stands["destinations"] == []
    assert stands["limits"]["answer_seconds"] > 0 and stands["in_force"]["Embedder"] == "words 1"
    assert stands["kept"]["question"]["days"] > 0


def test_how_the_service_is_doing_is_told_in_counts(
    colleague: Browser, new_browser: Callable[..., Browser]
) -> None:
    post(colleague, "/answers", {"question": QUESTION})
    assert colleague.get(f"{API}/administration/figures").status_code == 403
    told = new_browser().sign_in("Jo", "officer").get(f"{API}/administration/figures").json()
    assert told["weeks"][-1]["outcomes"] == {"answered": 1} and told["stages"][0]["stage"] == "retrieve"


def test_runs_are_read_compared_and_taken_away(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    folder = assistant.settings.data_dir
    for n, recall, failing in ((1, 0.97, ["uc-1", "uc-2"]), (2, 0.91, ["uc-2", "uc-3"])):
        write_run(folder, f"s-{n}", asked_at=f"2026-11-0{n}T10:00:00+00:00", recall=recall, failing=failing)
    evaluator, colleague = new_browser().sign_in("Eve", "evaluator"), new_browser().sign_in("Robin")
    assert colleague.get(f"{API}/evaluations").status_code == 403
    page = evaluator.get(f"{API}/evaluations?limit=1").json()
    assert [run["name"] for run in page["runs"]] == ["s-2"] and page["next"] == 1
    assert page["runs"][0]["broken_rules"] == ["recall@5: below its floor of 0.94"]
    both = evaluator.get(f"{API}/evaluations/s-2?against=s-1").json()
    assert {(case, said) for case, said in both["changed"]} == {
        ("uc-1", "no longer falls short"), ("uc-3", "falls short now"),
    }  # fmt: skip
    assert both["against"][0]["difference"] == pytest.approx(-0.06) and len(both["failing"]) == 2
    assert evaluator.get(f"{API}/evaluations/s-1").json()["against"] == []
    report = evaluator.get(f"{API}/evaluations/s-1/files/report.html")
    assert report.headers["content-security-policy"].startswith("sandbox")
    assert evaluator.get(f"{API}/evaluations/s-1/files/run.json").status_code == 404
    assert evaluator.get(f"{API}/evaluations/..").status_code == 404


def test_answers_are_labelled_blind(new_browser: Callable[..., Browser], assistant: FakeAssistant) -> None:
    folder = write_answers(assistant.settings.data_dir, "sample-1")
    eve, ex = new_browser().sign_in("Eve", "evaluator"), new_browser().sign_in("Ex", "expert")
    runs = eve.get(f"{API}/labelling").json()
    assert [run["name"] for run in runs["runs"]] == ["sample-1"] and set(runs["meaning"]) >= {
        "right",
        "wrong",
    }
    assert new_browser().sign_in("Robin").get(f"{API}/labelling").status_code == 403
    shown = [eve.get(f"{API}/labelling/sample-1/answers/{n}") for n in (1, 2, 3)]
    for told in ("EXPECTED", "EXPLAINED", "near-miss", "near_miss", "0.123"):
        assert all(told not in one.text for one in shown), told
    body = {"value": "right", "answer_sha256": shown[0].json()["answer_sha256"]}
    address = "/labelling/sample-1/answers/1/label"
    assert post(eve, address, {**body, "answer_sha256": "0"}).status_code == 422
    assert post(eve, address, {**body, "value": "perhaps"}).status_code == 422
    assert post(eve, address, body).json()["own"] == "right"
    question = shown[0].json()["question"]
    numbers = {ex.get(f"{API}/labelling/sample-1/answers/{n}").json()["question"]: n for n in (1, 2, 3)}
    his = {"value": "wrong", "answer_sha256": body["answer_sha256"]}
    assert post(ex, f"/labelling/sample-1/answers/{numbers[question]}/label", his).status_code == 200
    stands = eve.get(f"{API}/labelling/sample-1").json()
    assert stands["differ"] == [{"question": question, "mine": "right", "others": ["wrong"]}]
    assert (stands["answers"], stands["next"], stands["by_two"]) == (3, 2, 1)
    assert {label.value for label in read_labels(folder)} == {"right", "wrong"}
    assert assistant.ledger.entries(type="evaluation.labelled")[0].body["channel"] == "api"
    assert eve.get(f"{API}/labelling/sample-1/answers/4").status_code == 404


def test_uploads_are_taken_in_again_after_a_run_that_failed(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    expert, colleague = new_browser().sign_in("Ex", "expert"), new_browser().sign_in("Robin")
    assert post(colleague, "/guidance/uploads/intake").status_code == 403
    assert post(expert, "/guidance/uploads/intake").json()["intake"]["state"] in ("owed", "running", "done")
    assistant.intake.wait()
    assert assistant.taken_in == ["uploads"]
    assert expert.get(f"{API}/guidance/uploads").json()["intake"]["told"]["passages"] == 4
