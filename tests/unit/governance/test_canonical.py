"""The quick check of canonical bytes says what the reference library says, for every value and every spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from governance.ledger import canonical

numbers = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(1e-12, 1e-3),
    st.floats(1e14, 1e23),
    st.integers(10**14, 2**53 - 1),
    st.sampled_from(
        [0.0, -0.0, 1.0, 1e15, 1e16, 1e21, 1e-4, 1e-5, 1e-7, 0.1 + 0.2, 5e-324, 1.7976931348623157e308]
    ),
)
texts = st.one_of(
    st.text(), st.text(st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\ud7ff\ue000\uffff\U0001f600é€'))
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_bytes_are_read_as_what_they_say(value: Any) -> None:
    data = canonical.dumps(value)
    try:
        again = rfc8785.dumps(json.loads(data))
    except rfc8785.IntegerDomainError:  # 1e20 is written as a whole number that is not exact everywhere
        with pytest.raises(ValueError, match="exceeds"):
            canonical.loads(data)
    else:
        assert again == data
        assert canonical.dumps(canonical.loads(data)) == data


def _canonical(data: bytes) -> bool:
    try:
        return rfc8785.dumps(json.loads(data)) == data
    except rfc8785.IntegerDomainError:
        return False


@given(values, st.booleans(), st.booleans(), st.booleans())
def test_another_spelling_is_taken_only_where_it_is_the_same(
    value: Any, escaped: bool, ordered: bool, spaced: bool
) -> None:
    separators = (", ", ": ") if spaced else (",", ":")
    spelled = json.dumps(value, ensure_ascii=escaped, sort_keys=ordered, separators=separators).encode()
    if _canonical(spelled):
        assert canonical.dumps(canonical.loads(spelled)) == spelled
    else:
        with pytest.raises(ValueError, match=r"canonical|exceeds"):
            canonical.loads(spelled)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"nul", b"NaN", b"[Infinity]", b"-Infinity", b"1.0", b"-0", b"-0.0", b"1e3", b"1e-07", b"1e+16", b"1E21",
        b"01", b'{"a":1,"a":1}', b'{"b":1,"a":2}', b' {"a":1}', b"[1e16]", b"[1e21]", b"[1e+16]",
        b"[0.0000001]", b"[1.0]", b'{"a":-1.0}', b"[9007199254740993]", b'{"a":-9007199254740993}', b"[1,1e3]", b"[-0]",
        b'{"\xed\xa0\x80":1}', b'{"a":1}\n', b'"\\u00e9"', b'"\\/"', b'"\\ud800"',
        b'"\\u001F"', b"\xff", b"\xef\xbb\xbf1", "1".encode("utf-16"), b"9007199254740993", b"1" * 5000, b"1e999",
        '{"\ue000":1,"\U0001f600":2}'.encode(),
    ],
)  # fmt: skip
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical.loads(data)


@pytest.mark.parametrize(
    "data",
    [
        b"0",
        b"0.1",
        b"[1e-7,0.000001,1e+21]",
        b"1e-7",
        b"1e+21",
        b"100000000000000000000",
        '{"\U0001f600":2,"\ue000":1}'.encode(),
    ],
)
def test_what_only_ecmascript_writes_so_is_taken(data: bytes) -> None:
    try:
        assert canonical.dumps(canonical.loads(data)) == data
    except rfc8785.IntegerDomainError:
        assert data == b"100000000000000000000"
