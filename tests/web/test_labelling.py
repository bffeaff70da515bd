"""Two people label answers in the pages, blind, with JavaScript off; where they differ is listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.labels import read_labels
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.runs import write_answers

NAME = "sample-1"
FORM = f"/labelling/{NAME}/answer"


@pytest.fixture
def folder(assistant: FakeAssistant) -> Path:
    return write_answers(assistant.settings.data_dir, NAME)


@pytest.fixture
def rater(browser: Browser, folder: Path) -> Browser:
    return browser.sign_in("Eve", "evaluator")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def give(browser: Browser, value: str, address: str = FORM) -> str:
    page = browser.get(address).text
    fields = {name: hidden(page, name) for name in ("token", "number", "answer")}
    return browser.post(FORM, data={**fields, "value": value} if value else fields).text


def test_an_answer_is_shown_without_what_would_tell_a_rater_what_to_think(rater: Browser) -> None:
    pages = [rater.get(f"{FORM}?number={n}").text for n in (1, 2, 3)]
    every = "".join(pages)
    for told in ("EXPECTED", "EXPLAINED", "near-miss", "near_miss", "0.123"):
        assert told not in every, told
    for shown in ("&lt;b&gt;paid&lt;/b&gt; in year 1?", "Earlier: Is it weekly?", "It is £2.", "Quoted from sample:rates: It is £2. Weekly.",
                  "Nothing was quoted.", "Wales, as at 2 November 2026", "Not taken in"):  # fmt: skip
        assert shown in every, shown
    assert "<b>paid" not in every and " checked" not in every


def test_a_label_is_kept_recorded_and_can_be_thought_over(
    rater: Browser, folder: Path, assistant: FakeAssistant
) -> None:
    assert "Answer 2 of 3" in give(rater, "partly")
    [kept] = read_labels(folder)
    assert kept.value == "partly" and kept.rater.startswith("person-")
    [entry] = [e for e in assistant.ledger.entries() if e.type == "evaluation.labelled"]
    assert (entry.actor, entry.subject, entry.body["new"]) == (kept.rater, NAME, 1)
    page = rater.get(f"/labelling/{NAME}").text
    assert (
        "You have labelled 1 of 3 answers" in page and "partly" in page and "Nobody else has labelled" in page
    )
    assert re.search(r'value="partly" checked', rater.get(f"{FORM}?number=1").text)
    give(rater, "wrong", f"{FORM}?number=1")
    assert [x.value for x in read_labels(folder)] == ["wrong"]
    give(rater, "right")
    assert "You have labelled them all" in give(rater, "right")
    assert "You have labelled them all" in rater.get(FORM).text


def test_two_raters_do_not_see_each_other_until_both_have_labelled(
    rater: Browser, new_browser: Callable[..., Browser], folder: Path
) -> None:
    expert = new_browser().sign_in("Xan", "expert")
    for _ in range(3):
        give(rater, "harmful")
    page = expert.get(f"/labelling/{NAME}").text
    assert "harmful" not in page and "Nobody else has labelled what you have" in page
    assert all(" checked" not in expert.get(f"{FORM}?number={n}").text for n in (1, 2, 3))
    give(expert, "right")
    page = expert.get(f"/labelling/{NAME}").text
    assert (
        "1 answer was labelled by you and another; 1 differently" in page
        and page.count('<td class="govuk-table__cell">harmful') == 1
    )
    for _ in range(2):
        give(expert, "harmful")
    assert (
        "3 answers were labelled by you and another; 1 differently" in expert.get(f"/labelling/{NAME}").text
    )
    orders = [
        [b.get(f"{FORM}?number={n}").text.split("in year ")[1][0] for n in (1, 2, 3)] for b in (rater, expert)
    ]
    assert sorted(orders[0]) == sorted(orders[1]) == ["0", "1", "2"]
    listed = expert.get("/labelling").text
    assert NAME in listed and "Labelled by you" in listed


def test_nothing_chosen_a_changed_answer_or_another_session_is_refused_and_keeps_nothing(
    rater: Browser, folder: Path
) -> None:
    page = give(rater, "")
    assert "No label was chosen" in page and 'href="#value"' in page and "Answer 1 of 3" in page
    assert "No label was chosen" in give(rater, "splendid")
    shown = rater.get(FORM).text
    fields = {name: hidden(shown, name) for name in ("token", "number", "answer")}
    for changed, said in (
        ({"answer": "0" * 64}, "not the one that was shown"),
        ({"token": "x"}, "another session"),
    ):
        response = rater.post(FORM, data={**fields, "value": "right", **changed})
        assert response.status_code >= 400 and said in response.text
    assert rater.post(FORM, data={**fields, "value": "right", "number": "9"}).status_code == 404
    assert read_labels(folder) == ()


@pytest.mark.parametrize("address", ["", "/sample-1", "/sample-1/answer"])
@pytest.mark.parametrize("role", ["colleague", "officer", "administrator"])
def test_labelling_is_for_evaluators_and_experts(
    browser: Browser, folder: Path, role: str, address: str
) -> None:
    assert browser.sign_in("Jo", role).get(f"/labelling{address}").status_code == 403


def test_what_is_no_finished_run_is_not_there(rater: Browser, assistant: FakeAssistant) -> None:
    runs = assistant.settings.data_dir / "evaluations"
    for name, about in (("half", None), ("broken", "{"), ("empty", '{"suite": "x", "cases": 0}')):
        (runs / name).mkdir()
        if about is not None:
            (runs / name / "run.json").write_text(about)
    assert rater.get("/labelling").text.count('href="/labelling/') == 1
    for name in ("half", "nothing", "%2e%2e%2fkeys"):
        assert rater.get(f"/labelling/{name}").status_code == 404
    (runs / NAME / "results.jsonl").write_text('{"case"')
    page = rater.get(f"/labelling/{NAME}")
    assert page.status_code == 422 and "Traceback" not in page.text
