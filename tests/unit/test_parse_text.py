"""Characters a person cannot see must not reach the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import DocumentCorrupt, FrontlineError
from ingest.parse.text import clean, decode, one_line


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\ufe0f",
        "\U000e0041",
        "\U000e007f",
        "\u202e",
        "\x00",
        "\x07",
    ],
)
def test_invisible_characters_go(hidden: str) -> None:
    assert clean(f"pay{hidden}ment") == "payment"


def test_spaces_and_line_ends_become_ordinary() -> None:
    assert clean("a\u00a0b\tc\r\nd\re\u2028f") == "a b c\nd\ne\nf"
    assert one_line("  a \n\n b  ") == "a b"


def test_composed_form_and_no_other_change() -> None:
    assert clean("Cafe\u0301 ½ m² £5") == "Café ½ m² £5"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_recognised(encoding: str) -> None:
    text = "The claimant’s payment is £1,234.56 a month, and that is the amount they must be told. " * 20
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_rejected(data: bytes) -> None:
    try:
        assert isinstance(clean(decode(data)), str)
    except FrontlineError as error:
        assert isinstance(error, DocumentCorrupt)
