"""Where a sentence ends decides what can be quoted: a table of real strings, and what holds for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences, units

CASES = [
    ("One sentence.", ["One sentence."]),
    ("No stop at the end", ["No stop at the end"]),
    ("First. Second.", ["First.", "Second."]),
    ("Is it due? Yes! Pay it.", ["Is it due?", "Yes!", "Pay it."]),
    ("It is £1.50 a week. Pay it.", ["It is £1.50 a week.", "Pay it."]),
    ("The rate is 63.5%. It tapers.", ["The rate is 63.5%.", "It tapers."]),
    ("See reg. 5 and reg. 7(2). Then stop.", ["See reg. 5 and reg. 7(2).", "Then stop."]),
    ("See paras. 4 to 6 of sch. 2. Then stop.", ["See paras. 4 to 6 of sch. 2.", "Then stop."]),
    (
        "This follows regulation 5. The claimant must sign.",
        ["This follows regulation 5.", "The claimant must sign."],
    ),
    ("Use evidence, e.g. Payslips or bank letters.", ["Use evidence, e.g. Payslips or bank letters."]),
    ("A close relative, i.e. a parent. Not a friend.", ["A close relative, i.e. a parent.", "Not a friend."]),
    (
        "Mr. Jones and Dr. Ali met Mrs. O'Neil. They agreed.",
        ["Mr. Jones and Dr. Ali met Mrs. O'Neil.", "They agreed."],
    ),
    ("Ask J. Smith. She knows.", ["Ask J. Smith.", "She knows."]),
    ("Read Annex A. The form is there.", ["Read Annex A.", "The form is there."]),
    ("The U.K. Government pays. It must.", ["The U.K. Government pays.", "It must."]),
    ("Open from 9 a.m. to 5 p.m. Ring first.", ["Open from 9 a.m. to 5 p.m.", "Ring first."]),
    ("The answer is no. Tell the claimant.", ["The answer is no.", "Tell the claimant."]),
    ("Ring ext. 4021 today. Leave a message.", ["Ring ext. 4021 today.", "Leave a message."]),
    ("SI 2013 No. 376 applies. Read it.", ["SI 2013 No. 376 applies.", "Read it."]),
    ("Go to GOV.UK for more. It is free.", ["Go to GOV.UK for more.", "It is free."]),
    ("They left. 3 months later they came back.", ["They left.", "3 months later they came back."]),
    ("He said “I agree.” She signed.", ["He said “I agree.”", "She signed."]),
    ("It stops (see reg. 4). It may restart.", ["It stops (see reg. 4).", "It may restart."]),
    (
        "(In Wales it is free. In England it is not.) Ask first.",
        ["(In Wales it is free. In England it is not.)", "Ask first."],
    ),
    ("Pay £5. £10 is too much.", ["Pay £5.", "£10 is too much."]),
    ("Wait... Then go.", ["Wait...", "Then go."]),
    ("Report changes, etc. within a month.", ["Report changes, etc. within a month."]),
    ("Gallwch ofyn, e.e. Drwy lythyr. Diolch.", ["Gallwch ofyn, e.e. Drwy lythyr.", "Diolch."]),
    ("第一句。第二句。", ["第一句。", "第二句。"]),
    ("One line\nruns on. Next.", ["One line\nruns on.", "Next."]),
    ("A paragraph\n\nAnother", ["A paragraph", "Another"]),
    ("You need:\n- a form\n- a pen. Any pen.", ["You need:", "a form", "a pen. Any pen."]),
    ("You need:\n\n1. a form\n2. a pen", ["You need:", "a form", "a pen"]),
    ("- an item\n  that runs on\n- another", ["an item\n  that runs on", "another"]),
    ("After the list:\n- one\n\nThen this. And this.", ["After the list:", "one", "Then this.", "And this."]),
    ("| Age | Rate |\n| --- | --- |\n| 25 | £5.10 |\n\nEnd.", ["| Age | Rate |", "| 25 | £5.10 |", "End."]),
    ("", []),
    ("  \n\n ", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_each_string_is_cut_where_a_reader_would_cut_it(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_each_unit_says_what_it_is() -> None:
    text = "Rates:\n- weekly\n\n| Age | Rate |\n|---|---|\n| 25 | £5 |"
    assert [unit.form for unit in units(text)] == ["sentence", "item", "header", "row"]
    item = units(text)[1]
    assert text[item.line : item.end] == "- weekly"


@given(st.text(alphabet=st.sampled_from("aB3£ .!?\n-|()\"'1e.g:"), max_size=200) | st.text(max_size=100))
def test_spans_are_ordered_do_not_overlap_and_leave_out_only_marks(text: str) -> None:
    spans = sentences(text)
    assert all(a < b and text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    left_out = "".join(
        text[a:b]
        for a, b in zip([0, *(b for _, b in spans)], [*(a for a, _ in spans), len(text)], strict=True)
    )
    outside = "".join(left_out.split())
    assert set(outside) <= set("-*•‣▪–|:.()0123456789abcdefghijklmnopqrstuvwxyz"), outside
