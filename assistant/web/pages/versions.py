"""Two versions of a document side by side: what became of each section, and of what is stated about it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.desk import desk_of, signed_in
from assistant.web.pages.guidance import readable
from governance.errors import DocumentUnknown
from ingest.changes import field_changes, section_changes

router = APIRouter()


@router.get("/guidance/{document_id}/changes")
def changes(request: Request, document_id: str, before: str = "", after: str = "") -> Response:
    """What changed from one version to another; of the last two, where none are named."""
    signed_in(request)
    desk = desk_of(request)
    snapshot = desk.assistant.snapshots.current()
    versions = readable(snapshot.document(document_id))
    named = {version.id: version for version in versions}
    if len(versions) < 2 or any(one and one not in named for one in (before, after)):
        raise DocumentUnknown(
            "There are no two versions of this document to put side by side.", do="Open the document."
        )
    new = named[after] if after else versions[-1]
    old = named[before] if before else next(one for one in reversed(versions) if one.id != new.id)
    return desk.page(
        request, "versions.html", document_id=document_id, versions=versions, old=old, new=new,
        fields=field_changes(old.metadata, new.metadata),
        sections=section_changes(snapshot.passages_of(old.id), snapshot.passages_of(new.id)),
    )  # fmt: skip
