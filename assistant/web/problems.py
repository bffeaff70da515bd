"""Why: every error says in plain words what to do about it: as a page to a person, as problem+json to a program.

The API's documents follow RFC 9457; ``code`` and ``do`` are ours, and ``code`` is stable across releases.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.web.desk import by_script, desk_of
from assistant.web.guard import for_programs, secure
from governance.errors import (
    AddressUnknown,
    FrontlineError,
    LimitReached,
    MediaTypeUnsupported,
    MethodNotAllowed,
    NotSignedIn,
    ReadingReasonMissing,
    RequestInvalid,
    RequestMalformed,
)

log = logging.getLogger(__name__)

TITLES = {
    400: "The request could not be read",
    401: "You are not signed in",
    403: "This is not allowed",
    404: "Not found",
    405: "This address does not work that way",
    409: "This cannot be done as things stand",
    413: "Too much text was sent",
    415: "The request could not be read",
    422: "Something needs to be mended",
    429: "Too much was asked at once",
    500: "Something went wrong here",
    503: "The assistant cannot answer at present",
    507: "The disk is full",
}
"""Headings of the error pages and titles of the problem documents, by status."""


class Problem(BaseModel):
    """What the API answers when it does not do what was asked (RFC 9457)."""

    type: str = Field(description="URN of the kind of problem.", examples=["urn:frontline:question.empty"])
    title: str = Field(description="The status in plain words.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="What is wrong, and where.")
    code: str = Field(description="Stable across releases; scripts match on it.", examples=["question.empty"])
    do: str = Field(description="What to do about it.")


def problem(error: FrontlineError) -> JSONResponse:
    """An error as a problem document."""
    document = Problem(
        type=f"urn:frontline:{error.code}",
        title=TITLES.get(error.status, HTTPStatus(error.status).phrase),
        status=error.status,
        detail=error.message,
        code=error.code,
        do=error.do,
    )
    return JSONResponse(
        document.model_dump(), error.status, headers_of(error), media_type="application/problem+json"
    )


def headers_of(error: FrontlineError) -> dict[str, str]:
    """What RFC 9110 and RFC 6750 want beside the status."""
    if isinstance(error, LimitReached):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}


def respond(request: Request, error: FrontlineError) -> Response:
    """An error as whoever asked can read it."""
    if for_programs(request.url.path):
        return problem(error)
    if by_script(request):
        headers = {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML show:top", **headers_of(error)}
        return HTMLResponse(
            desk_of(request).draw(request, "problem.html", error=error), error.status, headers
        )
    title = TITLES.get(error.status, HTTPStatus(error.status).phrase)
    page = desk_of(request).page(request, "error.html", status=error.status, error=error, title=title)
    if isinstance(error, LimitReached):
        page.headers.update(headers_of(error))
    return page


def install(app: FastAPI) -> None:
    """Give an application these answers to everything that can go wrong."""
    app.exception_handler(FrontlineError)(_known)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Exception)(_unexpected)


def _known(request: Request, error: FrontlineError) -> Response:
    of_a_page = request.method == "GET" and not for_programs(request.url.path)
    if of_a_page and isinstance(error, NotSignedIn):
        return RedirectResponse(f"/sign-in?next={request.url.path}", status_code=303)
    if of_a_page and isinstance(error, ReadingReasonMissing):
        return RedirectResponse(f"/reading?next={request.url.path}", status_code=303)
    return respond(request, error)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    """Name the fields that are wrong. Their values are left out: they may hold personal data."""
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return respond(
            request, RequestMalformed("The body is not JSON.", do="Send one JSON document in UTF-8.")
        )
    said = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in found)
    return respond(
        request, RequestInvalid(f"The request cannot be used: {said}.", do="Mend the field that is named.")
    )


def _http(request: Request, error: HTTPException) -> Response:
    programs = for_programs(request.url.path)
    made: FrontlineError
    match error.status_code:
        case 404:
            made = AddressUnknown(
                "Nothing is served at this address.",
                do="Check the address; /api/v1/openapi.json names those that are served."
                if programs
                else "Check the address, or start again from the page on which you ask.",
            )
        case 405:
            made = MethodNotAllowed(
                f"This address does not take {request.method}.",
                do="Use a method that the Allow header names."
                if programs
                else "Start again from the page on which you ask.",
            )
        case 415:
            made = MediaTypeUnsupported("This kind of content is not taken here.", do="Send a form or JSON.")
        case _:
            made = RequestMalformed(
                "The request could not be read.",
                do="Send one JSON document in UTF-8." if programs else "Send it again from the page.",
            )
    response = respond(request, made)
    response.headers.update(error.headers or {})
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    """A fault of this program: logged without the question, answered in words, raised on to the server."""
    log.error("unexpected %s at %s", type(error).__name__, request.url.path)
    response = respond(
        request,
        FrontlineError(
            "Something went wrong here, and the question may not have been worked through.",
            do="Try again; if it happens twice, tell whoever runs this assistant what you were doing.",
        ),
    )
    secure(response.headers)
    return response
