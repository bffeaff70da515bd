"""Why: one run of one source, told in the order in which it happens.

What is done to a file is recorded before it is kept: a run killed in between does it again and records it
again, so that nothing is in the index that is not in the record.
"""

from __future__ import annotations

import datetime as dt
import errno
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from governance.errors import (
    DocumentConflict,
    DocumentRejected,
    FileNotReadable,
    SourceEmpty,
)
from ingest import snapshot_files
from ingest.catalogue import Catalogue
from ingest.documents import Metadata, Passage, Version
from ingest.embedder_files import EmbedderIdentity
from ingest.originals import (
    begun_again,
    default_uri,
    file_hash,
    keep_original,
    version_from,
)
from ingest.parse import Parser
from ingest.quarantine import Door
from ingest.refused import Refused
from ingest.report import Report
from ingest.sources import Found, Source
from ingest.split import split
from ingest.succession import overlaps, succeed
from ingest.vectors import VectorStore, vector_key

Record = Callable[[str, Mapping[str, Any]], None]
"""Called with the type and body of each thing that happened; the ledger's way in."""
Progress = Callable[[str, int, int], None]
"""Called with a stage, how much is done and how much there is."""


class Embeds(Protocol):
    """What ingestion needs of an embedder."""

    identity: EmbedderIdentity
    truncated: int

    def embed_array(self, texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Unit vectors, one a row."""
        ...

    def token_count(self, text: str) -> int:
        """Tokens by the model's own tokeniser."""
        ...


@dataclass(frozen=True)
class Parts:
    """What a run works with."""

    data_dir: Path
    embedder: Embeds
    tokens: Callable[[str], int]
    record: Record
    now: Callable[[], dt.datetime]


class Run:
    """One run of one source."""

    def __init__(
        self, parts: Parts, catalogue: Catalogue, source: Source, parser: Parser, progress: Progress
    ) -> None:
        self.parts = parts
        self.data_dir = parts.data_dir
        self.embedder = parts.embedder
        self.record = parts.record
        self.catalogue = catalogue
        self.source = source
        self.parser = parser
        self.progress = progress
        self.door = Door()
        self.refused = Refused(source.id, catalogue, parts.record, parts.now)
        self.counts = {"added": 0, "changed": 0, "removed": 0, "skipped": 0}
        self.embedded = 0
        self.today = parts.now().astimezone().date()

    @cached_property
    def vectors(self) -> VectorStore:
        """Opened when something has to be embedded or copied; an unchanged source never needs it."""
        return VectorStore.open(self.data_dir, self.embedder.identity)

    def close(self) -> None:
        """Let go of the vectors, if they were opened."""
        if "vectors" in self.__dict__:
            self.vectors.close()

    def go(self, allow_empty: bool) -> Report:
        """Do all of it; ``allow_empty`` lets a source that lists nothing remove everything it held."""
        began = time.perf_counter()
        truncated = self.embedder.truncated
        known = self.catalogue.files(self.source.id)
        found = {item.path: item for item in self.source.list()}
        if known and not found and not allow_empty:
            raise SourceEmpty(
                f"{self.source.id} holds nothing now, and {len(known)} files at the last run.",
                do="Check that it is the right place; to remove everything it held, say so (--allow-empty).",
            )
        self.record("ingestion.started", {"source": self.source.id, "files": len(found)})
        self._remove(known, found)
        for number, item in enumerate(found.values()):
            self.progress("Reading documents", number, len(found))
            self._take(item, known.get(item.path))
        self.progress("Reading documents", len(found), len(found))
        snapshot = self._publish()
        report = Report(
            source=self.source.id, **self.counts, failed=tuple(self.refused.files), passages=len(snapshot.rows),
            embedded=self.embedded, truncated=self.embedder.truncated - truncated, snapshot_id=snapshot.id,
            root_hash=snapshot.root_hash, seconds=time.perf_counter() - began,
        )  # fmt: skip
        self.record("ingestion.finished", _figures(report))
        return report

    # --- one file ---------------------------------------------------------------------------------------

    def _take(self, item: Found, before: Any) -> None:
        try:
            if item.problem:
                raise FileNotReadable(f"{item.path}: {item.problem}.")
            if item.unasked:
                self.refused.unasked(item)
                return
            content_hash = file_hash(item.file)
            settled = before is not None and (
                before.version_id is not None
                or not (before.code == DocumentConflict.code or self.refused.released(item, content_hash))
            )
            if before is not None and before.content_hash == content_hash and settled:
                if before.version_id is None:
                    self.refused.again(item, before)
                else:
                    self.counts["skipped"] += 1
                return
            self._take_changed(item, content_hash, before)
        except (DocumentRejected, FileNotReadable) as error:
            self.refused.add(item, before, error)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise  # our disk, not their file
            self.refused.add(
                item, before, FileNotReadable(f"{item.path}: it cannot be read: {error.strerror}.")
            )

    def _take_changed(self, item: Found, content_hash: str, before: Any) -> None:
        released = self.refused.released(item, content_hash)
        parsed = self.parser.parse(item.file, root=self.source.root, wide=released)
        if not released:
            self.door.check(parsed, item.path)
        parsed = replace(parsed, metadata=self._placed(parsed.metadata, item))
        version = self._fresh(version_from(parsed, content_hash, self.parts.now()))
        others = self.catalogue.standing(version.document_id, besides=(self.source.id, item.path))
        conflict = [other for other in others if overlaps(other.metadata, version.metadata)]
        if conflict:
            raise DocumentConflict(
                f"{item.path}: {conflict[0].metadata.path} has the same uri ({version.metadata.uri}) for days that overlap.",
                do="Give one of the two another uri, or periods that do not overlap.",
            )
        passages = split(
            parsed, version_id=version.id, count=self.embedder.token_count,
            limit=self.embedder.identity.max_tokens, tokens=self.parts.tokens,
        )  # fmt: skip
        keys = self._embed(passages)
        keep_original(self.data_dir, item.file, content_hash)
        replaced = before.version_id if before is not None else None
        what = "added" if before is None or before.version_id is None else "changed"
        self.record(
            f"document.{what}",
            {"source": self.source.id, "path": item.path, "uri": version.metadata.uri, "version": version.id,
             "sha256": content_hash, "passages": len(passages), "dropped": list(parsed.dropped)},
        )  # fmt: skip
        with self.catalogue.write() as connection:
            for earlier, day in succeed(
                self.catalogue.versions_of(version.document_id), version, replaced, self.today
            ):
                self.catalogue.end_version(connection, earlier, superseded_on=day, superseded_by=version.id)
                version = replace(version, began_on=self.today)
            if replaced and replaced not in {v.id for v in self.catalogue.versions_of(version.document_id)}:
                self.catalogue.end_version(connection, replaced, removed_on=self.today)  # its uri changed
            self.catalogue.put_version(connection, self.source.id, version)
            self.catalogue.put_passages(connection, list(zip(passages, keys, strict=True)))
            self.catalogue.put_file(
                connection,
                self.source.id,
                item.path,
                content_hash,
                version_id=version.id,
                code=None,
                reason=None,
            )
            self.refused.quarantine.forget(connection, self.source.id, item.path)
        self.counts[what] += 1

    def _placed(self, metadata: Metadata, item: Found) -> Metadata:
        """Metadata with the file's place. A file that states no uri is named by its source and path, so that
        two sources may each hold a file of one name."""
        stated = metadata.uri != default_uri(item.path)
        place = item.uri or f"file:{self.source.id.removeprefix('folder:')}/{item.path}"
        uri = metadata.uri if stated else place
        return replace(metadata, path=item.path, uri=uri)

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

    def _embed(self, passages: list[Passage]) -> list[str]:
        keys = [vector_key(self.embedder.identity, passage.indexed_text) for passage in passages]
        text_of = dict(zip(keys, (passage.indexed_text for passage in passages), strict=True))
        missing = self.vectors.missing(keys)
        if missing:
            self.vectors.add(missing, self.embedder.embed_array([text_of[key] for key in missing]))
            self.embedded += len(missing)
        return keys

    # --- the whole --------------------------------------------------------------------------------------

    def _remove(self, known: Mapping[str, Any], found: Mapping[str, Found]) -> None:
        for path, row in known.items():
            if path in found:
                continue
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

    def _publish(self) -> snapshot_files.Contents:
        """Write the snapshot if it is a new one, then move the pointer, in one transaction."""
        what = snapshot_files.contents(self.catalogue)
        if self.catalogue.state("snapshot") == what.id:
            return what
        self.progress("Writing the snapshot", 0, 1)
        snapshot_files.write(self.data_dir, what, self.catalogue, self.vectors, self.embedder.identity)
        row = {
            "id": what.id, "root_hash": what.root_hash, "created_at": self.parts.now().replace(tzinfo=None),
            "documents": len({version.document_id for version in what.versions}), "passages": len(what.rows),
            "embedder": self.embedder.identity.as_dict(),
        }  # fmt: skip
        self.record(
            "snapshot.published",
            {"snapshot": what.id, "root_hash": what.root_hash, "passages": len(what.rows)},
        )
        with self.catalogue.write() as connection:
            self.catalogue.put_snapshot(connection, row)
            self.catalogue.put_state(connection, "embedder", row["embedder"])
            self.catalogue.put_state(connection, "snapshot", what.id)
        snapshot_files.remove_old(self.data_dir, what.id)
        self.progress("Writing the snapshot", 1, 1)
        return what


def _figures(report: Report) -> dict[str, Any]:
    return {
        "source": report.source, "added": report.added, "changed": report.changed, "removed": report.removed,
        "skipped": report.skipped, "failed": len(report.failed), "passages": report.passages,
        "embedded": report.embedded, "truncated": report.truncated, "snapshot": report.snapshot_id,
        "root_hash": report.root_hash,
    }  # fmt: skip
