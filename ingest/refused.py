"""Why: a file that is not taken in is reported by name and reason, once, and nothing it said before outlives it unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from governance.errors import (
    DocumentQuarantined,
    DocumentTooLarge,
    DocumentTooSlow,
    DocumentUnreachable,
    FrontlineError,
)
from ingest.catalogue import Catalogue
from ingest.originals import file_hash_or_empty
from ingest.quarantine import Finding, Quarantine
from ingest.quarantine.finding import Trouble
from ingest.report import FileProblem
from ingest.sources import Found


class Refused:
    """The files that one run did not take in."""

    def __init__(
        self,
        source_id: str,
        catalogue: Catalogue,
        record: Callable[[str, Mapping[str, Any]], None],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._source = source_id
        self._catalogue = catalogue
        self._record = record
        self._now = now
        self.quarantine = Quarantine(catalogue)
        self.files: list[FileProblem] = []

    def released(self, item: Found, content_hash: str) -> bool:
        """Whether a person let exactly this file in."""
        return self.quarantine.released(self._source, item.path, content_hash)

    def again(self, item: Found, before: Any) -> None:
        """A file that has not changed since it was refused."""
        self.files.append(FileProblem(item.path, before.code, before.reason))

    def unasked(self, item: Found) -> None:
        """A file that its source lists and did not give: what it gave before still stands."""
        problem = FileProblem(item.path, DocumentUnreachable.code, f"{item.path}: {item.unasked}")
        self.files.append(problem)
        self._record(
            "document.unreachable", {"source": self._source, "path": item.path, "reason": problem.reason}
        )

    def add(self, item: Found, before: Any, error: FrontlineError) -> None:
        """A file that cannot be taken in. What it said before no longer stands: it does not say it now."""
        problem = FileProblem(item.path, error.code, error.message)
        self.files.append(problem)
        self._record(
            "document.quarantined" if isinstance(error, DocumentQuarantined) else "document.failed",
            {"source": self._source, "path": item.path, "code": problem.code, "reason": problem.reason},
        )
        content_hash = file_hash_or_empty(item)
        found = _waits(error)
        now = self._now()
        with self._catalogue.write() as connection:
            if before is not None and before.version_id is not None:
                self._catalogue.end_version(connection, before.version_id, removed_on=now.astimezone().date())
            self._catalogue.put_file(
                connection, self._source, item.path, content_hash,
                version_id=None, code=problem.code, reason=problem.reason,
            )  # fmt: skip
            if found:
                self.quarantine.hold(connection, self._source, item.path, content_hash, found, now)
            else:
                self.quarantine.forget(connection, self._source, item.path)


def _waits(error: FrontlineError) -> list[Finding]:
    """What a person must decide about a file that was not taken in; nothing where there is nothing to decide."""
    if isinstance(error, DocumentQuarantined):
        return [finding for finding in error.findings if isinstance(finding, Finding)]
    if isinstance(error, (DocumentTooLarge, DocumentTooSlow)):
        return [Finding(Trouble.OVER_A_CAP, error.message.partition(": ")[2] or error.message)]
    return []
