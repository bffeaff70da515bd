"""A little guidance for the pages: paragraphs, a list, a table, a nation's own rule, and a title with a script in it."""

from __future__ import annotations

import datetime as dt

from ingest.documents import Kind, Nation
from tests.fakes import DictSnapshot, guidance

SCRIPT = "<script>alert(1)</script>"

RECONSIDERATION = guidance(
    "https://guidance.example/uc/mandatory-reconsideration",
    {
        "Time limit": "A claimant must ask for a mandatory reconsideration within one month of the date of the decision.\n\n"
        "The time limit can be extended to 13 months where:\n\n"
        "- there is a good reason for the delay\n- the request has merit\n- it would be reasonable to extend it",
        "How to ask": "A claimant can ask in any of these ways:\n\n1. through their journal\n2. by telephone\n3. in writing",
    },
    title="Universal Credit: asking for a mandatory reconsideration",
    valid_from=dt.date(2026, 4, 6),
    review_due=dt.date(2027, 4, 1),
    published_at=dt.date(2026, 3, 20),
    publisher="Sample guidance",
    licence="OGL-UK-3.0",
    notice="Sample guidance written for demonstration. It is not policy.",
)
RATES = guidance(
    "https://guidance.example/uc/rates",
    {
        "Standard allowance": "The standard allowance depends on age.\n\n"
        "| Who | Monthly amount |\n| --- | --- |\n| Single, under 25 | £316.98 |\n| Single, 25 or over | £400.14 |"
    },
    title="Universal Credit: standard allowance",
    valid_from=dt.date(2026, 4, 6),
    valid_to=dt.date(2027, 4, 5),
)
SCOTLAND = guidance(
    "urn:guidance:scottish-choices",
    {"Payments": "In Scotland a claimant can choose to be paid twice a month."},
    title="Universal Credit Scottish choices",
    nations=(Nation.SCOTLAND,),
)
HOSTILE = guidance(
    "javascript:alert(1)",
    {f"Heading {SCRIPT}": f"Ziggurat guidance with {SCRIPT} and a hid\u200bden \U000e0041 character."},
    title=f"Ziggurat {SCRIPT}",
    kind=Kind.NOTE,
    notice=f"Notice {SCRIPT}",
)


def stock() -> DictSnapshot:
    """All of it, as one snapshot."""
    made = DictSnapshot()
    for one in (RECONSIDERATION, RATES, SCOTLAND, HOSTILE):
        made.add(one)
    return made
