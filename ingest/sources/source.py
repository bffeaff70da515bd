"""What ingestion asks of a source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Found:
    """One file that a source holds now."""

    path: str
    """Name within the source; stays the same while the file does."""
    file: Path
    """Where its bytes can be read."""
    problem: str = ""
    """Why it cannot be read, where that is known already."""
    uri: str = ""
    """Its address, where it has one of its own and does not state another."""
    unasked: str = ""
    """Why its source did not give it now, although it lists it: what it gave before stands."""


class Source(Protocol):
    """Something that holds documents and can list them all."""

    @property
    def id(self) -> str:
        """Stable name; what is gone is worked out within it."""
        ...

    @property
    def root(self) -> Path:
        """Folder that every file lies in."""
        ...

    def list(self) -> Iterable[Found]:
        """Everything it holds, in a stable order."""
        ...
