"""Why: other programs ask in the same way as the pages do, and get the same values under the same names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.openapi.utils import get_openapi
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from assistant.answers import OPERATOR, Answer, Hit, Person
from assistant.web.desk import answer_for, desk_of, require_loopback, session_of
from assistant.web.guard import SAFE
from assistant.web.problems import TITLES, Problem
from governance.errors import DateInvalid, NationUnknown, NotSignedIn, TokenInvalid
from ingest.documents import Nation

VERSION = "1"
router = APIRouter(tags=["answers"])

_NATION = {"anyOf": [{"enum": [nation.value for nation in Nation], "type": "string"}, {"type": "null"}]}
_DATE = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}


def _is_nation(given: str | None) -> str | None:
    if given is not None and given not in set(Nation):
        raise NationUnknown(f"{given!r} is not a nation.", do=f"Give one of: {', '.join(Nation)}.")
    return given


def _is_date(given: str | None) -> str | None:
    try:
        if given is None or dt.date.fromisoformat(given).isoformat() == given:
            return given
    except ValueError:
        pass
    raise DateInvalid(f"{given!r} is not a date.", do="Write it as YYYY-MM-DD, for example 2026-04-06.")


# An error that is no ValueError passes through pydantic, so that the codes are those of the command line.
NationName = Annotated[
    str | None,
    AfterValidator(_is_nation),
    WithJsonSchema(_NATION),
    Field(description="Where it is asked about; none: as set, or all."),
]
AsAt = Annotated[
    str | None,
    AfterValidator(_is_date),
    WithJsonSchema(_DATE),
    Field(description="Answer from what was in force that day; none: today."),
]


class Asked(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, description="In plain words, without personal details.")
    nation: NationName = None
    as_at: AsAt = None
    conversation: str | None = Field(
        default=None,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Reference of your own choosing.",
    )


class Search(BaseModel):
    """A search."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1)
    nation: NationName = None
    as_at: AsAt = None
    k: int = Field(default=10, ge=1, le=100, description="How many passages at most.")


class Hits(BaseModel):
    """What a search found, best first."""

    question: str
    hits: list[Hit]


def caller(
    request: Request,
    authorization: Annotated[str | None, Header(description="`Bearer` and a token of the provider.")] = None,
    x_csrf_token: Annotated[str | None, Header(description="With a session's cookie only.")] = None,
) -> Person:
    """Who asks: whom a bearer token stands for, else the session's person, else whoever runs programs on this machine.

    Raises ``TokenInvalid`` or ``RoleMissing`` for a token, ``NotSignedIn`` on a cookie whose session ended,
    ``FormOutOfDate`` without its token on an unsafe method, ``LoopbackOnly`` from elsewhere. Where a provider is
    set, nobody is the operator: a proxy makes everybody look as if they were on this machine.
    """
    desk = desk_of(request)
    provider = desk.people.provider
    if provider is not None and authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenInvalid(
                "The Authorization header holds no bearer token.", do="Send `Bearer` and a token."
            )
        return desk.people.bearer(provider, token.strip())
    if not request.state.session_cookie_given:
        if provider is not None:
            raise NotSignedIn("The request says nothing about who sends it.", do="Send a bearer token.")
        require_loopback(request)
        return OPERATOR
    session = session_of(request)
    person = session.person
    if request.method not in SAFE:
        desk.sessions.check(session, x_csrf_token or "")
    return person


Caller = Annotated[Person, Depends(caller)]


def _may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": Problem, "description": TITLES[status]} for status in (*statuses, 500, 503, 507)
    }


@router.post("/answers", status_code=201, responses=_may_answer(400, 401, 403, 405, 409, 413, 415, 422))
def ask(request: Request, asked: Asked, person: Caller) -> Answer:
    """Answer a question from the guidance, and record the answer."""
    return desk_of(request).assistant.ask(
        asked.question, nation=asked.nation, as_at=asked.as_at, conversation=asked.conversation, person=person
    )


@router.get("/answers/{answer_id}", responses=_may_answer(400, 401, 403, 404, 405, 409, 422))
def read(request: Request, answer_id: str, person: Caller) -> Answer:
    """Read an answer back, as it was recorded."""
    return answer_for(desk_of(request), answer_id, person, channel="api")


@router.post(
    "/search", dependencies=[Depends(caller)], responses=_may_answer(400, 401, 403, 405, 409, 413, 415, 422)
)
def search(request: Request, given: Search) -> Hits:
    """The passages that a question finds. Nothing is composed, and nothing is recorded."""
    hits = desk_of(request).assistant.search(
        given.question, nation=given.nation, as_at=given.as_at, k=given.k
    )
    return Hits(question=given.question, hits=hits)


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI document, in which problems have the media type they are sent with."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            for operations in schema["paths"].values():
                for operation in operations.values():
                    for status, response in operation["responses"].items():
                        if int(status) >= 400 and "application/json" in response.get("content", {}):
                            response["content"]["application/problem+json"] = response["content"].pop(
                                "application/json"
                            )
            app.openapi_schema = schema
        return app.openapi_schema

    return made
