"""Why: an entry's bytes must be the only way to write what it says (RFC 8785), and that is checked each time they are
read; the reference library takes nine tenths of the time that verifying a ledger takes.

So the check is done by quick JSON writers wherever they are known to agree with it: orjson where no number is large or
has an exponent; the interpreter's own where its numbers are seen to be written alike; and the library where neither
is sure, as for names outside the basic plane, which it sorts another way. What orjson does not find canonical is
always judged by the others.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import rfc8785

_MOST_EXACT = 10**15
_BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")
_LEADS_BEYOND_BASIC = bytes(range(0xF0, 0xF5))
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_WHOLE = (b".0,", b".0}", b".0]")
_EXPONENT = (b"0e+", b"0e-")
"""What is in the bytes, and in the bytes with every digit put as 0, wherever orjson writes a number otherwise than
ECMAScript: whole with a point, or with an exponent. A text may hold it too; that costs time and nothing else."""
_AS_ECMASCRIPT = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def dumps(value: Any) -> bytes:
    """The canonical bytes of a value. Raises ValueError where it holds what JSON cannot."""
    return rfc8785.dumps(value)


def loads(data: bytes) -> Any:
    """The value that canonical bytes hold. Raises ValueError where they are not canonical, or hold a whole number
    beyond 2^53, which not every reader reads alike."""
    if data[:1] in b"{[" and not _unsure(data):
        try:
            value = orjson.loads(data)
            if orjson.dumps(value, option=_AS_ECMASCRIPT) == data:
                return value
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            pass
    return _read_closely(data)


def _unsure(data: bytes) -> bool:
    alike = data.translate(_DIGITS_ALIKE, _LEADS_BEYOND_BASIC)
    return (
        len(alike) != len(data)
        or any(sign in data for sign in _WHOLE)
        or any(sign in alike for sign in _EXPONENT)
    )


def _read_closely(data: bytes) -> Any:
    unsure = False

    def number(text: str) -> float:
        nonlocal unsure
        value = float(text)
        # Python writes an exponent outside this range, and ".0" after a whole number; ECMAScript does not.
        unsure |= not 1e-4 <= abs(value) < 1e16 or value.is_integer()
        return value

    def whole(text: str) -> int:
        nonlocal unsure
        value = int(text)
        unsure |= abs(value) > _MOST_EXACT
        return value

    text = data.decode("utf-8")
    value = json.loads(text, parse_float=number, parse_int=whole, parse_constant=_refuse)
    unsure |= not text.isascii() and _BEYOND_BASIC.search(text) is not None
    if not unsure and json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) == text:
        return value
    if rfc8785.dumps(value) != data:
        raise ValueError("its bytes are not canonical JSON")
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
