"""Two versions of a document side by side: what became of each section, and of what is stated about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.tasks.library import readable
from governance.errors import DocumentUnknown
from ingest.changes import FieldChange, SectionChange, field_changes, section_changes
from ingest.documents import Version

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot


@dataclass(frozen=True)
class Compared:
    """Two versions of a document, and what became of each section from one to the other."""

    old: Version
    new: Version
    fields: tuple[FieldChange, ...]
    sections: tuple[SectionChange, ...]


def compared(snapshot: Snapshot, document_id: str, before: str, after: str) -> Compared:
    """Two versions by their ids, or the last two. Raises ``DocumentUnknown`` where there are no two."""
    versions = readable(snapshot.document(document_id))
    named = {version.id: version for version in versions}
    if len(versions) < 2 or any(one and one not in named for one in (before, after)):
        raise DocumentUnknown(
            "There are no two versions of this document to put side by side.", do="Open the document."
        )
    new = named[after] if after else versions[-1]
    old = named[before] if before else next(one for one in reversed(versions) if one.id != new.id)
    return Compared(
        old, new, field_changes(old.metadata, new.metadata),
        section_changes(snapshot.passages_of(old.id), snapshot.passages_of(new.id)),
    )  # fmt: skip
