"""Why: what is made of one file depends on that file alone, so it can be made anywhere: in a thread here, or on
another machine. What depends on the other documents (is its uri taken? did it stand before?) is decided in ``run``.
"""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from governance.errors import DocumentRejected, FileNotReadable, FrontlineError
from ingest.documents import Metadata, Parsed, Passage, Version
from ingest.originals import default_uri, version_from
from ingest.parse import Parser
from ingest.quarantine import Door
from ingest.sources import Found
from ingest.split import passage_id, split


@dataclass(frozen=True)
class Job:
    """A file to read, as its source lists it and as its bytes were when the run looked."""

    item: Found
    content_hash: str
    released: bool = False
    """A person let exactly this content in: it passes the door, and by wider limits."""


@dataclass(frozen=True)
class Place:
    """Where the files of a run come from, and the moment at which they were taken in."""

    source_id: str
    root: Path
    now: dt.datetime


@dataclass(frozen=True)
class Reading:
    """What was made of a file: a version with its passages, or why there is none."""

    job: Job
    version: Version | None = None
    passages: tuple[Passage, ...] = ()
    dropped: tuple[str, ...] = ()
    error: FrontlineError | None = None

    def named(self, version: Version) -> Reading:
        """The same content under another version, whose name its passages take."""
        if self.version is not None and version.id == self.version.id:
            return replace(self, version=version)
        passages = tuple(
            replace(p, id=passage_id(version.id, p.ordinal, p.text), version_id=version.id)
            for p in self.passages
        )
        return replace(self, version=version, passages=passages)


@dataclass(frozen=True)
class Measure:
    """How long a text is, by the embedder's tokeniser and by tiktoken, and the most that the embedder reads."""

    count: Callable[[str], int]
    limit: int
    tokens: Callable[[str], int]


class Reader:
    """Reads files through a parser of its own. Close it when done."""

    def __init__(self, place: Place, measure: Measure) -> None:
        self.place = place
        self.measure = measure
        self._parser = Parser()
        self._door = Door()

    def read(self, job: Job) -> Reading:
        """A file's version and passages, or the error that keeps it out. Raises OSError where our disk is full."""
        path = job.item.path
        try:
            return self._read(job)
        except (DocumentRejected, FileNotReadable) as error:
            return Reading(job, error=error)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise  # our disk, not their file
            said = FileNotReadable(f"{path}: it cannot be read: {error.strerror}.")
            return Reading(job, error=said)

    def _read(self, job: Job) -> Reading:
        parsed = self._parser.parse(job.item.file, root=self.place.root, wide=job.released)
        if not job.released:
            self._door.check(parsed, job.item.path)
        parsed = replace(parsed, metadata=placed(parsed.metadata, job.item, self.place.source_id))
        return self._cut(job, parsed)

    def _cut(self, job: Job, parsed: Parsed) -> Reading:
        version = version_from(parsed, job.content_hash, self.place.now)
        passages = split(
            parsed, version_id=version.id, count=self.measure.count,
            limit=self.measure.limit, tokens=self.measure.tokens,
        )  # fmt: skip
        return Reading(job, version, tuple(passages), parsed.dropped)

    def close(self) -> None:
        """End the parser's process."""
        self._parser.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def placed(metadata: Metadata, item: Found, source_id: str) -> Metadata:
    """Metadata with the file's place. A file that states no uri is named by its source and path, so that
    two sources may each hold a file of one name."""
    stated = metadata.uri != default_uri(item.path)
    place = item.uri or f"file:{source_id.removeprefix('folder:')}/{item.path}"
    uri = metadata.uri if stated else place
    return replace(metadata, path=item.path, uri=uri)
