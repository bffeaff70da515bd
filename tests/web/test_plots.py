"""What is drawn is what the table under it says, on every page that draws; where there is nothing, words say so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html

from assistant.answers import Outcome
from assistant.trends import Trends
from assistant.web.pages import plots
from governance.ledger import Ledger, Signer
from governance.store import Store
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.runs import write_run

Numbers = list[list[float]]


@dataclass
class Drawn:
    """A plot as it stands in a page."""

    title: str
    lengths: list[float]
    """Of the bars along the way in which they are measured, in the order in which they are drawn."""
    points: list[tuple[float, float]]
    texts: list[str]
    headings: list[str]
    names: list[str]
    numbers: Numbers


def drawn(page: str, id: str, *, upright: bool = False) -> Drawn:
    """The plot of an id, and the table in the same figure."""
    tree = html.fromstring(page)
    (svg,) = [one for one in tree.iter("svg") if f"{id}-title" in one.get("aria-labelledby", "")]
    assert svg.get("role") == "img"
    assert all(tree.get_element_by_id(name).text for name in svg.get("aria-labelledby").split())
    assert not [one for one in svg.iter() if one.tag in ("style", "script") or "style" in one.attrib]
    figure = svg.getparent()
    rows = [[cell.text_content().strip() for cell in row] for row in figure.findall(".//tbody/tr")]
    line = svg.find("polyline")
    return Drawn(
        title=svg.find("title").text,
        lengths=[float(bar.get("height" if upright else "width")) for bar in svg.iter("rect")],
        points=[tuple(map(float, at.split(","))) for at in line.get("points").split()] if line is not None else [],  # type: ignore[misc]
        texts=[one.text or "" for one in svg.iter("text")],
        headings=[cell.text_content() for cell in figure.findall(".//thead//th")],
        names=[row[0] for row in rows],
        numbers=[[float(re.sub(r"[^\d.]", "", cell)) for cell in row[1:]] for row in rows],
    )  # fmt: skip


def in_measure(lengths: list[float], values: list[float]) -> bool:
    """Whether lengths are to one another as values are."""
    scale = max(lengths) / max(values)
    return all(abs(length - value * scale) < 0.15 for length, value in zip(lengths, values, strict=True))


@pytest.fixture
def administrator(browser: Browser) -> Browser:
    return browser.sign_in("Ad", "administrator")


def test_questions_by_outcome_are_drawn_as_the_table_says(
    administrator: Browser, assistant: FakeAssistant
) -> None:
    for outcome, times in ((Outcome.NOT_IN_GUIDANCE, 3), (Outcome.SAFEGUARDING, 1)):
        for n in range(times):
            assistant.planned.append(outcome)
            assistant.ask(f"What is nowhere, {n}?")
    for n in range(5):
        assistant.ask(f"What is the standard allowance, {n}?")
    one = drawn(administrator.get("/administration/figures").text, "becoming", upright=True)
    assert one.headings == [
        "Week from",
        "Answered from guidance",
        "Not found in the guidance",
        "Safeguarding",
    ]
    assert [sum(column) for column in zip(*one.numbers, strict=True)] == [5, 3, 1]
    assert in_measure(one.lengths, [row[n] for n in range(3) for row in one.numbers])
    assert [text for text in one.texts if ":" in text] == [
        "Answered from guidance: 5",
        "Not found in the guidance: 3",
        "Safeguarding: 1",
    ]
    assert one.names[0] in one.texts and one.names[-1] in one.texts


def test_steps_are_drawn_as_the_table_says(administrator: Browser, assistant: FakeAssistant) -> None:
    for n in range(20):
        stages = [{"name": "redact", "milliseconds": 10.0 + n}, {"name": "retrieve", "milliseconds": 40.0}]
        assistant.ledger.append(
            "answer",
            {"decision": {"outcome": "answered"}, "identity": {"stages": stages}},
            actor="p",
            subject=f"a{n}",
        )
    one = drawn(administrator.get("/administration/figures").text, "taking")
    assert (one.names, one.numbers) == (["redact", "retrieve"], [[20, 28], [40, 40]])  # 19.5 is said as 20
    assert in_measure(one.lengths, [19.5, 40])
    assert "20 ms, 28 ms" in one.texts


def test_nothing_asked_is_said_in_words_and_figures_are_not_for_everybody(
    administrator: Browser, new_browser: Callable[..., Browser]
) -> None:
    page = administrator.get("/administration/figures").text
    assert "Nothing was asked in the last 12 weeks." in page and "was timed" in page and "<svg" not in page
    assert new_browser().sign_in().get("/administration/figures").status_code == 403
    assert new_browser().sign_in("Jo", "officer").get("/administration/figures").status_code == 200


def test_gaps_are_drawn_as_the_table_says(browser: Browser, assistant: FakeAssistant) -> None:
    expert = browser.sign_in("Ex", "expert")
    assert "<svg" not in expert.get("/guidance/gaps").text
    long = "What does somebody who has moved between two flats in the same street pay for both of them?"
    for times, question in ((4, long), (2, "What is <b>nowhere</b>?")):
        for _ in range(times):
            assistant.planned.append(Outcome.NOT_IN_GUIDANCE)
            assistant.ask(question)
    one = drawn(expert.get("/guidance/gaps").text, "gaps")
    assert (one.names, one.numbers) == ([long, "What is <b>nowhere</b>?"], [[4], [2]])
    assert in_measure(one.lengths, [4, 2])
    assert long.startswith(one.texts[0].removesuffix(" …").removesuffix("…")) and len(one.texts[0]) <= 48


def test_risk_and_steps_of_a_run_are_drawn_as_the_tables_say(
    browser: Browser, assistant: FakeAssistant
) -> None:
    write_run(
        assistant.settings.data_dir, "run-1", asked_at="2026-11-01T10:00:00+00:00", recall=0.97, failing=[]
    )
    page = browser.sign_in("Ev", "evaluator").get("/evaluations/run-1").text
    curve = drawn(page, "risk")
    (x0, y0), (x1, y1) = curve.points[0], curve.points[-1]
    assert curve.numbers[0] == [2.5] and curve.names[0] == "10.0%" and curve.names[-1] == "100.0%"
    for (x, y), name, (risk,) in zip(curve.points, curve.names, curve.numbers, strict=True):
        assert x == pytest.approx(x0 + (float(name[:-1]) - 10) / 90 * (x1 - x0), abs=0.2)
        assert y == pytest.approx(y0 + (risk - 2.5) / 22.5 * (y1 - y0), abs=0.5)
    steps = drawn(page, "stages")
    assert (steps.names, steps.numbers) == (["whole", "retrieve", "redact"], [[70, 90], [20, 30], [30, 40]])
    assert in_measure(steps.lengths, [70, 20, 30])


def test_of_many_points_the_first_and_the_last_are_drawn_and_few_enough_to_read() -> None:
    points = [(n / 571, (n % 7) / 10) for n in range(1, 572)]
    one = plots.line("x", "X", "Said.", "Across", "Up", points)
    assert one is not None and 20 <= len(one.rows) <= 23
    assert (one.rows[0][0], one.rows[-1][0]) == ("0.2%", "100.0%")
    assert plots.line("x", "X", "Said.", "Across", "Up", []) is None
    assert plots.bars("x", "X", "Said.", [], ("Name", "Value")) is None


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Store, Ledger, list[dt.datetime]]]:
    """A ledger whose clock shows what it is told."""
    now = [dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)]
    store = Store.open(f"sqlite:///{tmp_path / 'governance.db'}")
    yield store, Ledger(store, signer=Signer.at(tmp_path / "key.pem"), clock=lambda: now[0]), now
    store.close()


def test_a_question_is_counted_in_the_week_of_its_day(
    kept: tuple[Store, Ledger, list[dt.datetime]],
) -> None:
    store, ledger, now = kept
    for day, outcome in ((7, "answered"), (13, "answered"), (14, "failed"), (30, "answered")):
        now[0] = now[0].replace(day=day, hour=23)
        ledger.append("answer", {"decision": {"outcome": outcome}}, actor="p", subject="a")
    ledger.append("answer", {"decision": {"outcome": "of a later release"}}, actor="p", subject="a")
    ledger.append("answer.read", {"decision": {"outcome": "answered"}}, actor="p", subject="a")
    weeks = Trends(store).weeks(dt.date(2026, 9, 30), 4)
    assert [week.begins.day for week in weeks] == [7, 14, 21, 28]
    assert [dict(week.outcomes) for week in weeks] == [
        {Outcome.ANSWERED: 2},
        {Outcome.FAILED: 1},
        {},
        {Outcome.ANSWERED: 1},
    ]
    assert [week.outcomes.total() for week in Trends(store).weeks(dt.date(2026, 9, 30), 1)] == [1]
