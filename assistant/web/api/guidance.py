"""What is held: documents, and the passages of a version."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from assistant.web.api.callers import caller, may_answer
from assistant.web.desk import desk_of
from governance.errors import DocumentUnknown
from ingest.documents import Passage, Version

router = APIRouter(tags=["guidance"])


class Documents(BaseModel):
    """A page of versions, by title."""

    versions: list[Version]
    next: int | None
    """Give it as ``start`` to get the next page; null: these are the last."""


class Document(BaseModel):
    """A version and its passages."""

    version: Version
    passages: list[Passage]


@router.get("/guidance", dependencies=[Depends(caller)], responses=may_answer())
def documents(
    request: Request,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Documents:
    """Every version that is searched."""
    found = desk_of(request).assistant.snapshots.current().documents()
    listed = sorted(found, key=lambda version: (version.metadata.title, version.id))
    more = start + limit < len(listed)
    return Documents(versions=listed[start : start + limit], next=start + limit if more else None)


@router.get("/guidance/{document_id}", dependencies=[Depends(caller)], responses=may_answer(404))
def document(
    request: Request,
    document_id: str,
    version: Annotated[str, Query(max_length=64, description="Which version; none: the last.")] = "",
) -> Document:
    """One version of a document, whole."""
    snapshot = desk_of(request).assistant.snapshots.current()
    held = [one for one in snapshot.document(document_id) if version in ("", one.id)]
    if not held:
        raise DocumentUnknown("No guidance is kept here under this id.", do="List the guidance.")
    return Document(version=held[-1], passages=list(snapshot.passages_of(held[-1].id)))
