"""The plain form that recognisers read, and the way back to the text as given."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from governance.redaction.normalise import invisible, normalise, visible


def test_hidden_characters_go_and_widths_and_dashes_become_plain() -> None:
    plain = normalise("A\u200bB \uff11\uff12\u201334\u2019s \u0665 \U000e0041x\ufe0f \u00adok\x07")
    assert plain.text == "AB 12-34's 5 x ok "


def test_offsets_lead_back_over_ligatures_and_combining_marks() -> None:
    text = "o\ufb03ce cafe\u0301\u200b 1"
    plain = normalise(text)
    assert plain.text == "office caf\u00e9 1"
    start, end = plain.original_span(7, 11)
    assert text[start:end] == "cafe\u0301\u200b"


@given(st.text(max_size=60))
def test_offsets_are_in_range_and_in_order(text: str) -> None:
    plain = normalise(text)
    assert len(plain.starts) == len(plain.ends) == len(plain.text)
    assert all(0 <= a < b <= len(text) for a, b in zip(plain.starts, plain.ends, strict=True))
    assert list(plain.starts) == sorted(plain.starts)


@given(st.text(alphabet=st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=40))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert normalise(text).text == text.replace("`", "'")


@given(st.text(max_size=60))
def test_nothing_invisible_is_released(text: str) -> None:
    assert not any(invisible(c) or unicodedata.category(c) == "Cf" for c in visible(text))
