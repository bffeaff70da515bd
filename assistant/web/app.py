"""Why: one function puts the pages and the API together round an assistant, for the server and for tests alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from assistant.web import api, health, problems
from assistant.web.desk import Desk
from assistant.web.guard import Guard
from assistant.web.keys import session_key
from assistant.web.pages import (
    administration,
    answers,
    ask,
    audit,
    contest,
    guidance,
    notice,
    reviews,
    sign_in,
)
from assistant.web.pages.render import STATIC
from assistant.web.session_cookie import SessionCookie
from assistant.web.sessions import Sessions
from assistant.web.warm_up import WarmUp

if TYPE_CHECKING:
    from assistant.app import Assistant

PAGES = (sign_in, notice, ask, answers, contest, reviews, guidance, audit, administration)

_LARGEST_CHARACTER = 12
"""Bytes that one character takes in a form at most: four of UTF-8, each as %XX."""


_NO_TELEMETRY: TelemetryConfig = {
    "auto_configure": False,
    "logs": False,
    "metrics": False,
    "operation_spans": False,
    "tracing": False,
}
"""FastAPI can send spans with validation messages where the environment asks for it; they could hold a question."""


def create_app(assistant: Assistant) -> FastAPI:
    """The pages at / and the API at /api/v1. Raises ``StorageUnwritable`` where no session key can be kept."""
    settings = assistant.settings
    sessions = Sessions(session_key(settings.data_dir), minutes=settings.session_minutes)
    desk = Desk(assistant, sessions, WarmUp(assistant))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        desk.warm_up.start()
        yield

    app = FastAPI(
        title="Frontline Assistant",
        version=api.VERSION,
        summary="Answers from guidance only, each sentence a verbatim quote.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the usual viewers load their scripts from another site
        redoc_url=None,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
        middleware=[
            Middleware(
                Guard,
                refuse=problems.respond,
                body_limit=16 * 1024 + settings.question_limit * _LARGEST_CHARACTER,
            ),
            Middleware(SessionCookie, sessions=sessions),
        ],
    )
    app.state.desk = desk
    problems.install(app)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(health.router, include_in_schema=False)
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.openapi = api.document(app)  # type: ignore[method-assign]
    return app
