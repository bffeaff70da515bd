"""Why: some of what officers and administrators ask stands only in the entries' bytes, and a database reads it there
faster than it can be carried out of it: to be counted, or to be narrowed down before an entry is read.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import JSON, ColumnElement, LargeBinary, Text, case, cast, func, literal, type_coerce

from governance import tables as t


def value(dialect: str, *path: str) -> ColumnElement[str]:
    """What stands at a path in an entry, as text; null where nothing does, and in SQLite where the bytes are not JSON.

    PostgreSQL refuses to read JSON with the character U+0000 in it, so U+0001 stands for it there.
    """
    data = t.entries.c.data
    if dialect == "postgresql":
        text = func.replace(func.convert_from(data, "UTF8"), "\\u0000", "\\u0001")
        return _at(cast(text, JSON), path)
    plain = cast(data, Text)
    return case((func.json_valid(plain) == 1, _at(type_coerce(plain, JSON), path)))


def _at(read: ColumnElement[Any], path: tuple[str, ...]) -> ColumnElement[str]:
    found: ColumnElement[str] = read[path].as_string()
    return found


def holds(dialect: str, name: str, said: str) -> ColumnElement[bool]:
    """Whether an entry has a field of that name and text, at whatever depth. What fits is to be read and looked at."""
    return has(dialect, f"{json.dumps(name)}:{json.dumps(said, ensure_ascii=False)}".encode())


def has(dialect: str, needle: bytes) -> ColumnElement[bool]:
    """Whether an entry's bytes have these among them."""
    sought = literal(needle, LargeBinary)
    if dialect == "postgresql":
        return func.position(sought.op("IN")(t.entries.c.data)) > 0
    return func.instr(t.entries.c.data, sought) > 0
