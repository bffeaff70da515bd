"""A citation opens its source at its words."""

from __future__ import annotations

import pytest

from ingest.links import opens_at, paragraph_at

PAGE = "https://www.gov.uk/carers-allowance"
LONG = "You must be aged 16 or over and spend at least 35 hours a week caring for someone who gets a benefit."


@pytest.mark.parametrize(
    ("uri", "quote", "about", "link"),
    [
        (PAGE, "You get £5.", {}, f"{PAGE}#:~:text=You%20get%20%C2%A35."),
        (PAGE, "You get £5.", {"place": "/rates"}, f"{PAGE}/rates#:~:text=You%20get%20%C2%A35."),
        (PAGE, "You get £5.", {"place": "/rates#now"}, f"{PAGE}/rates#now:~:text=You%20get%20%C2%A35."),
        (PAGE, "well-known, or not", {}, f"{PAGE}#:~:text=well%2Dknown%2C%20or%20not"),
        (PAGE, LONG, {}, f"{PAGE}#:~:text=You%20must%20be%20aged%2016%20or,for%20someone%20who%20gets%20a%20benefit."),
        (PAGE, "Tell them if:\n\n- you move\n- you work", {}, f"{PAGE}#:~:text=Tell%20them%20if%3A,you%20work"),
        (PAGE, "| Age | Rate |\n| --- | --- |", {}, PAGE),
        (f"{PAGE}.pdf", "You get £5.", {"page": 3}, f"{PAGE}.pdf#page=3"),
        ("file:/share/rates.md", "You get £5.", {}, ""),
        ("sample:rates", "You get £5.", {}, ""),
    ],
)  # fmt: skip
def test_the_address_of_a_quote(uri: str, quote: str, about: dict[str, object], link: str) -> None:
    assert opens_at(uri, quote, **about) == link  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "quote", "number"),
    [
        ("12. The rate is £5.", "The rate", "12"),
        ("First.\n\n3.4 The rate is £5.", "The rate", "3.4"),
        ("First.\n\n(b) The rate is £5.", "The rate", "(b)"),
        ("The rate is £5.", "The rate", ""),
        ("2026 The rate", "First", ""),
    ],
)
def test_the_number_of_the_paragraph_of_a_quote(text: str, quote: str, number: str) -> None:
    at = text.find(quote)
    assert at < 0 or paragraph_at(text, at) == number
