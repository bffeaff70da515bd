"""Why: an entry's bytes must be the only way to write what it says (RFC 8785), and that is checked each time they are
read; the reference library takes four fifths of the time that verifying a ledger takes.

So the check is done by the interpreter's own JSON writer wherever the two are known to agree, and by the library
wherever they may not: numbers that ECMAScript writes another way, and names outside the basic plane, which it
sorts another way.
"""

from __future__ import annotations

import json
import re
from typing import Any

import rfc8785

_MOST_EXACT = 10**15
_BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")


def dumps(value: Any) -> bytes:
    """The canonical bytes of a value. Raises ValueError where it holds what JSON cannot."""
    return rfc8785.dumps(value)


def loads(data: bytes) -> Any:
    """The value that canonical bytes hold. Raises ValueError where they are not canonical, or hold a whole number
    beyond 2^53, which not every reader reads alike."""
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
