"""Files that experts upload: put in, listed with what became of each, taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from pydantic import BaseModel

from assistant.intake import Taken
from assistant.uploading import LONGEST, Uploaded
from assistant.web.api.callers import Caller, allow, may_answer, who
from assistant.web.api.once import Once, documented
from assistant.web.desk import desk_of
from assistant.web.tasks.quarantine import DECIDES, READS
from assistant.web.tasks.uploads import About
from ingest.sources.uploads import NAME

router = APIRouter(tags=["guidance"], route_class=Once)
Line = Annotated[str, Form(max_length=LONGEST)]


class Uploads(BaseModel):
    """Every upload, by path, and the run that takes them in."""

    uploads: list[Uploaded]
    intake: Taken | None


def may_put(request: Request) -> None:
    """Raises what ``who`` raises, or ``NotPermitted``."""
    allow(who(request), DECIDES, "upload guidance")


@router.get("/guidance/uploads", responses=may_answer())
def listed(request: Request, person: Caller) -> Uploads:
    """What was uploaded, and what became of each file."""
    allow(person, READS, "see what was uploaded")
    return _uploads(request)


@router.post(
    "/guidance/uploads",
    status_code=202,
    dependencies=[Depends(documented)],
    responses=may_answer(413, 415),
)
def put(
    request: Request,
    person: Caller,
    file: Annotated[UploadFile, File(description="At most 20 MiB. One of the same name is replaced.")],
    title: Line = "",
    uri: Line = "",
    publisher: Line = "",
    nations: Annotated[str, Form(max_length=LONGEST, description="Names, with commas; none: all.")] = "",
    valid_from: Line = "",
    valid_to: Line = "",
    review_due: Line = "",
) -> Uploads:
    """Keep a file; it is taken in in the background. ``intake`` says how far that has come."""
    allow(person, DECIDES, "upload guidance")
    about = About(
        title=title, uri=uri, publisher=publisher, nations=[nations] if nations else [],
        valid_from=valid_from, valid_to=valid_to, review_due=review_due,
    )  # fmt: skip
    desk_of(request).assistant.uploads.put(
        file.filename or "", file.file.read(), about=about.metadata(), by=person.id
    )
    return _uploads(request)


@router.post(
    "/guidance/uploads/intake", status_code=202, dependencies=[Depends(documented)], responses=may_answer()
)
def again(request: Request, person: Caller) -> Uploads:
    """Take the uploads in once more, after a run that failed."""
    allow(person, DECIDES, "have the uploads taken in")
    desk_of(request).assistant.intake.owe(NAME)
    return _uploads(request)


@router.delete("/guidance/uploads/{path}", status_code=202, responses=may_answer(404))
def take_back(request: Request, path: str, person: Caller) -> Uploads:
    """Take a file out; what it says ends with the run that follows."""
    allow(person, DECIDES, "remove an upload")
    desk_of(request).assistant.uploads.take_back(path, by=person.id)
    return _uploads(request)


def _uploads(request: Request) -> Uploads:
    assistant = desk_of(request).assistant
    return Uploads(uploads=assistant.uploads.listed(), intake=assistant.intake.standing(NAME))
