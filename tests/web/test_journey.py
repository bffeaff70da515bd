"""The way of a question through the pages, without JavaScript: sign in, acknowledge, ask, read, check the source."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from markupsafe import escape

from assistant.answers import Outcome
from assistant.web.pages import under_way
from governance import tables
from governance.errors import IndexEmpty, RecordFailed
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.stock import RATES, RECONSIDERATION

QUESTION = "How long does a claimant have to ask for a mandatory reconsideration?"
CLAIM = "A claimant must ask for a mandatory reconsideration within one month of the date of the decision."


def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(browser: Browser) -> None:
    response = browser.get("/guidance", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?next=/guidance"
    done = browser.fill("/sign-in", name="Robin", role="colleague", next="/guidance")
    assert "how questions are used" in done.text.lower()
    assert browser.fill("/notice", next="/guidance").url.path == "/guidance"


def test_the_notice_comes_before_the_first_question_and_is_recorded(
    browser: Browser, assistant: FakeAssistant
) -> None:
    browser.sign_in()
    assert browser.get("/").url.path == "/notice"
    browser.acknowledge()
    assert browser.get("/").url.path == "/"
    assert [entry.type for entry in assistant.ledger.entries()] == ["session.began", "agreement.given"]


def test_a_question_is_answered_with_its_sources_marked(colleague: Browser) -> None:
    page = colleague.ask(QUESTION, nation="wales", day="1", month="6", year="2026")
    assert re.fullmatch(r"/answers/a[0-9a-f]+", page.url.path)
    assert page.history[0].status_code == 303
    assert "Answered from guidance" in page.text
    assert f"<mark>{CLAIM}</mark>" in page.text
    for said in (
        "Wales, as at 1 June 2026",
        "from 6 April 2026",
        "1 April 2027",
        "It is not policy.",
        "Time limit",
    ):
        assert said in page.text, said


def test_nation_and_date_are_kept_for_the_next_question(colleague: Browser) -> None:
    colleague.ask(QUESTION, nation="scotland", day="1", month="6", year="2026")
    page = colleague.get("/").text
    assert re.search(r'value="scotland"\s+checked', page)
    assert re.search(r'id="date-year"[^>]*value="2026"', page)
    assert not re.search(r'value="wales"\s+checked', page)


def test_the_conversation_lists_this_session_s_answers_only(colleague: Browser) -> None:
    first = colleague.ask(QUESTION).url.path
    assert first in colleague.get("/").text
    colleague.fill("/conversation", page="/")
    assert first not in colleague.get("/").text
    assert colleague.get(first).status_code == 200


def test_the_source_opens_at_the_passage(colleague: Browser) -> None:
    page = colleague.ask(QUESTION).text
    passage = RECONSIDERATION[1][0].id
    link = next(
        html.unescape(one)
        for one in re.findall(r'href="(/guidance/[^"]+)"', page)
        if one.endswith(f"#passage-{passage}")
    )
    document = colleague.get(link)
    assert f'id="passage-{passage}" role="region" aria-label="Cited passage"' in document.text
    assert f"<mark>{CLAIM}</mark>" in document.text
    assert document.text.count("<mark>") == 1
    assert "Can be asked" not in document.text and "through their journal" in document.text


def test_a_table_is_shown_as_a_table(colleague: Browser) -> None:
    document = colleague.get(f"/guidance/{RATES[0].document_id}")
    assert '<td class="govuk-table__cell">£400.14</td>' in document.text
    assert "| ---" not in document.text


def test_a_version_that_is_not_in_force_says_so(colleague: Browser, assistant: FakeAssistant) -> None:
    import dataclasses

    version, passages = RATES
    past = dataclasses.replace(
        version,
        id="vpast",
        metadata=dataclasses.replace(version.metadata, valid_to=version.metadata.valid_from),
    )
    assistant.snapshots.snapshot.add(
        (past, [dataclasses.replace(p, id="ppast", version_id="vpast") for p in passages])
    )
    assert "not in force today" in colleague.get(f"/guidance/{version.document_id}?version=vpast").text
    assert (
        "not in force today"
        not in colleague.get(f"/guidance/{version.document_id}?version={version.id}").text
    )


def test_the_explanation_is_a_page(colleague: Browser) -> None:
    answer = colleague.ask(QUESTION).url.path
    page = colleague.get(f"{answer}/explanation").text
    for said in ("Rationale", "Passages considered", "Steps taken", "The whole record", "configuration_hash"):
        assert said in page, said


def test_an_answer_that_was_not_found_lists_what_was_not_covered(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
    page = colleague.ask("Is xylophone tuition payable?")
    assert page.status_code == 200
    assert "Not found in the guidance" in page.text and "Not covered by the guidance found" in page.text


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_its_words(colleague: Browser, assistant: FakeAssistant, outcome: Outcome) -> None:
    from assistant.outcomes import outcomes

    assistant.planned.append(outcome)
    page = colleague.ask("Anything at all about payments")
    assert outcomes()[outcome].label in page.text
    assert str(escape(outcomes()[outcome].next_step)) in page.text


def test_personal_details_are_told_by_kind_and_the_text_comes_back(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    assistant.planned.append(Outcome.BLOCKED_PERSONAL_DATA)
    page = colleague.ask("How do I pay QQ123456C?")
    assert page.status_code == 422
    assert "Taken out before anything was searched or kept: National Insurance number." in page.text
    assert page.text.count("QQ123456C") == 1 and ">How do I pay QQ123456C?</textarea>" in page.text


@pytest.mark.parametrize(
    ("fields", "status", "said", "at"),
    [
        ({"question": " "}, 422, "No question was given.", "#question"),
        ({"question": "ab" * 1001}, 422, "the limit is 2000", "#question"),
        ({"question": "null \x00 byte"}, 422, "which is not text", "#question"),
        ({"question": "What?", "nation": "narnia"}, 422, "is not a nation", "#nation"),
        ({"question": "What?", "day": "31", "month": "2", "year": "2026"}, 422, "31/2/2026 is not a date", "#date-day"),
        ({"question": "What?", "day": "1"}, 422, "is not a date", "#date-day"),
        ({"question": "What?", "day": "١", "month": "2", "year": "2026"}, 422, "is not a date", "#date-day"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_comes_back_with_a_reason(
    colleague: Browser, fields: dict[str, str], status: int, said: str, at: str
) -> None:
    page = colleague.fill("/", **fields)
    assert page.status_code == status
    assert str(escape(said)) in page.text
    assert f'<a href="{at}">' in page.text
    assert "<title>Error: " in page.text
    if "\x00" not in fields["question"]:
        assert f">{fields['question']}</textarea>" in page.text
    if fields.get("day"):
        assert f'value="{fields["day"]}"' in page.text


@pytest.mark.parametrize(
    "error", [IndexEmpty("Nothing yet.", do="Ingest."), RecordFailed("No record.", do="Try again.")]
)
def test_a_failure_keeps_what_was_typed(
    colleague: Browser, assistant: FakeAssistant, error: Exception
) -> None:
    assistant.planned.append(error)
    page = colleague.ask(QUESTION, nation="wales")
    assert page.status_code == 503
    assert str(error) in page.text and f">{QUESTION}</textarea>" in page.text
    assert re.search(r'value="wales"\s+checked', page.text)


def test_a_session_that_ended_keeps_what_was_typed_through_sign_in_and_notice(browser: Browser) -> None:
    ended = browser.post("/", data={"question": QUESTION, "nation": "wales", "token": "of old"})
    assert ended.status_code == 401 and QUESTION in ended.text
    typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', ended.text))
    notice = browser.post("/sign-in", data={**typed, "name": "Robin", "role": "colleague"})
    typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', notice.text))
    asked = browser.post("/notice", data=typed)
    assert asked.status_code == 200 and f">{QUESTION}</textarea>" in asked.text
    assert re.search(r'value="wales"\s+checked', asked.text)


def test_line_ends_of_a_form_count_once(colleague: Browser, assistant: FakeAssistant) -> None:
    colleague.ask("first\r\nsecond")
    assert assistant.asked[-1][0] == "first\nsecond"


def test_a_set_nation_is_the_one_chosen(tmp_path_factory: pytest.TempPathFactory) -> None:
    from assistant.web.app import create_app
    from tests.web.stock import stock

    assistant = FakeAssistant(tmp_path_factory.mktemp("wales"), stock(), nation="wales")
    browser = Browser(create_app(assistant), base_url="http://localhost", client=("127.0.0.1", 1))  # type: ignore[arg-type]
    page = browser.sign_in().acknowledge().get("/").text
    assert re.search(r'value="wales"\s+checked', page) and 'value=""\n' not in page
    assistant.close()


def test_events_go_on_after_any_id_and_an_old_answer_comes_whole(
    colleague: Browser, assistant: FakeAssistant, new_browser: Callable[..., Browser]
) -> None:
    answer = colleague.ask(QUESTION).url.path
    for last in ("0", "3", "999999999999", "-1", "x", "\u0663"):
        told = colleague.get(f"{answer}/events", headers={"last-event-id": last.encode()})
        assert told.status_code == 200 and told.text.count("<article") == 1, last
    assert colleague.get(f"{answer}/events").text.count("\nid: ") >= 5
    with assistant.store.write() as connection:
        connection.execute(tables.job_events.delete())
        connection.execute(tables.jobs.delete())
    assert colleague.get(f"{answer}/events", headers={"last-event-id": "2"}).text.count("<article") == 1
    assert colleague.get("/answers/a0/events").status_code == 404
    assert new_browser().sign_in("Sam").get(f"{answer}/events").status_code == 404


def test_a_slow_answer_without_scripts_waits_carries_the_question_and_can_be_stopped(
    colleague: Browser, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way, "PATIENCE", 0.2)
    assistant.answering.clear()
    waiting = colleague.ask(QUESTION, nation="wales")
    assert waiting.status_code == 202 and "Your answer is being made" in waiting.text
    wait = re.search(r'action="(/answers/\w+/wait)"', waiting.text)
    assert wait
    typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', waiting.text))
    assert typed["question"] == QUESTION and typed["nation"] == "wales"
    assert colleague.post(wait[1], data=typed).status_code == 202
    assert "is being made" in colleague.get(wait[1].removesuffix("/wait")).text
    stopped = colleague.post(wait[1].replace("/wait", "/stop"), data=typed)
    assert f">{QUESTION}</textarea>" in stopped.text
    assistant.answering.set()
    again = colleague.ask(QUESTION)
    assert again.status_code == 200 and "Answered from guidance" in again.text


def test_personal_details_come_back_taken_out_and_only_their_kinds_are_kept(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    page = colleague.ask("What is Jo Bloggs paid?")
    assert page.status_code == 422 and "These were found: a name." in page.text
    assert ">What is &lt;PERSON_1&gt; paid?</textarea>" in page.text and "Bloggs" not in page.text
    (kept,) = assistant.ledger.entries(type="question.held_back")
    assert kept.body["types"] == ["PERSON"] and not assistant.asked
    assert colleague.ask("What is <PERSON_1> paid?").status_code == 200


def test_copying_to_case_notes_needs_the_sources_checked_and_is_recorded(
    colleague: Browser, assistant: FakeAssistant
) -> None:
    answer = colleague.ask(QUESTION, nation="wales").url.path
    refused = colleague.fill(f"{answer}/case-notes")
    assert refused.status_code == 422 and not assistant.ledger.entries(type="answer.copied")
    text = html.unescape(colleague.fill(f"{answer}/case-notes", checked="true").text)
    for said in (f"Asked: {QUESTION}", "For: Wales", CLAIM, "[1]", "in force from 6 April 2026", answer[9:]):
        assert said in text, said
    (kept,) = assistant.ledger.entries(type="answer.copied")
    assert kept.subject == answer[9:] and kept.body["sources_checked"] is True


def test_two_versions_stand_side_by_side(colleague: Browser, assistant: FakeAssistant) -> None:
    version, passages = RATES
    address = f"/guidance/{version.document_id}"
    assert colleague.get(f"{address}/changes").status_code == 404
    newer = dataclasses.replace(
        version, id="vnext", metadata=dataclasses.replace(version.metadata, valid_from=dt.date(2027, 4, 6))
    )
    text = passages[0].text.replace("depends on age", "depends on age and <b>household</b>")
    assistant.snapshots.snapshot.add(
        (newer, [dataclasses.replace(p, id="pnext", version_id="vnext", text=text) for p in passages])
    )
    page = colleague.get(f"{address}/changes?before={version.id}&after=vnext").text
    for said in (
        "valid from",
        "<del>The standard allowance depends on age.</del>",
        "and &lt;b&gt;household&lt;/b&gt;",
    ):
        assert said in page, said
    assert f"{address}/changes?after=vnext" in colleague.get(f"{address}?version=vnext").text
    assert colleague.get(f"{address}/changes?before=nothing").status_code == 404


def test_how_a_follow_up_was_read_can_be_put_right_and_asked_as_it_stands(colleague: Browser) -> None:
    page = colleague.ask("And the time limit?", nation="wales", day="1", month="6", year="2026").text
    assert "Read as: Earlier question: A claim. And the time limit?" in page
    form = page.partition("Change how it was read")[2].partition("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert fields.pop("token")
    assert fields == {"whole": "true", "nation": "wales", "day": "1", "month": "6", "year": "2026"}
    assert re.search(r"<textarea[^>]+>\s*A claim. And the time limit\?</textarea>", form)
    again = colleague.ask("And the time limit of a reconsideration?", **fields)
    assert "Wales, as at 1 June 2026" in again.text
    assert "Read as" not in again.text.partition("Earlier in this conversation")[0]


def test_a_reading_put_right_is_whole_still_after_signing_in_and_the_notice(browser: Browser) -> None:
    fields = {"question": "And the time limit?", "whole": "true"}
    notice = browser.fill("/sign-in", name="Robin", role="colleague", **fields)
    assert re.search(r'name="whole" value="True"', notice.text)
    given_back = browser.fill("/notice", **fields)
    assert re.search(r'name="whole"[^>]+value="true"[^>]+checked', given_back.text)
    assert "And the time limit?" in given_back.text
    assert 'name="whole"' not in browser.get("/").text
