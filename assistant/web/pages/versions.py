"""Two versions of a document side by side: what became of each section, and of what is stated about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.desk import desk_of, signed_in
from assistant.web.pages.guidance import readable
from governance.errors import DocumentUnknown
from ingest.changes import FieldChange, SectionChange, field_changes, section_changes
from ingest.documents import Version

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot

router = APIRouter()


@dataclass(frozen=True)
class Compared:
    """Two versions of a document, and what became of each section from one to the other."""

    old: Version
    new: Version
    fields: tuple[FieldChange, ...]
    sections: tuple[SectionChange, ...]


@router.get("/guidance/{document_id}/changes")
def changes(request: Request, document_id: str, before: str = "", after: str = "") -> Response:
    """What changed from one version to another; of the last two, where none are named."""
    signed_in(request)
    desk = desk_of(request)
    snapshot = desk.assistant.snapshots.current()
    found = compared(snapshot, document_id, before, after)
    return desk.page(
        request, "versions.html", document_id=document_id, versions=readable(snapshot.document(document_id)),
        old=found.old, new=found.new, fields=found.fields, sections=found.sections,
    )  # fmt: skip


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
