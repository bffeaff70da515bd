"""Why: some of what administrators ask stands only in the entries' bytes, and a database reads it there faster than it
can be carried out of it to be counted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, case, cast, func, type_coerce

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
