"""Markdown as it is written, and as scrapers leave it."""

from __future__ import annotations

import datetime as dt

from ingest.documents import Section
from ingest.parse.blocks import sections
from ingest.parse.limits import Limits
from ingest.parse.read import drafted


def read(text: str) -> tuple[Section, ...]:
    draft = drafted(text.encode(), "a.md", Limits())
    title = draft.title or next((b.text for b in draft.blocks if b.kind == "heading"), "a")
    return sections(title, draft.blocks)


WRITTEN = """---
title: Payments
uri: sample:payments
---
# Payments

Pay **monthly** by [bank transfer](https://example.org/x),
on one day.

## What to send

Send:

- a form
  - signed in ink
- a letter

  with a date

1. first
2. second

### Rates

| Age | Rate |
| --- | ---: |
| Under 25 | £10 |
| 25 \\| over | £20 |

> Quoted words.

<div>Inside <b>HTML</b></div>

## Empty heading

## Contents

Words that an author put under this heading.
"""


def test_written_markdown_keeps_all_that_its_author_wrote() -> None:
    made = read(WRITTEN)
    assert [s.heading_path for s in made] == [
        ("Payments",),
        ("Payments", "What to send"),
        ("Payments", "What to send", "Rates"),
        ("Payments", "Contents"),
    ]
    assert made[0].text == "Pay monthly by bank transfer, on one day."
    assert made[1].text == (
        "Send:\n\n- a form\n  - signed in ink\n- a letter with a date\n\n1. first\n2. second"
    )
    assert made[2].text == (
        "| Age | Rate |\n| --- | --- |\n| Under 25 | £10 |\n| 25 \\| over | £20 |\n\nQuoted words.\n\nInside HTML"
    )


SCRAPED = """
Carer's help: Overview - SITE

[Skip to main content](#content)
## Cookies on SITE
We use some essential cookies to make this website work.
* [Benefits](/benefits)
* [Tax](/tax)
#
 Carer's help
[Skip to contents of guide](#guide)
##
 Contents
1. Overview
2. [Money](/money)
#
 Overview
You could get £10 if you care for someone.
It is paid weekly.
You need:
* a form
* a [bank account](/bank)
After that you wait.
[Next
:
Money](/money)
Rates| Age | Rate |
| --- | --- |
| 25 | £5
or £6 |
A line after the table.
## Applies to England and Wales
## Get a form
[Find your office](/office)
## Related content
* [Tax](/tax)
### Deeper
Words about something else.
## What happens next
You get a letter. Published 3 May would be wrong here.
Page last reviewed: 4 February 2021
Next review due: 4 February 2024
Published 26 May 2022
## Is this page useful?
Thank you for your feedback
## Support links
* [Home](/)
"""


def test_a_scraped_page_loses_its_furniture_and_keeps_its_words() -> None:
    draft = drafted(SCRAPED.encode(), "a.md", Limits())
    made = {s.heading_path[-1]: s.text for s in sections(draft.title, draft.blocks)}
    assert draft.title == "Carer's help"
    assert made == {
        "Overview": "You could get £10 if you care for someone.\n\nIt is paid weekly.\n\nYou need:\n\n"
        "- a form\n- a bank account\n\nAfter that you wait.\n\nRates\n\n| Age | Rate |\n| --- | --- |\n| 25 | £5 or £6 |\n\nA line after the table.",
        "What happens next": "You get a letter. Published 3 May would be wrong here.",
    }
    assert draft.fields == {
        "nations": ["England", "Wales"],
        "review_due": dt.date(2024, 2, 4),
        "published_at": dt.date(2022, 5, 26),
    }
    assert draft.dropped["menu"] == 1
    assert draft.dropped["footer"] == 1


def test_lists_of_links_stay_where_a_line_leads_in_to_them() -> None:
    made = read(
        SCRAPED.replace("After that you wait.", "Ask one of these:\n* [Advice line](/a)\n* [Council](/b)")
    )
    assert "Ask one of these:\n\n- Advice line\n- Council" in made[0].text


def test_a_title_of_one_word_gives_way_to_the_browsers() -> None:
    page = "Arthritis\n - SITE\n[Skip to main content](#main)\n# Overview\nIt hurts.\n"
    draft = drafted(page.encode(), "a.md", Limits())
    assert draft.title == "Arthritis"
    assert sections(draft.title, draft.blocks)[0].heading_path == ("Arthritis", "Overview")


def test_a_long_menu_at_the_foot_is_cut_even_where_a_list_runs_into_it() -> None:
    links = "".join(f"* [Link {n}](/{n})\n" for n in range(10))
    page = f"T - S\n[Skip to main content](#main)\n# Page title here\nRead:\n* one real thing to do.\n{links}"
    assert read(page)[0].text == "Read:\n\n- one real thing to do."
