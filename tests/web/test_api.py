"""The API: the same values under the same names, and nothing undocumented."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant.answers import Answer
from assistant.web.app import create_app
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.stock import stock

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


def test_method_not_taken_names_those_that_are(browser: Browser) -> None:
    refused = browser.put("/api/v1/answers")
    assert refused.status_code == 405 and refused.headers["allow"] == "POST"
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_document_names_every_status_with_problems(browser: Browser) -> None:
    paths = browser.get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {"/api/v1/answers", "/api/v1/answers/{answer_id}", "/api/v1/search"}
    for operations in paths.values():
        for operation in operations.values():
            wrong = {s: r["content"] for s, r in operation["responses"].items() if int(s) >= 400}
            assert {"400", "401", "403", "405", "409", "422", "500", "503", "507"} <= set(wrong)
            assert all(set(content) == {"application/problem+json"} for content in wrong.values())


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    assistant = FakeAssistant(tmp_path_factory.mktemp("api"), stock())
    app = create_app(assistant)  # type: ignore[arg-type]

    async def from_this_machine(scope: dict, receive: Callable, send: Callable) -> None:  # type: ignore[type-arg]
        if scope["type"] == "http":
            headers = [(b"host", b"localhost"), *((n, v) for n, v in scope["headers"] if n != b"host")]
            scope = {**scope, "client": ("127.0.0.1", 50000), "headers": headers}
        await app(scope, receive, send)

    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", from_this_machine)
    assistant.close()


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        ("POST", "/api/v1/answers", GenerationMode.POSITIVE),
        ("POST", "/api/v1/answers", GenerationMode.NEGATIVE),
        ("GET", "/api/v1/answers/{answer_id}", GenerationMode.POSITIVE),  # any text is an id that might be
        ("POST", "/api/v1/search", GenerationMode.POSITIVE),
        ("POST", "/api/v1/search", GenerationMode.NEGATIVE),
    ],
)
def test_the_api_keeps_to_its_document(
    document: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    """Whatever is sent, the answer's status, media type and body are those that the document names."""

    @given(case=document[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def one(case: schemathesis.Case) -> None:
        # Not every string is a question (control characters, nothing but spaces), which a schema cannot say.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    one()
