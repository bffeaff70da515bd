"""A long text is read as a short one is: nothing is lost or doubled at a seam."""

from __future__ import annotations

import random
import re

import pytest

from governance.redaction import Redactor, build_redactor
from governance.redaction.spans import Span
from governance.redaction.windows import MARGIN, SIZE, in_windows

NUMBER = re.compile(r"\d{5,}")


def numbers(text: str) -> list[Span]:
    return [Span(m.start(), m.end(), "N", 1.0, "r") for m in NUMBER.finditer(text)]


@pytest.mark.parametrize("filler", ["word ", "w", "word\n"])
def test_what_windows_find_is_what_the_whole_holds(filler: str) -> None:
    draw = random.Random(7)
    for _ in range(20):
        parts = [filler * draw.randrange(1, 300) + str(draw.randrange(10**5, 10**12)) for _ in range(40)]
        text = " ".join(parts)
        assert in_windows(text, numbers) == numbers(text)


def test_a_finding_on_the_seam_is_found_once() -> None:
    for shift in range(-20, 20):
        text = "x" * (SIZE + shift) + " 123456789 " + "y " * (MARGIN * 4)
        assert in_windows(text, numbers) == numbers(text)


def test_a_long_text_of_identifiers_is_redacted_to_the_last_one() -> None:
    """Patterns only: this is about reading it all, and in time."""
    redactor: Redactor = build_redactor(spacy_path=None, rampart_path=None)
    draw = random.Random(3)

    def nino() -> str:
        return "QQ {:02} {:02} {:02} {}".format(*(draw.randrange(100) for _ in range(3)), draw.choice("ABCD"))

    text = "; ".join(nino() for _ in range(1500))
    redaction = redactor.redact(text)
    assert not re.search(r"\d\d \d\d \d\d", redaction.text)
    assert len(redaction.spans) == 1500
    assert all(re.fullmatch(r"QQ \d\d \d\d \d\d [A-D]", text[s.start : s.end]) for s in redaction.spans)
