"""Why: what is kept beside a run, one row a line, is written whole or not at all, and read whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from governance.errors import RunIncomplete

Row = TypeVar("Row", bound=BaseModel)


def write_lines(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write rows as JSON Lines, whole or not at all."""
    write_whole(path, "".join(row.model_dump_json() + "\n" for row in rows))


def write_whole(path: Path, text: str) -> None:
    """Write a text, whole or not at all."""
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def read_lines(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """Rows of a JSON Lines file. Raises ``RunIncomplete``, naming file and line."""
    if not path.is_file():
        raise RunIncomplete(f"{path.parent} holds no {path.name}.", do="Run `frontline eval generate` first.")
    rows = []
    # Not splitlines: a text may hold other characters that end a line for it.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
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
