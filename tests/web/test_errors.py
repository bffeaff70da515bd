"""Every error is a page in plain words with what to do, and a problem document under /api."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from governance import errors
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser


def every_error(
    root: type[errors.FrontlineError] = errors.FrontlineError,
) -> list[type[errors.FrontlineError]]:
    return [root, *(one for child in root.__subclasses__() for one in every_error(child))]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.code)
def test_every_error_is_a_page_and_a_problem(
    colleague: Browser, assistant: FakeAssistant, kind: type[errors.FrontlineError]
) -> None:
    assistant.planned += [kind("What went wrong.", do="What to do.")] * 2
    page = colleague.ask("What is paid?")
    assert page.status_code == kind.status
    if kind is errors.AnswerCancelled:  # only whoever asked can stop an answer, and a page tells them so
        assert "was stopped" in page.text
    else:
        assert "What went wrong." in page.text and "What to do." in page.text
    assert ">What is paid?</textarea>" in page.text
    problem = colleague.post(
        "/api/v1/answers", json={"question": "What is paid?"}, headers={"x-csrf-token": colleague.token("/")}
    )
    assert problem.status_code == kind.status
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json() == {
        "type": f"urn:frontline:{kind.code}",
        "title": problem.json()["title"],
        "status": kind.status,
        "detail": "What went wrong.",
        "code": kind.code,
        "do": "What to do.",
    }


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/nowhere", 404, "request.address_unknown"),
        ("GET", "/static/nothing.css", 404, "request.address_unknown"),
        ("GET", "/answers/a0", 404, "answer.unknown"),
        ("GET", "/guidance/d0", 404, "document.unknown"),
        ("DELETE", "/", 405, "request.method"),
        ("GET", "/conversation", 405, "request.method"),
    ],
)
def test_pages_that_are_not_there(
    colleague: Browser, method: str, address: str, status: int, code: str
) -> None:
    page = colleague.request(method, address)
    assert page.status_code == status
    assert code in page.text and "Go to the page on which you ask" in page.text
    assert page.headers["content-type"].startswith("text/html")


def test_too_much_is_not_read(colleague: Browser, assistant: FakeAssistant) -> None:
    page = colleague.ask("x" * 100_000)
    assert page.status_code == 413 and "Go back, and ask in a few sentences." in page.text
    problem = colleague.post(
        "/api/v1/answers", content=b"x" * 5_000_000, headers={"content-type": "application/json"}
    )
    assert (problem.status_code, problem.json()["code"]) == (413, "request.too_large")
    assert problem.json()["do"] == "Send a shorter body; a question takes a few sentences."
    assert not assistant.asked


def test_the_longest_question_allowed_is_read(colleague: Browser, assistant: FakeAssistant) -> None:
    assert colleague.ask("😀" * 1990 + " pay").status_code == 200
    assert len(assistant.asked[-1][0]) == 1994


def test_a_form_that_cannot_be_read(colleague: Browser) -> None:
    page = colleague.post("/", content=b"--x", headers={"content-type": "multipart/form-data"})
    assert page.status_code == 400 and "request.malformed" in page.text


def test_a_field_of_the_wrong_type_is_named_without_its_value(colleague: Browser) -> None:
    page = colleague.post("/", files={"question": ("secret.txt", b"QQ123456C")})
    assert page.status_code == 422 and "question" in page.text and "QQ123456C" not in page.text


def test_a_fault_of_ours_is_a_page_too(
    new_browser: Callable[..., Browser], assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    browser = new_browser(raise_server_exceptions=False).sign_in().acknowledge()
    assistant.planned += [ZeroDivisionError("secret question"), ZeroDivisionError("secret question")]
    page = browser.ask("What is paid?")
    assert page.status_code == 503 and "Something broke on the way" in page.text and "secret" not in page.text
    assert page.headers["content-security-policy"]
    token = browser.token("/")
    problem = browser.post("/api/v1/answers", json={"question": "What?"}, headers={"x-csrf-token": token})
    assert problem.status_code == 500 and problem.json()["code"] == "error"
    assert "secret" not in caplog.text


def test_models_that_cannot_be_loaded_are_named(
    browser: Browser, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.cannot_load = errors.ModelMissing("The model minilm is not installed.", do="Fetch it.")
    with browser:
        browser.app.state.desk.warm_up.done.wait(10)  # type: ignore[attr-defined]
        told = browser.get("/readyz")
    assert told.status_code == 503 and told.json()["parts"]["warm_up"] == "The model minilm is not installed."
    assert "model.missing" in caplog.text and browser.get("/healthz").status_code == 200


def test_health(browser: Browser, assistant: FakeAssistant) -> None:
    assert browser.get("/healthz").json() == {"status": "alive"}
    waiting = browser.get("/readyz")
    assert waiting.status_code == 503 and waiting.json()["waiting_for"] == ["warm_up"]
    with browser:
        browser.app.state.desk.warm_up.done.wait(10)  # type: ignore[attr-defined]
        assert browser.get("/readyz").json()["ready"] is True
        assistant.parts["snapshot"] = "nothing has been ingested"
        broken = browser.get("/readyz")
        assert broken.status_code == 503 and broken.json()["waiting_for"] == ["snapshot"]
    assert "set-cookie" not in browser.get("/readyz").headers
