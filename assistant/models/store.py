"""Why: a model counts as installed only while its weights are the ones that were pinned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from assistant.models.pins import Pin, pins


@dataclass(frozen=True)
class Installed:
    """A pinned model and what was found of it."""

    pin: Pin
    path: Path
    present: bool
    """Every file of weights is there."""
    verified: bool | None
    """Hashes agree with the pins; None where they were not read."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def installed(models_dir: Path, *, verify: bool = False) -> tuple[Installed, ...]:
    """Every pinned model with its state; ``verify`` reads all weights and compares their hashes."""
    return tuple(_state(pin, models_dir / pin.name, verify) for pin in pins())


def _state(pin: Pin, path: Path, verify: bool) -> Installed:
    present = all((path / name).is_file() for name in pin.weights)
    verified = None
    if present and verify:
        verified = not wrong_weights(pin, path)
    return Installed(pin, path, present, verified)


def wrong_weights(pin: Pin, path: Path) -> list[str]:
    """Files of weights that are missing or differ from their pin."""
    return [
        name
        for name, sha256 in pin.weights.items()
        if not (path / name).is_file() or sha256_of(path / name) != sha256
    ]
