"""The page on which two versions of a document stand side by side."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.desk import desk_of, signed_in
from assistant.web.tasks.library import readable
from assistant.web.tasks.versions import compared

router = APIRouter()


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
