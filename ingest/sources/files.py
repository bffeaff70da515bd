"""Why: guidance that a department keeps in its own cloud storage is a folder like any other, and is taken in by the same
code whoever's cloud it is.

fsspec knows how each store is spoken to (S3, Azure Blob, memory); here it is listed in full, and what changed is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import fsspec

from governance.errors import LocationInvalid, SourceUnreachable
from ingest.parse import SIDECAR, Limits
from ingest.sources.mirror import Copy, Mirror, safe_path
from ingest.sources.source import Found

TAKEN = ("s3", "abfs", "az", "memory")
"""Protocols that are listed. Web addresses have a source of their own, and a local folder has too."""
Admit = Callable[[], AbstractContextManager[None]]
"""Entered around every call that leaves the machine; raises ``DestinationRefused``."""


class Files:
    """Everything below one address of a store. Names that begin with a dot are left out, as in a folder."""

    def __init__(
        self,
        location: str,
        *,
        folder: Path,
        options: Mapping[str, Any] | None = None,
        admit: Admit = nullcontext,
        name: str = "",
        most: int = 50_000,
    ) -> None:
        """Raises ``LocationInvalid``: no such protocol, or what speaks it is not installed."""
        protocol = location.partition("://")[0]
        if protocol not in TAKEN or "::" in location:
            raise LocationInvalid(
                f"{location!r} is in no store that is taken in.", do=f"Use one of {', '.join(TAKEN)}."
            )
        try:
            self._store, self._top = fsspec.core.url_to_fs(location, **dict(options or {}))
        except (ImportError, ValueError, TypeError) as error:
            raise LocationInvalid(
                f"{location!r} cannot be opened: {error}.",
                do="Install frontline-assistant[cloud]; check its options.",
            ) from error
        self._location = location.rstrip("/")
        self._folder = folder
        self._admit = admit
        self._most = most
        self.id = name or self._location

    @property
    def root(self) -> Path:
        """Where the copies lie."""
        return self._folder

    def list(self) -> Iterator[Found]:
        """Every file, by name. Raises ``SourceUnreachable`` where the store cannot be listed now."""
        mirror = Mirror(self._folder)
        marks = self._marks()
        for key in sorted(marks):
            if not key.endswith(SIDECAR) and not any(part.startswith(".") for part in key.split("/")):
                yield self._found(mirror, key, marks)
        mirror.keep_only(key for key in marks)

    def _marks(self) -> dict[str, str]:
        """Each file's name below the address → what its store says by which a change shows."""
        try:
            with self._admit():
                self._store.invalidate_cache()
                listed = self._store.find(self._top, detail=True)
        except (OSError, ValueError) as error:
            raise SourceUnreachable(
                f"{self._location} cannot be listed: {error}.", do="Check the address and its options."
            ) from error
        if len(listed) > self._most:
            raise LocationInvalid(
                f"{self._location} holds more than {self._most:,} files.",
                do="Give a part of it, or raise `most`.",
            )
        top = self._top.rstrip("/") + "/"
        return {
            full.removeprefix(top): _mark(about) for full, about in listed.items() if full.startswith(top)
        }

    def _found(self, mirror: Mirror, key: str, marks: Mapping[str, str]) -> Found:
        name = safe_path(key)
        uri = f"{self._location}/{key}".replace(" ", "%20")
        mark = f"{marks[key]} {marks.get(key + SIDECAR, '')}".strip()
        held = mirror.held(key)
        if held and held.modified == mark:
            return Found(name, mirror.file(name), uri=uri)
        try:
            with self._admit():
                content = self._read(key)
                beside = self._read(key + SIDECAR) if key + SIDECAR in marks else b""
        except (OSError, ValueError) as error:
            return Found(name, mirror.file(name), uri=uri, unasked=f"it cannot be read now: {error}")
        file = mirror.put(key, Copy(name, modified=mark), content)
        if beside:
            file.with_name(file.name + SIDECAR).write_bytes(beside)
        return Found(name, file, uri=uri)

    def _read(self, key: str) -> bytes:
        with self._store.open(f"{self._top.rstrip('/')}/{key}", "rb") as stream:
            content: bytes = stream.read(Limits().bytes + 1)
        return content


def _mark(about: Mapping[str, Any]) -> str:
    said = (
        about.get(key)
        for key in ("ETag", "etag", "content_settings", "LastModified", "last_modified", "created", "size")
    )
    return " ".join(str(value) for value in said if value is not None)
