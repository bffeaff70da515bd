"""What an ingestion did, in figures and names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileProblem:
    """One file that was not taken in."""

    path: str
    code: str
    """Stable code of the error (``document.locked`` and so on)."""
    reason: str


@dataclass(frozen=True)
class Report:
    """Summary of one run. The counts of files add up to what the source holds, and ``removed`` beside them."""

    source: str
    added: int
    changed: int
    removed: int
    skipped: int
    """Unchanged since the last run."""
    failed: tuple[FileProblem, ...]
    passages: int
    """Passages in the snapshot."""
    embedded: int
    """Passages embedded in this run; every other vector was there already."""
    truncated: int
    """Passages longer than the embedder reads; embedded from their beginning."""
    snapshot_id: str
    root_hash: str
    seconds: float
