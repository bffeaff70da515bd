"""What can be quoted by itself: sentences, lists with their lead-in, rows with their headings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.statements import statements
from assistant.tables import cells, row_in_words

LIST = "Ask early. The claimant must bring:\n- proof of identity\n- bank details\n\nThe decision is made on the day."
TABLE = "Rates apply from April.\n\n| Part | Standard | Enhanced |\n|---|---|---|\n| Daily living | £76.70 | £114.60 |\n| Mobility | £30.30 | £80.00 |"


def test_a_heading_that_small_sections_brought_along_is_no_statement() -> None:
    text = "The effect\n\nThe first period starts earlier.\n\nNo\n\nRates from April 2026\n\nIt counts."
    assert [s.text for s in statements(text)] == [
        "The first period starts earlier.", "Rates from April 2026", "It counts.",
    ]  # fmt: skip
    assert [s.text for s in statements("Only a line")] == ["Only a line"]


def test_a_short_list_is_one_statement_with_its_lead_in() -> None:
    found = statements(LIST)
    assert [s.form for s in found] == ["sentence", "list", "sentence"]
    assert found[1].text == "The claimant must bring:\n- proof of identity\n- bank details"


def test_a_long_list_is_quoted_item_by_item_under_its_lead_in() -> None:
    items = [
        f"the {n}th thing that a claimant has to bring along, described at some length" for n in range(15)
    ]
    text = "The claimant must bring:\n" + "\n".join(f"- {item}" for item in items)
    found = statements(text)
    assert len(found) == 15 and all(s.form == "item" for s in found)
    lead, item = (text[a:b] for a, b in found[3].quotes)
    assert (lead, item) == ("The claimant must bring:", items[3])


def test_a_row_is_read_with_its_headings_and_quoted_verbatim() -> None:
    row = statements(TABLE)[1]
    assert row.text == "Daily living: Standard £76.70; Enhanced £114.60."
    assert [TABLE[a:b] for a, b in row.quotes] == [
        "| Part | Standard | Enhanced |",
        "| Daily living | £76.70 | £114.60 |",
    ]


def test_a_row_without_a_header_is_its_cells() -> None:
    assert row_in_words("", "| a | b |") == "a; b."
    assert row_in_words("| h | x |", "| only |") == "only."
    assert cells(r"| a \| b | c |") == ["a | b", "c"]


@given(st.text(alphabet="ab. \n|-:£1A", max_size=120))
def test_every_quote_is_a_span_of_the_text(text: str) -> None:
    for statement in statements(text):
        assert statement.quotes
        assert all(0 <= a < b <= len(text) and text[a:b].strip() for a, b in statement.quotes)
