"""A long text is read as a short one is: nothing is lost or doubled at a seam."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from governance.redaction import Redactor, build_redactor
from governance.redaction.presidio import AnalyzerEngine
from governance.redaction.spans import Span
from governance.redaction.windows import MARGIN, NEAR, SIZE, in_windows, near

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


def test_a_dear_reader_reads_only_what_is_near_a_word_and_each_character_once() -> None:
    given: list[str] = []

    def names(piece: str) -> list[Span]:
        given.append(piece)
        return [Span(m.start(), m.end(), "P", 1.0, "r") for m in re.finditer("Ann", piece)]

    gap = "123 456 " * 500
    text = f"Ann {gap}Ann, 7 Ann {gap}Ann"
    places = [match.span() for match in re.finditer("Ann", text)]
    assert [(span.start, span.end) for span in near(text, places, names)] == places
    assert len(given) == 3
    assert sum(map(len, given)) <= len(places) * 2 * (NEAR + 3)
    assert near(text, [], names) == [] and len(given) == 3


def test_a_short_text_is_read_whole() -> None:
    given: list[str] = []
    text = "1 High Street, AB 12 34 56 C, Ann called about her claim" + " 0" * 100
    near(text, [(30, 33)], lambda piece: given.append(piece) or [])  # type: ignore[func-returns-value]
    assert given == [text]


def test_work_on_a_long_text_grows_as_the_text_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of identifiers is read by patterns alone, and each of its characters a bounded number of times."""
    read: dict[str, int] = {}
    analyze = AnalyzerEngine.analyze

    def counted(engine: AnalyzerEngine, text: str, *given: Any, **named: Any) -> Any:
        kind = "names" if len(engine.registry.recognizers) < 5 else "patterns"
        read[kind] = read.get(kind, 0) + len(text)
        return analyze(engine, text, *given, **named)

    monkeypatch.setattr(AnalyzerEngine, "analyze", counted)
    redactor: Redactor = build_redactor(spacy_path=None, rampart_path=None)
    line = "QQ 12 34 56 C, 07700 900123, ann@example.org, SW1A 2AA\n"
    for lines in (300, 1200):
        read.clear()
        redaction = redactor.redact(line * lines)
        assert len(redaction.spans) == 4 * lines
        assert read["patterns"] <= 4 * len(line) * lines
        assert read.get("names", 0) <= len(line) * lines / 50, (
            "a word that a window's edge cuts from an identifier"
        )
    read.clear()
    redaction = redactor.redact(line * 600 + "Mr Example called.\n" + line * 600)
    assert sum(span.type == "PERSON" for span in redaction.spans) == 1
    assert 0 < read["names"] <= len(line) * 1200 / 25
