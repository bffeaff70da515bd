"""Files that experts upload: put in, what became of each, taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from assistant.uploading import LARGEST
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.sessions import Session
from assistant.web.tasks.quarantine import DECIDES, READS
from assistant.web.tasks.uploads import FIELDS, About
from governance.errors import FrontlineError, MetadataInvalid
from ingest.documents import Nation
from ingest.sources.uploads import NAME

router = APIRouter()

ADDRESS = "/guidance/uploads"
LABELS = {
    "title": "Title", "uri": "Address of the original", "publisher": "Publisher", "nations": "Applies in",
    "valid_from": "In force from", "valid_to": "In force to", "review_due": "Review due",
}  # fmt: skip
"""What the form calls each field of metadata."""


class Given(About):
    """The form, as it was filled in."""

    file: UploadFile | None = None
    token: str = ""


def may_put(request: Request) -> Session:
    """The session of whoever may upload. Raises ``NotSignedIn`` or ``NotPermitted``."""
    session = signed_in(request)
    require(session, DECIDES, "upload guidance")
    return session


@router.get(ADDRESS)
def listed(request: Request) -> Response:
    """Every upload with what became of it, and the form for another."""
    require(signed_in(request), READS, "see what was uploaded")
    return _page(request, About())


@router.post(ADDRESS)
def put(request: Request, given: Annotated[Given, Form()]) -> Response:
    """Keep a file and have it taken in; in the place of one of the same name."""
    desk = desk_of(request)
    session = may_put(request)
    try:
        desk.sessions.check(session, given.token)
        name = given.file.filename or "" if given.file else ""
        content = given.file.file.read() if given.file else b""
        desk.assistant.uploads.put(name, content, about=given.metadata(), by=session.person_id)
    except FrontlineError as error:
        return _page(request, given, error)
    return RedirectResponse("/guidance/uploads", status_code=303)


@router.post("/guidance/uploads/remove")
def take_back(
    request: Request, path: Annotated[str, Form()] = "", token: Annotated[str, Form()] = ""
) -> Response:
    """Take a file out; what it said no longer answers once the run that follows has ended."""
    desk = desk_of(request)
    session = signed_in(request)
    require(session, DECIDES, "remove an upload")
    try:
        desk.sessions.check(session, token)
        desk.assistant.uploads.take_back(path, by=session.person_id)
    except FrontlineError as error:
        return _page(request, About(), error)
    return RedirectResponse("/guidance/uploads", status_code=303)


@router.post("/guidance/uploads/again")
def again(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Take the uploads in once more, after a run that failed."""
    desk = desk_of(request)
    session = signed_in(request)
    require(session, DECIDES, "have the uploads taken in")
    desk.sessions.check(session, token)
    desk.assistant.intake.owe(NAME)
    return RedirectResponse("/guidance/uploads", status_code=303)


def field_of(error: FrontlineError | None) -> str:
    """Which field of the form an error is about; empty: none that can be named."""
    if isinstance(error, MetadataInvalid):
        field = error.message.partition(":")[0]
        return field if field in (*FIELDS, "nations") else ""
    return "file" if error is not None and error.code == "upload.invalid" else ""


def in_words(error: FrontlineError | None) -> FrontlineError | None:
    """An error about a field, with the names that the form uses."""
    if not isinstance(error, MetadataInvalid):
        return error
    message = error.message
    for name, label in LABELS.items():
        message = message.replace(f"{name}:", f"{label}:").replace(f" {name} ", f" “{label}” ")
    return MetadataInvalid(message, do="Mend this field, and choose the file again.")


def _page(request: Request, given: About, error: FrontlineError | None = None) -> Response:
    desk = desk_of(request)
    return desk.page(
        request, "uploads.html", status=error.status if error else 200, given=given, error=in_words(error),
        field=field_of(error), files=desk.assistant.uploads.listed(), intake=desk.assistant.intake.standing(NAME),
        may_upload=signed_in(request).person.role in DECIDES, largest=LARGEST // 2**20, nations=tuple(Nation),
    )  # fmt: skip
