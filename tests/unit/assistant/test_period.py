"""A day of which nothing, or little, is held is told as that, and not as a rule that there is none."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.period import Held
from ingest.documents import Clearance, Filter, Nation, Version
from tests.fakes import guidance

FIRST, USUAL = dt.date(2021, 4, 12), dt.date(2025, 4, 7)


def versions(until: dt.date | None = None) -> list[Version]:
    made = [guidance("a:first", {"A": "a"}, valid_from=FIRST, valid_to=until)]
    made += [guidance(f"a:{n}", {"A": "a"}, valid_from=USUAL, valid_to=until) for n in range(3)]
    made += [guidance("a:scot", {"A": "a"}, valid_from=dt.date(2026, 4, 6), nations=(Nation.SCOTLAND,))]
    return [version for version, _ in made]


def held(on: dt.date, nation: Nation = Nation.ENGLAND, until: dt.date | None = None) -> Held:
    return Held.of(versions(until), Filter(nation, on))


@pytest.mark.parametrize(
    ("on", "nation", "said"),
    [
        (dt.date(1990, 1, 1), Nation.ENGLAND, "for England is in force on 1990-01-01: the earliest holds from 2021-04-12."),
        (dt.date(2020, 1, 1), Nation.SCOTLAND, "for Scotland is in force on 2020-01-01: the earliest holds from 2021-04-12."),
    ],
)  # fmt: skip
def test_a_day_before_all_guidance_is_told_with_the_earliest(on: dt.date, nation: Nation, said: str) -> None:
    assert held(on, nation).none().endswith(said)


def test_a_day_after_all_guidance_is_told_with_the_latest() -> None:
    late = held(dt.date(2031, 1, 1), until=dt.date(2027, 4, 5))
    assert late.none().endswith("on 2031-01-01: the latest ends on 2027-04-05.")
    assert held(dt.date(2031, 1, 1)).none() == ""


def test_a_day_of_which_little_is_held_is_told_with_when_most_began() -> None:
    assert held(dt.date(2022, 1, 1)).few() == (
        "Of the 4 documents held for England, 1 was in force on 2022-01-01; most are held from 2025-04-07 on."
    )
    assert held(USUAL).few() == held(dt.date(1990, 1, 1)).few() == ""


def test_what_a_reader_may_not_see_is_not_counted() -> None:
    secret, _ = guidance(
        "a:s", {"A": "a"}, valid_from=dt.date(2000, 1, 1), clearance=Clearance.OFFICIAL_SENSITIVE
    )
    assert Held.of([*versions(), secret], Filter(Nation.ENGLAND, dt.date(1990, 1, 1))).begins == FIRST


def test_guidance_that_names_no_beginning_has_always_held() -> None:
    open_, _ = guidance("a:open", {"A": "a"}, valid_to=dt.date(1980, 1, 1))
    assert (
        Held.of([open_], Filter(None, dt.date(1990, 1, 1))).none().endswith("the latest ends on 1980-01-01.")
    )
