"""Why: "it is erased" is worth what was looked for afterwards. Every byte of every file is read for what must not be there.

A text is looked for in any case of its letters, in UTF-8 and UTF-16, as it is and as JSON escapes it. What a file
holds compressed is not unpacked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from governance.store import Store

_CHUNK = 4 * 1024 * 1024
GUIDANCE = ("sources", "catalogue.db", "chroma", "snapshots", "notes", "quarantine")
"""What in a data directory holds guidance: a name found there was published there, and is reported apart."""


@dataclass(frozen=True)
class Trace:
    """Where something was found that should not be. What it is stands here by name and never by value."""

    what: str
    where: str
    guidance: bool
    """Whether the file holds guidance, and not records."""


def ways(value: str) -> set[bytes]:
    """The bytes as which a text may lie in a file, in small letters."""
    forms = {value, json.dumps(value)[1:-1]}
    return {form.encode(name).lower() for form in forms for name in ("utf-8", "utf-16-le")}


def scan(folder: Path, wanted: Mapping[str, Iterable[bytes]]) -> tuple[list[Trace], int, int]:
    """What of ``wanted`` (name → bytes) is in any file under ``folder``; with how many files and bytes were read.

    Bytes in small letters are found in any case. A file that goes away meanwhile is not read.
    """
    sought = [(name, form) for name, forms in wanted.items() for form in forms if form]
    longest = max((len(form) for _, form in sought), default=1)
    found, files, size = [], 0, 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        where = path.relative_to(folder)
        seen: set[str] = set()
        try:
            for block in _blocks(path, longest):
                small = block.lower()
                seen |= {
                    name for name, form in sought if name not in seen and (form in small or form in block)
                }
            size += path.stat().st_size
        except FileNotFoundError:
            continue
        files += 1
        guidance = where.parts[0].removesuffix("-wal").removesuffix("-shm") in GUIDANCE
        found += [Trace(name, where.as_posix(), guidance) for name in sorted(seen)]
    return found, files, size


def scan_tables(store: Store, metadata: MetaData, wanted: Mapping[str, Iterable[bytes]]) -> list[Trace]:
    """The same for the rows of a database on a server, whose files are not ours to read."""
    sought = [(name, form) for name, forms in wanted.items() for form in forms if form]
    found: list[Trace] = []
    with store.read() as connection:
        for table in metadata.sorted_tables:
            seen: set[str] = set()
            for row in connection.execute(select(table)):
                held = b"\x00".join(_bytes(value) for value in row)
                small = held.lower()
                seen |= {name for name, form in sought if form in small or form in held}
            found += [Trace(name, f"table {table.name}", False) for name in sorted(seen)]
    return found


def _blocks(path: Path, longest: int) -> Iterator[bytes]:
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield before + chunk
            before = (before + chunk)[-longest + 1 :] if longest > 1 else b""


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)).encode()
