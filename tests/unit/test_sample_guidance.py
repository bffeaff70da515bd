"""The sample guidance is quoted word for word to colleagues, so every figure in it must name where it is from.

Markdown is checked in `documents/` (published as it is) and in `sources/` (from which HTML, DOCX and PDF are made).
"""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

GUIDANCE = Path(__file__).resolve().parents[2] / "sample_guidance"
PAGES = sorted([*GUIDANCE.glob("documents/**/*.md"), *GUIDANCE.glob("sources/**/*.md")])
PUBLISHED = {".md", ".html", ".docx", ".pdf"}
NATIONS = {"england", "wales", "scotland", "northern_ireland"}
ALWAYS = {
    "title",
    "uri",
    "publisher",
    "kind",
    "nations",
    "valid_from",
    "published_at",
    "review_due",
    "state",
    "licence",
    "notice",
    "checked_on",
    "checked",
}
SOMETIMES = {"valid_to", "withdrawn_at", "withdrawn_reason"}
NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen)"
FIGURE = re.compile(
    r"£\d+(?:,\d{3})*(?:\.\d+)?"
    r"|\b\d+(?:\.\d+)?(?:%| per cent\b)"
    rf"|(?<!every )\b{NUMBER} (?:(?:calendar|consecutive|full|further) )?(?:day|week|month|year)s?\b"
    r"|\b(?:aged?|under|over) \d+\b",
    re.IGNORECASE,
)
PLAIN_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
NOMINAL_START = timedelta(days=7)
"""Listed start dates are nominal: 1 April stands for the first Monday of the tax year."""


@dataclass(frozen=True)
class Page:
    """One Markdown page: its front matter, its body, and the days on which it answers."""

    path: Path
    fields: dict[str, Any]
    body: str

    @property
    def last_day(self) -> date:
        """The last day in force, inclusive; `date.max` where no end is known."""
        ends: list[date] = [self.fields.get("valid_to", date.max)]
        if "withdrawn_at" in self.fields:
            ends.append(self.fields["withdrawn_at"] - timedelta(days=1))
        return min(ends)

    def covered(self) -> list[tuple[int, int]]:
        """The spans of the body that lie within a checked quote."""
        quotes = {entry["quote"] for entry in self.fields["checked"]}
        return [found.span() for quote in quotes for found in re.finditer(re.escape(quote), self.body)]


def read(path: Path) -> Page:
    """Split a page into front matter and body; fails where the page has no front matter."""
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path} does not start with front matter"
    fields = yaml.safe_load(front)
    assert isinstance(fields, dict), f"{path}: front matter is not a mapping"
    return Page(path, fields, body)


def uncovered(page: Page) -> list[str]:
    """Figures in the body that lie outside every checked quote."""
    spans = page.covered()
    figures = FIGURE.finditer(page.body)
    return [f.group() for f in figures if not any(a <= f.start() and f.end() <= b for a, b in spans)]


def numbers(text: str) -> set[float]:
    """The plain numbers written in digits in a quote."""
    return {float(found.replace(",", "")) for found in PLAIN_NUMBER.findall(text)}


each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")


@each_page
def test_front_matter_is_whole(path: Path) -> None:
    fields = read(path).fields
    assert set(fields) >= ALWAYS
    assert set(fields) <= ALWAYS | SOMETIMES
    assert fields["kind"] in {"policy", "procedure", "note"}
    assert fields["licence"] == "MIT"
    assert fields["notice"].startswith("Sample guidance, not policy.")
    assert fields["uri"].startswith("sample:")
    assert fields["nations"] and set(fields["nations"]) <= NATIONS
    assert len(fields["nations"]) == len(set(fields["nations"]))


@each_page
def test_dates_are_in_order(path: Path) -> None:
    fields = read(path).fields
    names = ("valid_from", "valid_to", "published_at", "review_due", "withdrawn_at", "checked_on")
    given = {name: fields[name] for name in names if name in fields}
    assert all(type(value) is date for value in given.values()), given
    assert fields["valid_from"] <= fields.get("valid_to", date.max)
    assert fields["published_at"] <= fields["review_due"]
    assert fields["published_at"] <= fields["checked_on"]
    assert fields["state"] in {"current", "withdrawn"}
    withdrawn = fields["state"] == "withdrawn"
    assert withdrawn is ("withdrawn_at" in fields) is bool(fields.get("withdrawn_reason"))
    if withdrawn:
        assert fields["valid_from"] < fields["withdrawn_at"] <= fields["checked_on"]


@each_page
def test_body_begins_with_its_title_and_has_sections(path: Path) -> None:
    page = read(path)
    assert page.body.startswith(f"# {page.fields['title']}\n")
    assert page.body.count("\n## ") >= 4
    assert page.fields["notice"] not in page.body


@each_page
def test_every_checked_quote_stands_in_the_body(path: Path) -> None:
    page = read(path)
    for entry in page.fields["checked"]:
        assert set(entry) in ({"fact", "quote"}, {"law", "quote"}), entry
        assert all(isinstance(value, str) and value.strip() for value in entry.values()), entry
        assert entry["quote"] in page.body, entry["quote"]


@each_page
def test_every_figure_lies_within_a_checked_quote(path: Path) -> None:
    assert uncovered(read(path)) == []


@each_page
def test_facts_are_listed_with_that_value_at_that_time(path: Path, facts: dict[str, dict[str, Any]]) -> None:
    page = read(path)
    for entry in page.fields["checked"]:
        if "fact" not in entry:
            continue
        fact = facts[entry["fact"]]
        shares = [fact["value"], fact["value"] * 100] if fact["unit"] == "/1" else [fact["value"]]
        written = numbers(entry["quote"])
        assert any(abs(n - value) < 1e-9 for n in written for value in shares), entry
        begins = date.fromisoformat(fact["valid_from"])
        ends = date.fromisoformat(fact["valid_to"]) if fact["valid_to"] else date.max
        assert begins <= page.last_day and page.fields["valid_from"] < ends, entry
        checked_until = min(page.last_day, page.fields["checked_on"])
        assert checked_until < ends or checked_until - NOMINAL_START < ends, f"out of date: {entry}"


@pytest.fixture(scope="session")
def facts(shared_data: Path) -> dict[str, dict[str, Any]]:
    """The dated benefit figures beside the checkout, by id."""
    lines = (shared_data / "facts" / "rates.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


def test_pages_that_share_a_uri_are_in_force_at_different_times() -> None:
    by_uri: dict[str, list[Page]] = defaultdict(list)
    for page in map(read, PAGES):
        by_uri[page.fields["uri"]].append(page)
    for uri, pages in by_uri.items():
        ordered = sorted(pages, key=lambda page: page.fields["valid_from"])
        for earlier, later in itertools.pairwise(ordered):
            assert earlier.last_day < later.fields["valid_from"], f"{uri}: {earlier.path} and {later.path}"


def test_the_sample_shows_withdrawal_versions_and_single_nations() -> None:
    pages = [read(path) for path in PAGES]
    assert any(page.fields["state"] == "withdrawn" for page in pages)
    assert len({page.fields["uri"] for page in pages}) < len(pages)
    alone = {page.fields["nations"][0] for page in pages if len(page.fields["nations"]) == 1}
    assert {"scotland", "northern_ireland"} <= alone


def test_there_are_at_least_sixty_documents() -> None:
    published = [path for path in GUIDANCE.glob("documents/**/*") if path.suffix in PUBLISHED]
    assert len(published) >= 60


def test_a_figure_without_a_source_is_found() -> None:
    fields = {"checked": [{"law": "an Act", "quote": "£10 a week"}]}
    body = "Pay £10 a week, paid every 2 weeks, for six months after a 14% cut, aged 16, within one calendar month."
    assert uncovered(Page(Path("x.md"), fields, body)) == [
        "six months",
        "14%",
        "aged 16",
        "one calendar month",
    ]
