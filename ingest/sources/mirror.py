"""Why: whatever is far away is read as files beside us, so that one reader with one set of limits reads everything, and
what has not changed is not fetched again.

A mirror is a folder of copies with one index: what each copy was fetched from, and what its server said to recognise it
by. Copies are replaced whole; a mirror that is lost costs nothing but fetching again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from ingest.parse import SIDECAR

INDEX = ".index.json"
_UNSAFE = re.compile(r"[^\w.,()&+=@ -]")
LONGEST_NAME = 120


@dataclass(frozen=True)
class Copy:
    """One copy."""

    path: str
    """Name within the source, and of the file in the mirror."""
    etag: str = ""
    modified: str = ""
    """``Last-Modified`` as the server wrote it, or another mark by which a change shows."""


class Mirror:
    """The copies of one source, by the address each was fetched from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._copies = self._read()

    def held(self, address: str) -> Copy | None:
        """The copy of an address, or None where there is none."""
        copy = self._copies.get(address)
        return copy if copy is not None and self.file(copy.path).is_file() else None

    def file(self, path: str) -> Path:
        """Where a copy lies."""
        return self.folder / path

    def put(self, address: str, copy: Copy, content: bytes, about: Mapping[str, str] | None = None) -> Path:
        """Keep a copy, and beside it what is known about it."""
        file = self.file(copy.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        sidecar = file.with_name(file.name + SIDECAR)
        if about:
            _replace(sidecar, yaml.safe_dump(dict(about), allow_unicode=True).encode())
        else:
            sidecar.unlink(missing_ok=True)
        _replace(file, content)
        self._copies[address] = copy
        return file

    def keep_only(self, addresses: Iterable[str]) -> None:
        """Let go of every other copy, and write the index."""
        listed = set(addresses)
        gone = {a: c for a, c in self._copies.items() if a not in listed}
        self._copies = {a: c for a, c in self._copies.items() if a in listed}
        still = {copy.path for copy in self._copies.values()}
        for copy in gone.values():
            if copy.path not in still:
                self.file(copy.path).unlink(missing_ok=True)
                self.file(copy.path + SIDECAR).unlink(missing_ok=True)
        rows = {address: asdict(copy) for address, copy in sorted(self._copies.items())}
        _replace(self.folder / INDEX, json.dumps(rows, indent=1).encode())

    def _read(self) -> dict[str, Copy]:
        try:
            rows = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
            return {str(address): Copy(**row) for address, row in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # then everything is fetched again


def safe_path(text: str, *, suffix: str = "") -> str:
    """A path within a mirror for any name: no part of it leads out, is hidden or is longer than a file system takes."""
    parts = [_safe(part) for part in text.split("/") if part not in ("", ".")]
    path = "/".join(parts) or "index"
    return path if not suffix or path.lower().endswith(suffix) else path + suffix


def _safe(part: str) -> str:
    made = _UNSAFE.sub("_", part)
    if made.startswith("."):
        made = "_" + made[1:]
    if made != part or len(made.encode()) > LONGEST_NAME:
        stem, dot, end = made.rpartition(".")
        mark = hashlib.sha256(part.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        made = f"{(stem or made)[:60]}~{mark}{dot + end if stem and len(end) < 8 else ''}"
    return made


def _replace(file: Path, content: bytes) -> None:
    partial = file.with_name(f".{file.name[:80]}.partial")
    partial.write_bytes(content)
    partial.replace(file)
