"""Why: whoever uploads guidance wants to know what became of it: in use, waiting for somebody, or refused and why.

What was uploaded is compared with what the last run made of it, so the state told here is that of the file as it is now.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.errors import UploadInvalid
from governance.ledger.find import Wanted
from ingest.catalogue import Catalogue
from ingest.originals import file_hash
from ingest.parse import SIDECAR
from ingest.parse.metadata import metadata
from ingest.quarantine import Quarantine
from ingest.sources import Found
from ingest.sources.uploads import NAME, remove_upload, upload, uploads

if TYPE_CHECKING:
    from assistant.intake import Intake
    from governance.ledger import Entry, Ledger

LARGEST = 20 * 1024 * 1024
"""Bytes of one uploaded file. An assumption: a long manual as PDF has some 10 MB. A larger file goes by a folder."""
LONGEST = 500
"""Characters of a title or an address."""


class Became(StrEnum):
    """What became of an uploaded file."""

    WAITS = "waits"
    """The next run takes it in."""
    IN_USE = "in_use"
    HELD = "held"
    """Somebody must decide about it first."""
    REFUSED = "refused"


@dataclass(frozen=True)
class Uploaded:
    """One file among the uploads."""

    path: str
    bytes: int
    by: str
    at: dt.datetime | None
    """Of the upload; None where the ledger does not say."""
    became: Became
    reason: str = ""
    """Why it is held or refused."""
    document_id: str = ""
    """Of what it is in use as."""
    version_id: str = ""


_State = tuple[tuple[int, int] | None, ...]
"""Time of the last change, in nanoseconds, and bytes: of a file and of its sidecar, where it has one."""


class Uploads:
    """The files that experts uploaded to one data directory."""

    def __init__(self, data_dir: Path, ledger: Ledger, intake: Intake) -> None:
        self._data_dir = data_dir
        self._ledger = ledger
        self._intake = intake
        self._put: dict[str, Entry] = {}
        """Path → entry of its newest upload, among the first ``_read`` entries of the ledger."""
        self._read = 0
        self._hashes: dict[Path, tuple[_State, str]] = {}
        self._lock = threading.Lock()

    def put(self, name: str, content: bytes, *, about: Mapping[str, Any], by: str) -> str:
        """Keep a file and have it taken in; gives its path. ``about`` is metadata as people write it.

        Raises ``UploadInvalid`` (no name, nothing in it, too large, a field too long) or ``MetadataInvalid`` (a date or
        a nation that is none), before anything is kept.
        """
        if not name.strip():
            raise UploadInvalid("No file was chosen.", do="Choose one, with a name and an ending.")
        if len(content) > LARGEST:
            raise UploadInvalid(
                f"{name} is larger than {LARGEST // 2**20} MiB.",
                do="Split it, or have it taken in from a folder.",
            )
        for field, value in about.items():
            if len(str(value)) > LONGEST:
                raise UploadInvalid(f"The {field} is longer than {LONGEST} characters.", do="Shorten it.")
        metadata(about, path=name, title=name)
        self._intake.owe(NAME, begin=False)
        path = upload(
            self._data_dir,
            name,
            content,
            by=by,
            record=self._recording(by),
            about={k: v for k, v in about.items() if v},
        )
        self._intake.owe(NAME)
        return path

    def take_back(self, path: str, *, by: str) -> None:
        """Remove a file; what it said ends with the run that follows. Raises ``UploadInvalid`` where it is not there."""
        self._intake.owe(NAME, begin=False)
        remove_upload(self._data_dir, path, by=by, record=self._recording(by))
        self._intake.owe(NAME)

    def listed(self) -> list[Uploaded]:
        """Every file with what became of it, by path."""
        source = uploads(self._data_dir)
        last = self._newest()
        catalogue = Catalogue.open(self._data_dir)
        try:
            rows = catalogue.files(NAME)
            quarantine = Quarantine(catalogue)
            waiting = {held.path for held in quarantine.list() if held.source == NAME}
            found = []
            for item in source.list():
                row: Any = rows.get(item.path)
                entry: Entry | None = last.get(item.path)
                became = self._became(item, row, quarantine, waiting)
                version = catalogue.version(row.version_id) if row and became is Became.IN_USE else None
                told = row is not None and became in (Became.HELD, Became.REFUSED)
                found.append(
                    Uploaded(
                        path=item.path,
                        bytes=item.file.stat().st_size,
                        by=entry.actor if entry else "",
                        at=entry.time if entry else None,
                        became=became,
                        reason=str(row.reason or "") if told else "",
                        document_id=version.document_id if version else "",
                        version_id=version.id if version else "",
                    )
                )
            return found
        finally:
            catalogue.close()

    def _newest(self) -> dict[str, Entry]:
        """Path → entry of its newest upload. The ledger only grows, so what was read of it is not read again."""
        with self._lock:
            size = self._ledger.size()
            for put in self._ledger.scan(Wanted(type="document.uploaded", after=self._read - 1)):
                self._put[put.body["path"]] = put
            self._read = size
            return dict(self._put)

    def _hash(self, file: Path) -> str:
        """The file's hash, taken again where its time or its size, or its sidecar's, has changed."""
        state = _state(file)
        kept = self._hashes.get(file)
        if kept is None or kept[0] != state:
            kept = self._hashes[file] = (state, file_hash(file))
        return kept[1]

    def _became(self, item: Found, row: Any, quarantine: Quarantine, waiting: Collection[str]) -> Became:
        if row is None or row.content_hash != self._hash(item.file):
            return Became.WAITS
        if row.version_id:
            return Became.IN_USE
        if item.path in waiting:
            return Became.HELD
        return Became.WAITS if quarantine.released(NAME, item.path, row.content_hash) else Became.REFUSED

    def _recording(self, by: str) -> Callable[[str, Mapping[str, Any]], None]:
        return lambda type_, body: self._append(type_, body, by)

    def _append(self, type_: str, body: Mapping[str, Any], by: str) -> None:
        self._ledger.append(type_, dict(body), actor=by, subject="")


def _state(file: Path) -> _State:
    both = (file, file.with_name(file.name + SIDECAR))
    return tuple((s.st_mtime_ns, s.st_size) if p.exists() and (s := p.stat()) else None for p in both)
