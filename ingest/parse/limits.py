"""Why: what a file may cost is decided in one place, because a hostile file costs as much as it is let."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

MIB = 1024 * 1024
Counted = Callable[[int], None]
"""Told how many pages a file has, once that is known."""


def uncounted(pages: int) -> None:
    """For whoever does not need to know."""


@dataclass(frozen=True)
class Limits:
    """Caps on one file. A file beyond any of them is rejected by name, and the run goes on."""

    bytes: int = 50 * MIB
    """Size of the file."""
    pages: int = 2_000
    """Pages, where the format has them."""
    seconds: float = 30.0
    """Wall time of one parse; then the process that reads the file is killed."""
    seconds_a_page: float = 0.3
    """What each page beyond the hundredth adds to that, so that a long file is read and a hang is not waited
    for. A page of text takes about 0.1 s."""
    memory: int = 1024 * MIB
    """Address space of the process that reads files."""
    unpacked: int = 200 * MIB
    """Bytes that an archive (a Word file) unpacks to."""
    entries: int = 5_000
    """Files inside an archive."""
    ratio: float = 200.0
    """Unpacked to packed size of any archived file of more than a mebibyte. Word's own XML, which repeats
    itself, reaches about 60; deflate's ceiling, which bombs approach, is 1,032."""
    text: int = 20 * 1_000_000
    """Characters of text taken from one file."""

    def wide(self) -> Limits:
        """What a file may cost that a person has looked at and released: four times as much of all but memory."""
        return replace(
            self, bytes=4 * self.bytes, pages=4 * self.pages, seconds=4 * self.seconds,
            unpacked=4 * self.unpacked, entries=4 * self.entries, text=4 * self.text,
        )  # fmt: skip

    def allowed(self, pages: int) -> float:
        """Seconds that a file of so many pages may take."""
        return self.seconds + max(0, min(pages, self.pages) - 100) * self.seconds_a_page
