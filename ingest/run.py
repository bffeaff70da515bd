"""Why: one run of one source, told in the order in which it happens.

What is done to a file is recorded before it is kept: a run killed in between does it again and records it
again, so that nothing is in the index that is not in the record. Reading and embedding run ahead, in an engine;
every decision and every write is made here, one document after another, in the source's order.
"""

from __future__ import annotations

import datetime as dt
import errno
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from governance.errors import DocumentConflict, DocumentRejected, FileNotReadable, FrontlineError, SourceEmpty
from ingest.catalogue import Catalogue
from ingest.documents import Version
from ingest.embedder_files import EmbedderIdentity
from ingest.engines.engine import Engine
from ingest.originals import begun_again, file_hash, keep_original
from ingest.publish import owe, publish
from ingest.reading import Job, Place, Reading
from ingest.refused import Refused
from ingest.report import Report
from ingest.sources import Found, Source
from ingest.succession import overlaps, succeed
from ingest.vectors import VectorStore, vector_key
from ingest.waiting import Waiting

Record = Callable[[str, Mapping[str, Any]], None]
"""Called with the type and body of each thing that happened; the ledger's way in."""
Progress = Callable[[str, int, int], None]
"""Called with a stage, how much is done and how much there is so far."""

READING, EMBEDDING, WRITING = "Reading documents", "Embedding passages", "Writing the snapshot"


@dataclass(frozen=True)
class Parts:
    """What a run works with."""

    data_dir: Path
    identity: EmbedderIdentity
    engine: Callable[[], Engine]
    vectors: Callable[[], VectorStore]
    record: Record
    now: Callable[[], dt.datetime]


class Run:
    """One run of one source."""

    def __init__(self, parts: Parts, catalogue: Catalogue, source: Source, progress: Progress) -> None:
        self.parts = parts
        self.data_dir = parts.data_dir
        self.record = parts.record
        self.catalogue = catalogue
        self.source = source
        self.progress = progress
        self._owed = False
        self.counts = {"added": 0, "changed": 0, "removed": 0, "skipped": 0}
        self.refused = Refused(source.id, catalogue, parts.record, parts.now)
        self.today = parts.now().astimezone().date()
        self.known: Mapping[str, Any] = {}
        self.total = 0
        self._waiting = Waiting(parts.identity, lambda: self.engine, lambda: self.vectors, self._keep)

    @cached_property
    def vectors(self) -> VectorStore:
        """Opened when something has to be embedded or copied; an unchanged source never needs it."""
        return self.parts.vectors()

    @cached_property
    def engine(self) -> Engine:
        """Started when there is something to read."""
        return self.parts.engine()

    def close(self) -> None:
        """Let go of the engine and the vectors, if they were opened."""
        for part in ("engine", "vectors"):
            if part in self.__dict__:
                getattr(self, part).close()

    def go(self, allow_empty: bool) -> Report:
        """Do all of it; ``allow_empty`` lets a source that lists nothing remove everything it held."""
        began = time.perf_counter()
        self.known = self.catalogue.files(self.source.id)
        found = {item.path: item for item in self.source.list()}
        self.total = len(found)
        if self.known and not found and not allow_empty:
            raise SourceEmpty(
                f"{self.source.id} holds nothing now, and {len(self.known)} files at the last run.",
                do="Check that it is the right place; to remove everything it held, say so (--allow-empty).",
            )
        self.record("ingestion.started", {"source": self.source.id, "files": len(found)})
        self._remove(found)
        self._take(found)
        standing = publish(self)
        report = Report(
            source=self.source.id, **self.counts, failed=tuple(self.refused.files), passages=standing.passages,
            embedded=self._waiting.embedded, truncated=self.engine.truncated if "engine" in self.__dict__ else 0,
            snapshot_id=standing.id, root_hash=standing.root_hash, seconds=time.perf_counter() - began,
        )  # fmt: skip
        self.record("ingestion.finished", _figures(report))
        return report

    # --- files ------------------------------------------------------------------------------------------

    def _take(self, found: Mapping[str, Found]) -> None:
        jobs = self._jobs(found)
        first = next(jobs, None)
        if first is not None:
            place = Place(self.source.id, self.source.root, self.parts.now())
            for reading in self.engine.read(place, _chain(first, jobs)):
                self._admit(reading)
            self._waiting.finish()
        self._tell()

    def _jobs(self, found: Mapping[str, Found]) -> Iterator[Job]:
        """What has to be read: files that are new, or changed, or whose conflict may be settled."""
        for item in found.values():
            before = self.known.get(item.path)
            if item.unasked:
                self.refused.unasked(item)
                continue
            try:
                if item.problem:
                    raise FileNotReadable(f"{item.path}: {item.problem}.")
                content_hash = file_hash(item.file)
            except FileNotReadable as error:
                self._refuse(item, error)
                continue
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise  # our disk, not their file
                self._refuse(item, FileNotReadable(f"{item.path}: it cannot be read: {error.strerror}."))
                continue
            released = self.refused.released(item, content_hash)
            if before is None or before.content_hash != content_hash:
                yield Job(item, content_hash, released)
            elif before.version_id is not None:
                self.counts["skipped"] += 1
            elif released or before.code == DocumentConflict.code:
                yield Job(item, content_hash, released)
            else:
                self.refused.again(item, before)

    def _admit(self, reading: Reading) -> None:
        """Gather a document whose place is free, and send what was gathered to be embedded when it is enough."""
        version = reading.version
        if version is None:
            self._refuse(
                reading.job.item, reading.error or FileNotReadable(f"{reading.job.item.path}: no text.")
            )
            return
        if self._waiting.holds(version.document_id):
            self._waiting.finish()  # whether its uri is taken must be known first
        try:
            self._check(version, reading.job.item)
        except DocumentRejected as error:
            self._refuse(reading.job.item, error)
            return
        self._waiting.add(reading.named(self._fresh(version)))
        self._tell()

    def _check(self, version: Version, item: Found) -> None:
        others = self.catalogue.standing(version.document_id, besides=(self.source.id, item.path))
        conflict = [other for other in others if overlaps(other.metadata, version.metadata)]
        if conflict:
            raise DocumentConflict(
                f"{item.path}: {conflict[0].metadata.path} has the same uri ({version.metadata.uri}) for days that overlap.",
                do="Give one of the two another uri, or periods that do not overlap.",
            )

    def _fresh(self, version: Version) -> Version:
        """The version; where the same content stood before and had ended, a new one that begins today, so that
        the days in between stay as they were."""
        before = self.catalogue.version(version.id)
        ends = (
            [] if before is None else [d for d in (before.superseded_on, before.removed_on) if d is not None]
        )
        if not ends or min(ends) >= self.today:
            return version
        return replace(version, id=begun_again(version.id, self.today), began_on=self.today)

    # --- what is taken in ---------------------------------------------------------------------------------

    def _keep(self, reading: Reading) -> None:
        version, item, content_hash = reading.version, reading.job.item, reading.job.content_hash
        if version is None:
            return
        before = self.known.get(item.path)
        self._owe()
        keep_original(self.data_dir, item.file, content_hash)
        replaced = before.version_id if before is not None else None
        what = "added" if replaced is None else "changed"
        self.record(
            f"document.{what}",
            {"source": self.source.id, "path": item.path, "uri": version.metadata.uri, "version": version.id,
             "sha256": content_hash, "passages": len(reading.passages), "dropped": list(reading.dropped)},
        )  # fmt: skip
        keys = [vector_key(self.parts.identity, passage.indexed_text) for passage in reading.passages]
        with self.catalogue.write() as connection:
            held = self.catalogue.versions_of(version.document_id)
            for earlier, day in succeed(held, version, replaced, self.today):
                self.catalogue.end_version(connection, earlier, superseded_on=day, superseded_by=version.id)
                version = replace(version, began_on=self.today)
            if replaced and replaced not in {v.id for v in held}:
                self.catalogue.end_version(connection, replaced, removed_on=self.today)  # its uri changed
            self.catalogue.put_version(connection, self.source.id, version)
            self.catalogue.put_passages(connection, list(zip(reading.passages, keys, strict=True)))
            self.catalogue.put_file(
                connection, self.source.id, item.path, content_hash,
                version_id=version.id, code=None, reason=None,
            )  # fmt: skip
            self.refused.quarantine.forget(connection, self.source.id, item.path)
        self.counts[what] += 1

    # --- what is not taken in -----------------------------------------------------------------------------

    def _refuse(self, item: Found, error: FrontlineError) -> None:
        self._owe()
        self.refused.add(item, self.known.get(item.path), error)

    def _remove(self, found: Mapping[str, Found]) -> None:
        for path, row in self.known.items():
            if path in found:
                continue
            self._owe()
            if row.version_id is not None:
                self.counts["removed"] += 1
                self.record(
                    "document.removed", {"source": self.source.id, "path": path, "version": row.version_id}
                )
            with self.catalogue.write() as connection:
                if row.version_id is not None:
                    self.catalogue.end_version(connection, row.version_id, removed_on=self.today)
                self.catalogue.forget_file(connection, self.source.id, path)
                self.refused.quarantine.forget(connection, self.source.id, path)

    # --- small things -------------------------------------------------------------------------------------

    def _owe(self) -> None:
        """Say, before the first change, that a snapshot has to be made of what changes."""
        if not self._owed:
            owe(self.catalogue)
            self._owed = True

    def _tell(self) -> None:
        done = (
            self.counts["added"] + self.counts["changed"] + self.counts["skipped"] + len(self.refused.files)
        )
        self.progress(READING, min(done, self.total), self.total)
        embedded, coming = self._waiting.embedded, self._waiting.coming
        if embedded or coming:
            self.progress(EMBEDDING, embedded, embedded + coming)


def _chain(first: Job, rest: Iterator[Job]) -> Iterator[Job]:
    yield first
    yield from rest


def _figures(report: Report) -> dict[str, Any]:
    return {
        "source": report.source, "added": report.added, "changed": report.changed, "removed": report.removed,
        "skipped": report.skipped, "failed": len(report.failed), "passages": report.passages,
        "embedded": report.embedded, "truncated": report.truncated, "snapshot": report.snapshot_id,
        "root_hash": report.root_hash,
    }  # fmt: skip
