"""Figures are compared by value, so the table is of real strings and the values they must come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.figures import figures, located, unsupported

TABLE = [
    ("£1,000.00 a month", ["amount 1000"]),
    ("£424.90", ["amount 424.9"]),
    ("£2.5 million", ["amount 2500000"]),
    ("£10k", ["amount 10000"]),
    ("50p", ["amount 0.5"]),
    ("two hundred pounds", ["amount 200"]),
    ("a hundred and fifty pounds", ["amount 150"]),
    ("55%", ["percentage 55"]),
    ("55 per cent", ["percentage 55"]),
    ("6 April 2026", ["date 2026-04-06"]),
    ("6th of April", ["date -----04-06"]),
    ("April 2026", ["date 2026-04---"]),
    ("2026-04-06", ["date 2026-04-06"]),
    ("06/04/2026", ["date 2026-04-06"]),
    ("2026 to 2027", ["date 2026/27"]),
    ("2026-27", ["date 2026/27"]),
    ("since 2016", ["date 2016"]),
    ("within one month", ["duration 1 month"]),
    ("within one calendar month", ["duration 1 month"]),
    ("two consecutive weeks", ["duration 2 week"]),
    ("14 calendar days", ["duration 14 calendar day"]),
    ("a 24-month period", ["duration 24 month"]),
    ("twenty-eight days", ["duration 28 day"]),
    ("5 working days", ["duration 5 working day"]),
    ("over 24 months", ["duration 24 month"]),
    ("aged 16", ["age 16"]),
    ("under 25", ["age 25"]),
    ("18 or over", ["age 18"]),
    ("16 years old", ["age 16"]),
    ("call 0800 123 4567", ["phone 08001234567"]),
    ("+44 20 7946 0958", ["phone 02079460958"]),
    ("https://www.gov.uk/pip.", ["url gov.uk/pip"]),
    ("three children", ["number 3"]),
    ("regulation 45", ["number 45"]),
    ("one of these", []),
    ("State Pension age", []),
    ("| £76.70 | £114.60 |", ["amount 76.7", "amount 114.6"]),
]


@pytest.mark.parametrize(("text", "found"), TABLE, ids=[t for t, _ in TABLE])
def test_each_figure_by_kind_and_value(text: str, found: list[str]) -> None:
    assert [str(f) for f in figures(text)] == found


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("It is £1000.", "It is £1,000.00 a year."),
        ("Ask within 1 month.", "Ask within one month of the decision."),
        ("It is 55 per cent.", "The taper is 55%."),
    ],
)
def test_the_same_value_otherwise_written_is_supported(said: str, quote: str) -> None:
    assert unsupported(said, (quote,)) == ()


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("It is £55.", "It is 55%."),
        ("Ask within 13 months.", "Ask within one month."),
        ("It is £424.91.", "It is £424.90."),
        ("Call 0800 123 4568.", "Call 0800 123 4567."),
        ("From 6 April 2025.", "From 6 April 2026."),
        ("It is two thousand pounds.", "It is £200."),
    ],
)
def test_another_value_or_kind_is_not(said: str, quote: str) -> None:
    assert unsupported(said, (quote,))


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    at = 0
    for start, end, _ in located(text):
        assert at <= start < end <= len(text)
        at = end


@given(st.integers(min_value=0, max_value=10_000_000))
def test_thousands_separators_do_not_change_an_amount(value: int) -> None:
    assert figures(f"£{value:,}") == figures(f"£{value}")
