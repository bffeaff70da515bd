"""The API: the same values under the same names, and nothing undocumented."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from pydantic import TypeAdapter
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import select

from assistant.answers import Answer
from assistant.web.api.once import NOT_KEPT, Replies, Reply, about_a_person
from assistant.web.app import create_app
from governance import tables
from governance.errors import KeyReused, StorageFull
from governance.store import Store
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.stock import stock

METHODS = {
    "/answers": "GET POST",
    "/answers/{answer_id}": "GET",
    "/answers/{answer_id}/explanation": "GET",
    "/answers/{answer_id}/copies": "POST",
    "/answers/{answer_id}/reviews": "GET POST",
    "/search": "POST",
    "/jobs": "POST",
    "/jobs/{job_id}": "GET",
    "/jobs/{job_id}/events": "GET",
    "/jobs/{job_id}/cancel": "POST",
    "/answers/{answer_id}/explanation/words": "GET",
    "/answers/{answer_id}/changes": "GET",
    "/personal-data": "POST",
    "/reviews": "GET",
    "/reviews/{review_id}/answer": "GET",
    "/reviews/{review_id}": "GET",
    "/reviews/{review_id}/views": "POST",
    "/reviews/{review_id}/ruling": "POST",
    "/guidance": "GET",
    "/guidance/uploads": "GET POST",
    "/guidance/uploads/intake": "POST",
    "/guidance/uploads/{path}": "DELETE",
    "/guidance/quarantine": "GET",
    "/guidance/quarantine/{held_id}/decision": "POST",
    "/guidance/due": "GET",
    "/guidance/gaps": "GET",
    "/guidance/ingestions": "GET",
    "/guidance/{document_id}": "GET",
    "/guidance/{document_id}/changes": "GET",
    "/me": "GET",
    "/notice": "GET",
    "/notice/acknowledgement": "POST",
    "/agreements": "GET",
    "/agreements/{notice_id}": "POST",
    "/agreements/{notice_id}/withdrawal": "POST",
    "/agreements/records/{record_id}": "GET",
    "/agreements/records/{record_id}/receipt": "GET",
    "/citizens": "POST",
    "/citizens/notice": "GET",
    "/citizens/{citizen}": "GET",
    "/citizens/{citizen}/withdrawal": "POST",
    "/consents": "GET",
    "/consents/{person_id}": "GET",
    "/ledger/entries": "GET",
    "/ledger/entries/{index}": "GET",
    "/ledger/entries/{index}/proof": "GET",
    "/ledger/verification": "GET",
    "/switch": "GET POST",
    "/administration": "GET",
    "/administration/figures": "GET",
    "/evaluations": "GET",
    "/evaluations/{name}": "GET",
    "/evaluations/{name}/files/{file}": "GET",
    "/labelling": "GET",
    "/labelling/{name}": "GET",
    "/labelling/{name}/answers/{number}": "GET",
    "/labelling/{name}/answers/{number}/label": "POST",
}
"""Every address of the API, with what it takes."""
QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"


def test_an_answer_has_the_fields_of_the_command_line(browser: Browser, assistant: FakeAssistant) -> None:
    made = browser.post(
        "/api/v1/answers", json={"question": QUESTION, "nation": "wales", "as_at": "2026-06-01"}
    )
    assert made.status_code == 201
    body = made.json()
    kept = assistant.answer(body["id"])
    assert body == TypeAdapter(Answer).dump_python(kept, mode="json")
    assert (body["on"], body["nation"], body["outcome"]) == ("2026-06-01", "wales", "answered")
    assert browser.get(f"/api/v1/answers/{body['id']}").json() == body
    assert assistant.asked[-1][3] == "operator"


def test_search(browser: Browser) -> None:
    found = browser.post(
        "/api/v1/search", json={"question": "twice a month", "nation": "scotland", "k": 1}
    ).json()
    assert [hit["document"]["title"] for hit in found["hits"]] == ["Universal Credit Scottish choices"]


def test_a_search_says_again_only_what_was_searched(browser: Browser) -> None:
    found = browser.post("/api/v1/search", json={"question": "Jo Bloggs is paid twice a month"}).json()
    assert found["question"] == "<PERSON_1> is paid twice a month"


def test_with_a_session_the_person_asks_and_the_token_is_needed(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    refused = colleague.post("/api/v1/answers", json={"question": QUESTION})
    assert (refused.status_code, refused.json()["code"]) == (403, "request.form_out_of_date")
    done = colleague.post(
        "/api/v1/answers", json={"question": QUESTION}, headers={"x-csrf-token": colleague.token("/")}
    )
    assert done.status_code == 201 and assistant.asked[-1][3].startswith("person-")


def test_a_session_that_ended_is_not_the_operator(browser: Browser, assistant: FakeAssistant) -> None:
    browser.cookies.set("frontline_session", "ended")
    refused = browser.post("/api/v1/answers", json={"question": QUESTION})
    assert (refused.status_code, refused.json()["code"]) == (401, "person.not_signed_in")
    assert not assistant.asked


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "request.malformed"),
        (b"\xff\xfe", {}, 400, "request.malformed"),
        (b'{"question": "What?"}', {"content-type": "text/plain"}, 415, "request.media_type"),
        (b"question=What", {"content-type": "application/x-www-form-urlencoded"}, 415, "request.media_type"),
        (b"{}", {}, 422, "request.invalid"),
        (b'{"question": ["QQ123456C"]}', {}, 422, "request.invalid"),
        (b'{"question": "What?", "colour": "red"}', {}, 422, "request.invalid"),
        (b'{"question": "   "}', {}, 422, "question.empty"),
        (b'{"question": "What?", "nation": "narnia"}', {}, 422, "nation.unknown"),
        (b'{"question": "What?", "as_at": "yesterday"}', {}, 422, "date.invalid"),
        (b'{"question": "What?", "conversation": "../.."}', {}, 422, "request.invalid"),
    ],
)
def test_what_cannot_be_used(
    browser: Browser, assistant: FakeAssistant, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    refused = browser.post(
        "/api/v1/answers", content=body, headers={"content-type": "application/json", **headers}
    )
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert "QQ123456C" not in refused.text
    assert assistant.ledger.size() == 0


@pytest.mark.parametrize(
    ("address", "body", "do"),
    [
        ("/api/v1/answers", b"\xff\xfe", "Send one JSON document in UTF-8."),
        ("/api/v1/nowhere", b"{}", "Check the address; /api/v1/openapi.json names those that are served."),
    ],
)
def test_a_program_is_told_what_a_program_can_do(
    browser: Browser, address: str, body: bytes, do: str
) -> None:
    refused = browser.post(address, content=body, headers={"content-type": "application/json"})
    assert refused.json()["do"] == do


def test_method_not_taken_names_those_that_are(browser: Browser) -> None:
    refused = browser.put("/api/v1/answers")
    assert refused.status_code == 405 and refused.headers["allow"] == "POST"
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_document_names_every_status_with_problems(browser: Browser) -> None:
    paths = browser.get("/api/v1/openapi.json").json()["paths"]
    said = {path: " ".join(sorted(operations)).upper() for path, operations in paths.items()}
    assert said == {f"/api/v1{path}": methods for path, methods in METHODS.items()}
    for operations in paths.values():
        for operation in operations.values():
            wrong = {s: r["content"] for s, r in operation["responses"].items() if int(s) >= 400}
            assert {"400", "401", "403", "405", "409", "422", "500", "503", "507"} <= set(wrong)
            assert all(set(content) == {"application/problem+json"} for content in wrong.values())


def test_a_request_sent_again_with_its_key_is_worked_on_once(
    browser: Browser, assistant: FakeAssistant
) -> None:
    def ask(key: str, question: str = QUESTION) -> Response:
        return browser.post("/api/v1/answers", json={"question": question}, headers={"idempotency-key": key})

    first, again = ask("k1"), ask("k1")
    assert (first.status_code, again.status_code) == (201, 201) and first.content == again.content
    assert "idempotency-replayed" not in first.headers and again.headers["idempotency-replayed"] == "true"
    assert len(assistant.asked) == 1
    refused = ask("k1", "Another question?")
    assert (refused.status_code, refused.json()["code"]) == (409, "request.key_reused")
    assert ask("k2").json()["id"] != first.json()["id"]
    assistant.planned.append(StorageFull("Full.", do="Free some."))
    assert ask("k3").status_code == 507 and ask("k3").status_code == 201
    assert browser.post(
        "/api/v1/answers", json={"question": QUESTION}, headers={"idempotency-key": "x" * 256}
    ).status_code == 422  # fmt: skip


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (b'{"question": "x", "citizen": "z1"}', True),
        (b'{"agreements": [{"citizen": "z1"}]}', True),
        (b'{"question": "a citizen", "citizen": ""}', False),
        (b'{"question": "x"}', False),
        (b"not json", False),
    ],
)
def test_a_request_about_a_person_is_known(body: bytes, about: bool) -> None:
    assert about_a_person(body) is about


def test_a_reply_about_a_person_is_not_kept_and_nothing_is_asked_twice(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'g.db'}")
    replies = Replies(store)
    assert replies.begin("p1", "k", "h") is None
    replies.end("p1", "k", Reply(NOT_KEPT, b""))
    with pytest.raises(KeyReused, match="not kept"):
        replies.begin("p1", "k", "h")
    store.close()


def test_an_address_answers_a_request_about_a_person_once_and_keeps_no_word_of_it(
    browser: Browser, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.web.api.once.about_a_person", lambda body: b"advance" in body)
    send = {"json": {"question": "Can an advance be repaid later?"}, "headers": {"idempotency-key": "k9"}}
    first, again = browser.post("/api/v1/answers", **send), browser.post("/api/v1/answers", **send)
    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "request.key_reused")
    assert len(assistant.asked) == 1
    with assistant.store.read() as connection:
        (row,) = connection.execute(select(tables.replies)).all()
    assert row.body == b"" and row.status == NOT_KEPT


def test_two_at_once_with_one_key_ask_once(browser: Browser, assistant: FakeAssistant) -> None:
    assistant.answering.clear()
    statuses: list[int] = []

    def ask() -> None:
        made = browser.post("/api/v1/answers", json={"question": QUESTION}, headers={"idempotency-key": "k"})
        statuses.append(made.status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    while len(statuses) < 1:
        time.sleep(0.01)
    assistant.answering.set()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409] and len(assistant.asked) == 1


def test_a_job_is_started_watched_from_any_point_and_stopped(
    browser: Browser, assistant: FakeAssistant
) -> None:
    job = browser.post("/api/v1/jobs", json={"question": QUESTION})
    assert job.status_code == 202
    where = f"/api/v1/jobs/{job.json()['id']}"
    told = browser.get(f"{where}/events")
    assert told.headers["content-type"].startswith("text/event-stream")
    kinds = re.findall(r"^event: (\w+)$", told.text, flags=re.M)
    ids = re.findall(r"^id: (\d+)$", told.text, flags=re.M)
    assert kinds == ["stage"] * 3 + ["sentence"] * 2 + ["answer"] and ids == [str(n) for n in range(1, 7)]
    later = browser.get(f"{where}/events", headers={"last-event-id": "4"}).text
    assert re.findall(r"^id: (\d+)$", later, flags=re.M) == ["5", "6"]
    assert browser.get(f"{where}/events", headers={"last-event-id": "99999999999"}).text.strip() == ""
    assert browser.get(where).json()["state"] == "done"
    assert browser.get("/api/v1/jobs/a0/events").status_code == 404

    assistant.answering.clear()
    other = browser.post("/api/v1/jobs", json={"question": QUESTION}).json()["id"]
    assert browser.post(f"/api/v1/jobs/{other}/cancel").status_code == 200
    ended = browser.get(f"/api/v1/jobs/{other}/events").text
    assert re.findall(r"^event: (\w+)$", ended, flags=re.M)[-1] == "cancelled"
    assistant.answering.set()


def test_past_answers_are_turned_page_by_page(browser: Browser) -> None:
    asked = [
        browser.post("/api/v1/answers", json={"question": f"What is paid {n}?"}).json()["id"]
        for n in range(5)
    ]
    seen, before = [], None
    for _ in range(3):
        given = {"limit": "2", **({"before": str(before)} if before is not None else {})}
        page = browser.get("/api/v1/answers", params=given).json()
        seen += [one["id"] for one in page["answers"]]
        before = page["before"]
    assert seen == asked[::-1] and before is None


def test_a_doubt_goes_through_the_api_from_contest_to_ruling(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    colleague, expert = new_browser().sign_in("Robin").acknowledge(), new_browser().sign_in("Ex", "expert")

    def post(who: Browser, address: str, body: dict[str, object]) -> Response:
        return who.post(f"/api/v1{address}", json=body, headers={"x-csrf-token": who.token("/notice")})

    answer = post(colleague, "/answers", {"question": QUESTION}).json()
    raised = post(
        colleague, f"/answers/{answer['id']}/reviews", {"why": "It is two months.", "sentences": [0]}
    )
    assert raised.status_code == 201
    review = raised.json()
    assert colleague.get("/api/v1/reviews").json()["reviews"][0]["id"] == review["id"]
    ruling = {"decision": "approve", "reason": "It is one month.", "answer_sha256": review["answer_sha256"]}
    assert post(colleague, f"/reviews/{review['id']}/ruling", ruling).status_code == 403
    assert post(expert, f"/reviews/{review['id']}/ruling", ruling).json()["ruling"]["decision"] == "approve"
    assert post(expert, f"/reviews/{review['id']}/ruling", ruling).json()["code"] == "review.closed"


def test_records_are_for_officers_and_the_switch_for_administrators(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    officer, admin = new_browser().sign_in("Jo", "officer"), new_browser().sign_in("Ad", "administrator")
    assert admin.get("/api/v1/ledger/verification?reason=check").status_code == 403
    verified = officer.get("/api/v1/ledger/verification", params={"reason": "monthly check"})
    assert verified.json()["ok"] is True
    assert officer.get("/api/v1/ledger/entries").status_code == 422
    entries = officer.get("/api/v1/ledger/entries", params={"reason": "monthly check", "limit": "1"}).json()
    assert len(entries["entries"]) == 1 and entries["after"] == 0
    assert assistant.ledger.entries(type="ledger.read")[-1].body["reason"] == "monthly check"
    proof = officer.get("/api/v1/ledger/entries/0/proof", params={"reason": "a request"})
    assert proof.status_code == 200 and proof.json()
    body = {"search_only": True, "reason": "Wrong rates."}
    for who, status in ((officer, 403), (admin, 200)):
        done = who.post("/api/v1/switch", json=body, headers={"x-csrf-token": who.token("/notice")})
        assert done.status_code == status
    assert officer.get("/api/v1/switch").json()["search_only"] is True


def test_the_notice_is_read_and_acknowledged(browser: Browser) -> None:
    browser.sign_in()
    assert browser.get("/api/v1/me").json()["may_ask"] is False
    assert (
        "notice" in browser.get("/api/v1/notice").json()["id"] or browser.get("/api/v1/notice").json()["text"]
    )
    done = browser.post("/api/v1/notice/acknowledgement", headers={"x-csrf-token": browser.token("/notice")})
    assert done.status_code == 201 and browser.get("/api/v1/me").json()["may_ask"] is True


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    assistant = FakeAssistant(tmp_path_factory.mktemp("api"), stock(), questions_together=1_000_000)
    app = create_app(assistant)  # type: ignore[arg-type]

    async def from_this_machine(scope: dict, receive: Callable, send: Callable) -> None:  # type: ignore[type-arg]
        if scope["type"] == "http":
            headers = [(b"host", b"localhost"), *((n, v) for n, v in scope["headers"] if n != b"host")]
            scope = {**scope, "client": ("127.0.0.1", 50000), "headers": headers}
        await app(scope, receive, send)

    # What is too large is refused as such, before it is seen to be wrong otherwise too.
    refusals = {
        "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 409, 413, 415, 422]}
    }
    config = schemathesis.Config.from_dict({"checks": refusals})
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", from_this_machine, config=config)
    assistant.close()


OPERATIONS = [
    (method, path)
    for path, methods in sorted(METHODS.items())
    for method in methods.split()
    if not path.endswith("/events")  # a stream: see the tests of jobs
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_api_keeps_to_its_document(
    document: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    """Whatever is sent, the answer's status, media type and body are those that the document names."""
    operation = document[f"/api/v1{path}"][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    )  # fmt: skip
    def one(case: schemathesis.Case) -> None:
        # Not every string is a question (control characters, nothing but spaces), which a schema cannot say.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    try:
        one()
    except Unsatisfiable:
        pytest.skip("any text is valid here, so there is nothing invalid to send")
