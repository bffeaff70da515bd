"""From a doubt to a ruling that reaches whoever relied on the answer, through the pages without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.review import Decision
from governance.errors import IngestRunning
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"
WORDING = "It is 13 months where there is a good reason."


@pytest.fixture
def answered(colleague: Browser) -> str:
    return colleague.ask(QUESTION).url.path


@pytest.fixture
def expert(new_browser: Callable[..., Browser]) -> Browser:
    return new_browser().sign_in("Sam", "expert").acknowledge()


def contest(browser: Browser, answered: str, why: str = "Jo Bloggs had 13 months.", **fields: str) -> str:
    page = browser.fill(f"{answered}/contest", why=why, **{"kind": "contested", "sentences": "0", **fields})
    assert page.url.path.startswith("/reviews/r"), page.text
    return page.url.path


def rule(browser: Browser, review: str, **fields: str) -> object:
    page = browser.get(review).text
    sha = re.search(r'name="answer_sha256" value="([0-9a-f]{64})"', page)
    given = {"decision": "amend", "reason": "Page 4.", "wording": WORDING, "until": "2099-01-31", **fields}
    return browser.fill(f"{review}/ruling", page=review, answer_sha256=sha[1] if sha else "0" * 64, **given)


def test_a_doubt_reaches_an_expert_and_the_ruling_comes_back(
    colleague: Browser, answered: str, expert: Browser, assistant: FakeAssistant
) -> None:
    assert f'href="{answered}/contest"' in colleague.get(answered).text
    review = contest(colleague, answered)
    assert "&lt;PERSON_1&gt; had 13 months." in colleague.get(review).text
    assert "Your ruling" not in colleague.get(review).text
    assert "Contested: waits for an expert" in colleague.get(answered).text
    assert review in expert.get("/reviews").text
    assert "Nothing waits" not in colleague.get("/reviews").text
    ruled = rule(expert, review)
    assert "The answer is replaced" in ruled.text
    assistant.intake.wait()
    assert assistant.taken_in == ["notes"]
    news = colleague.get("/").text
    assert "An expert has ruled" in news
    assert WORDING in colleague.get(review).text
    assert "An expert has ruled<" not in colleague.get("/").text
    assert "An expert has ruled on this answer" in colleague.get(answered).text
    assert review in expert.get("/reviews?state=all").text
    assert "Nothing waits" in expert.get("/reviews").text


def test_colleagues_add_views_and_others_see_nothing(
    colleague: Browser, answered: str, expert: Browser, new_browser: Callable[..., Browser]
) -> None:
    review = contest(colleague, answered)
    page = expert.fill(f"{review}/views", page=review, text="I agree with this.", agrees="true")
    assert "Shares the doubt" in page.text
    stranger = new_browser().sign_in("Alex").acknowledge()
    assert stranger.get(review).status_code == 404
    assert review not in stranger.get("/reviews").text
    assert stranger.fill(f"{review}/views", page="/", text="x", agrees="true").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"decision": ""}, "Nothing was decided"),
        ({"reason": " "}, "Nothing was written"),
        ({"wording": ""}, "An amendment needs a wording"),
        ({"until": ""}, "A wording needs a last day"),
        ({"until": "next year"}, "is not a date"),
        ({"answer_sha256": "1" * 64}, "is on another text"),
    ],
)
def test_what_was_typed_comes_back_with_the_error(
    colleague: Browser, answered: str, expert: Browser, fields: dict[str, str], said: str
) -> None:
    review = contest(colleague, answered)
    given = {"decision": "amend", "reason": "A reason to keep", "wording": WORDING, "until": "2099-01-31"}
    sha = re.search(r'name="answer_sha256" value="([0-9a-f]{64})"', expert.get(review).text)
    assert sha
    page = expert.fill(f"{review}/ruling", page=review, **{**given, "answer_sha256": sha[1], **fields})
    assert page.status_code in (409, 422)
    assert said in page.text
    assert (fields.get("wording") or given["wording"] if "wording" not in fields else "") in page.text
    assert expert.get("/reviews").text.count(review) == 1


def test_an_empty_doubt_and_an_empty_view_are_said(
    colleague: Browser, answered: str, expert: Browser
) -> None:
    page = colleague.fill(f"{answered}/contest", why="  ", kind="asked", sentences="0")
    assert page.status_code == 422
    assert 'href="#why"' in page.text
    assert re.search(r'value="asked"\s+checked', page.text)
    assert re.search(r'name="sentences"[^>]*value="0"\s+checked', page.text)
    review = contest(colleague, answered)
    assert "Nothing was chosen" in expert.fill(f"{review}/views", page=review, text="kept text").text
    assert "Nothing was written" in expert.fill(f"{review}/views", page=review, text="", agrees="false").text


def test_an_expert_does_not_rule_on_their_own(expert: Browser) -> None:
    review = contest(expert, expert.ask(QUESTION).url.path)
    page = expert.get(review).text
    assert "Give the ruling" not in page
    assert "neither asked nor contested" in page


def test_a_note_waits_while_guidance_is_taken_in(
    colleague: Browser, answered: str, expert: Browser, assistant: FakeAssistant
) -> None:
    review = contest(colleague, answered)
    assistant.intake_fails += [IngestRunning("Another ingest is running.", do="Wait.")] * 20
    page = rule(expert, review)
    assert "It is being taken in" in page.text
    assistant.intake.wait()
    assert "It is being taken in" not in expert.get(review).text
    assert assistant.taken_in == ["notes"]


def test_a_form_of_another_session_changes_nothing(
    colleague: Browser, answered: str, expert: Browser, assistant: FakeAssistant
) -> None:
    review = contest(colleague, answered)
    before = assistant.ledger.size()
    page = expert.post(
        f"{review}/ruling", data={"token": "x", "decision": Decision.REJECT, "reason": "kept words"}
    )
    assert page.status_code == 403
    assert "kept words" in page.text
    assert colleague.post(f"{answered}/contest", data={"why": "also kept", "token": "x"}).status_code == 403
    assert assistant.ledger.size() == before
