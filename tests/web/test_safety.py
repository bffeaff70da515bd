"""What no page may let through: other sites, other hosts, other people's answers, scripts in guidance, forged sessions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.answers import Role
from assistant.web.guard import SECURITY_HEADERS
from assistant.web.sessions import COOKIE, Sessions
from governance.errors import OptionInvalid
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.stock import HOSTILE, SCRIPT

POSTS = ("/", "/sign-in", "/sign-out", "/notice", "/conversation")


@pytest.mark.parametrize(
    "address", ["/sign-in", "/", "/nowhere", "/healthz", "/static/frontline.css", "/api/v1/openapi.json"]
)
def test_every_response_carries_the_security_headers(browser: Browser, address: str) -> None:
    response = browser.get(address, follow_redirects=False)
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert "server" not in response.headers


def test_no_page_holds_inline_code_or_style_or_names_another_site(colleague: Browser) -> None:
    answer = colleague.ask("ask for a mandatory reconsideration").url.path
    for address in ("/", "/notice", "/guidance", answer, f"{answer}/explanation", "/nowhere"):
        text = colleague.get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", text), address
        assert set(re.findall(r'(?:src|action)="(?!/)([^"]*)"', text)) == set(), address


def test_a_script_in_guidance_stays_text(colleague: Browser) -> None:
    answer = colleague.ask("ziggurat guidance")
    document = colleague.get(f"/guidance/{HOSTILE[0].document_id}")
    for page in (answer, document, colleague.get("/guidance")):
        assert SCRIPT not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert 'href="javascript' not in page.text
        assert "\u200b" not in page.text and "\U000e0041" not in page.text
    assert "hidden" in document.text and "This is a note, not policy." in answer.text


def test_a_question_with_markup_stays_text(colleague: Browser) -> None:
    page = colleague.ask(f"mandatory {SCRIPT} reconsideration <img src=x onerror=alert(1)>")
    assert SCRIPT not in page.text and "<img" not in page.text


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize("token", ["", "forged", "\u00e9"])
def test_a_form_without_its_token_does_nothing(
    colleague: Browser, assistant: FakeAssistant, address: str, token: str
) -> None:
    before = assistant.ledger.size()
    response = colleague.post(
        address, data={"token": token, "question": "What is paid?", "name": "Eve", "role": "officer"}
    )
    assert response.status_code == 403
    assert assistant.ledger.size() == before and not assistant.asked
    assert "made for another session" in response.text
    if address == "/":
        assert ">What is paid?</textarea>" in response.text


def test_a_token_of_another_session_does_nothing(
    colleague: Browser, new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    other = new_browser().token()
    assert colleague.post("/", data={"token": other, "question": "What?"}).status_code == 403
    assert not assistant.asked


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_send_a_form_or_use_the_api(
    colleague: Browser, assistant: FakeAssistant, headers: dict[str, str]
) -> None:
    token = colleague.token("/")
    form = colleague.post("/", data={"token": token, "question": "What?"}, headers=headers)
    assert form.status_code == 403 and "another site" in form.text
    api = colleague.post(
        "/api/v1/answers", json={"question": "What?"}, headers={**headers, "x-csrf-token": token}
    )
    assert api.status_code == 403 and api.json()["code"] == "request.cross_site"
    assert colleague.get("/api/v1/answers/a1", headers=headers).status_code == 403
    assert not assistant.asked


def test_the_same_site_may(colleague: Browser) -> None:
    headers = {"origin": "http://localhost:8600", "sec-fetch-site": "same-origin"}
    done = colleague.post("/", data={"token": colleague.token("/"), "question": "What?"}, headers=headers)
    assert done.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8600", "[", ""]
)
def test_a_host_that_is_not_loopback_is_refused(browser: Browser, host: str) -> None:
    page = browser.get("/sign-in", headers={"host": host})
    assert page.status_code == 400 and "request.host" in page.text
    assert browser.get("/api/v1/openapi.json", headers={"host": host}).json()["code"] == "request.host"


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8600", "LOCALHOST"])
def test_loopback_names_are_served(browser: Browser, host: str) -> None:
    assert browser.get("/sign-in", headers={"host": host}).status_code == 200


def test_local_people_sign_in_on_this_machine_only(
    new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    elsewhere = new_browser(client="192.0.2.7")
    assert elsewhere.get("/sign-in").status_code == 403
    posted = elsewhere.post("/sign-in", data={"name": "Robin", "role": "officer"})
    assert posted.status_code == 403 and "serve.loopback_only" in posted.text
    api = new_browser(client="192.0.2.7").post("/api/v1/search", json={"question": "What?"})
    assert api.status_code == 403 and api.json()["code"] == "serve.loopback_only"
    assert assistant.ledger.size() == 0


def test_the_cookie_is_http_only_and_lax_and_new_at_sign_in(browser: Browser) -> None:
    first = browser.get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in first and "SameSite=Lax" in first and "Path=/" in first and "Max-Age=3600" in first
    token = browser.token()
    browser.sign_in()
    assert browser.token("/notice") != token


def test_a_forged_or_damaged_cookie_is_nobody(colleague: Browser) -> None:
    kept = colleague.cookies[COOKIE]
    for cookie in (kept[:-2] + "AA", "x", kept.split(".")[0], "e30.e30"):
        colleague.cookies.clear()
        colleague.cookies.set(COOKIE, cookie)
        assert colleague.get("/guidance").url.path == "/sign-in", cookie


def test_signing_out_ends_the_session(colleague: Browser) -> None:
    assert colleague.fill("/sign-out", page="/").url.path == "/sign-in"
    assert colleague.get("/").url.path == "/sign-in"


@pytest.mark.parametrize(
    "next_",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-out", "javascript:alert(1)"],
)
def test_sign_in_leads_to_pages_of_this_site_only(browser: Browser, next_: str) -> None:
    browser.sign_in()
    page = browser.post(
        "/notice", data={"token": browser.token("/notice"), "next": next_}, follow_redirects=False
    )
    assert (page.status_code, page.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("name", "role"), [("", "colleague"), ("x" * 41, "colleague"), ("Robin", "operator"), ("Robin", "king")]
)
def test_a_name_or_role_that_cannot_be_taken_comes_back(browser: Browser, name: str, role: str) -> None:
    page = browser.fill("/sign-in", name=name, role=role)
    assert page.status_code == 422 and "There is a problem" in page.text
    assert browser.get("/guidance").url.path == "/sign-in"


def test_another_s_answer_is_not_there_for_a_colleague_and_is_for_an_officer(
    colleague: Browser, new_browser: Callable[..., Browser]
) -> None:
    answer = colleague.ask("ask for a mandatory reconsideration").url.path
    other = new_browser().sign_in("Sam").acknowledge()
    assert other.get(answer).status_code == 404
    assert other.get(f"{answer}/explanation").status_code == 404
    assert other.get(f"/api/v1{answer}").status_code == 404
    officer = new_browser().sign_in("Jo", "officer").acknowledge().read_for()
    assert officer.get(f"{answer}/explanation").status_code == 200


def test_that_an_officer_read_another_s_answer_is_recorded(
    colleague: Browser, new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    answer = colleague.ask("ask for a mandatory reconsideration").url.path
    officer = new_browser().sign_in("Jo", "officer").acknowledge().read_for()
    officer.get(answer)
    read = assistant.ledger.entries(type="answer.read")
    assert [(one.subject, one.body["role"], one.body["reason"]) for one in read] == [
        (answer.rpartition("/")[2], "officer", "monthly review")
    ]
    colleague.get(answer)
    assert len(assistant.ledger.entries(type="answer.read")) == 1


def test_the_ledger_is_for_officers_and_their_reading_is_recorded(
    colleague: Browser, new_browser: Callable[..., Browser], assistant: FakeAssistant
) -> None:
    refused = colleague.get("/audit")
    assert refused.status_code == 403 and "person.not_permitted" in refused.text
    assert 'href="/audit"' not in colleague.get("/").text
    colleague.ask("ask for a mandatory reconsideration")
    page = new_browser().sign_in("Jo", "officer").acknowledge().read_for().get("/audit")
    assert page.status_code == 200 and "agreement.given" in page.text
    assert assistant.ledger.entries(type="ledger.read")


def test_a_ledger_that_was_changed_is_shown_as_such(browser: Browser, assistant: FakeAssistant) -> None:
    from sqlalchemy import text

    browser.sign_in("Jo", "officer").acknowledge().read_for()
    with assistant.store.write() as connection:
        for (guard,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {guard}"))
        connection.execute(text("UPDATE entries SET actor = 'nobody' WHERE \"index\" = 0"))
    page = browser.get("/audit/verification").text
    assert "Does not verify" in page and "Stop using the assistant" in page


def test_no_question_is_logged(
    colleague: Browser, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assistant.planned.append(OptionInvalid("Odd.", do="Mend."))
    colleague.ask("xylophone allowance")
    assert "xylophone" not in caplog.text


class TestSessions:
    """Time-outs by a clock of our own."""

    now = 1_000_000.0

    def sessions(self) -> Sessions:
        return Sessions(b"k" * 32, minutes=60, clock=lambda: self.now)

    def test_idle_and_absolute_time_outs(self) -> None:
        sessions = self.sessions()
        session = sessions.sign_in("Robin", Role.COLLEAGUE)
        cookie = sessions.write(session)
        self.now += 3600
        assert sessions.read(cookie) == session
        self.now += 1
        assert sessions.read(cookie) is None
        while self.now < 1_000_000 + 12 * 3600:
            cookie = sessions.write(session)
            self.now += 3000
        assert sessions.read(cookie) is None

    def test_the_same_name_is_the_same_pseudonym_here_and_nowhere_else(self) -> None:
        here = self.sessions()
        robin = here.sign_in("  Robin ", Role.COLLEAGUE)
        assert robin.person_id == here.sign_in("robin", Role.EXPERT).person_id
        assert robin.person_id != here.sign_in("Sam", Role.COLLEAGUE).person_id
        elsewhere = Sessions(b"x" * 32, minutes=60)
        assert elsewhere.sign_in("Robin", Role.COLLEAGUE).person_id != robin.person_id
        assert "robin" not in robin.person_id

    def test_another_installation_s_cookie_is_nobody(self) -> None:
        cookie = self.sessions().write(self.sessions().sign_in("Robin", Role.OFFICER))
        assert Sessions(b"x" * 32, minutes=60, clock=lambda: self.now).read(cookie) is None
