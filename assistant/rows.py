"""Why: what is kept beside a run, one row a line, is written whole or not at all, and read whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from governance.errors import RunIncomplete, StorageFull, StorageUnwritable

Row = TypeVar("Row", bound=BaseModel)


def write_lines(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write rows as JSON Lines, whole or not at all."""
    write_whole(path, "".join(row.model_dump_json() + "\n" for row in rows))


def write_whole(path: Path, text: str) -> None:
    """Write a text, whole or not at all. Raises ``StorageFull`` or ``StorageUnwritable``."""
    partial = path.with_suffix(path.suffix + ".partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageUnwritable
        raise kind(
            f"{path} cannot be written: {error.strerror}.",
            do="Give a folder that is there, may be written and has room.",
        ) from error


def read_lines(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """Rows of a JSON Lines file. Raises ``RunIncomplete``, naming file and line."""
    if not path.is_file():
        raise RunIncomplete(f"{path.parent} holds no {path.name}.", do="Run `frontline eval generate` first.")
    rows = []
    # Not splitlines: a text may hold other characters that end a line for it.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line:
            continue
        try:
            rows.append(kind.model_validate_json(line))
        except ValidationError as error:
            raise RunIncomplete(
                f"{path} line {number} is not whole: {error.errors()[0]['msg']}.",
                do="Generate the run again; what was finished is kept.",
            ) from error
    return tuple(rows)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RunIncomplete(f"{path} cannot be read as text.", do="Generate the run again.") from error
