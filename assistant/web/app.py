"""Why: one function puts the pages and the API together round an assistant, for the server and for tests alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from httpx import Client
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from assistant.history import History
from assistant.uploading import LARGEST
from assistant.web import api, health, measured, problems
from assistant.web.desk import Desk
from assistant.web.guard import LOOPBACK_NAMES, UPLOADS, Guard, Large
from assistant.web.keys import session_key
from assistant.web.mcp import Mcp
from assistant.web.measured import Measured
from assistant.web.pages import (
    administration,
    agreements,
    answers,
    ask,
    audit,
    case_notes,
    consents,
    contest,
    evaluations,
    figures,
    guidance,
    history,
    labelling,
    library,
    notice,
    quarantine,
    reading,
    reviews,
    sign_in,
    under_way,
    uploads,
    versions,
)
from assistant.web.people import People
from assistant.web.provider import WAIT, Provider
from assistant.web.render import STATIC
from assistant.web.sealed import Sealer
from assistant.web.session_cookie import SessionCookie
from assistant.web.sessions import LOCAL_ROLES, Sessions
from assistant.web.warm_up import WarmUp
from governance.egress import DataClass
from governance.errors import SettingInvalid
from governance.sign_ins import SignIns

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings

PAGES = (
    sign_in,
    notice,
    ask,
    history,
    under_way,
    case_notes,
    answers,
    contest,
    reviews,
    library,
    quarantine,
    versions,
    uploads,
    guidance,
    agreements,
    consents,
    reading,
    audit,
    administration,
    figures,
    evaluations,
    labelling,
)

TAKE_FILES = {uploads.ADDRESS: uploads.may_put, UPLOADS: api.uploads.may_put}
"""Addresses that take files, with what refuses whoever may not send one."""
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
    key = session_key(settings.data_dir)
    sessions = Sessions(key, minutes=settings.session_minutes, hours=settings.session_hours)
    sealer = Sealer(key, "sign-in")
    people = People(
        sessions,
        SignIns(assistant.store, assistant.ledger),
        sealer,
        provider=provider_of(settings, lambda: assistant.egress.client(DataClass.IDENTITY, timeout=WAIT)),
        recheck=settings.oidc_recheck_seconds,
    )
    desk = Desk(assistant, sessions, people, sealer, History(assistant.store), WarmUp(assistant))
    public = urlsplit(settings.served_at)

    mcp = Mcp(
        assistant, address=address_of(settings), issuer=people.provider.issuer if people.provider else ""
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        desk.warm_up.start()
        assistant.intake.resume()
        async with mcp.running():
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
            Middleware(Measured, requested=assistant.telemetry.requested),
            Middleware(
                Guard,
                refuse=problems.respond,
                body_limit=16 * 1024 + settings.question_limit * _LARGEST_CHARACTER,
                hosts=LOOPBACK_NAMES | ({public.hostname} if public.hostname else set()),
                larger=TAKE_FILES,
                public_origin=f"{public.scheme}://{public.netloc}" if public.netloc else "",
            ),
            Middleware(
                SessionCookie, sessions=sessions, people=people, always_https=public.scheme == "https"
            ),
            Middleware(Large, refuse=problems.respond, addresses=TAKE_FILES, limit=LARGEST + 64 * 1024),
        ],
    )
    app.state.desk = desk
    problems.install(app)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(health.router, include_in_schema=False)
    app.include_router(measured.router, include_in_schema=False)
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    app.router.routes.extend(mcp.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.openapi = api.document(app)  # type: ignore[method-assign]
    return app


def address_of(settings: Settings) -> str:
    """Where people and programs reach the service."""
    return settings.served_at.rstrip("/") or f"http://{settings.host}:{settings.port}"


def provider_of(settings: Settings, client: Callable[[], Client]) -> Provider | None:
    """The identity provider of the settings; None where local people sign in. Raises ``SettingInvalid``."""
    if settings.sign_in == "local":
        return None
    for name in ("oidc_issuer", "oidc_client_id"):
        if not getattr(settings, name):
            raise SettingInvalid(
                f"The setting sign_in is oidc, and {name} is empty.", do=f"Set {name}; see docs/sign-in.md."
            )
    plain = urlsplit(settings.oidc_issuer)
    if plain.scheme != "https" and plain.hostname not in LOOPBACK_NAMES:
        raise SettingInvalid(
            f"The issuer {settings.oidc_issuer} is not reached by https.",
            do="Use the https address of the provider.",
        )
    unknown = sorted(set(settings.oidc_roles.values()) - {role.value for role in LOCAL_ROLES})
    if unknown:
        raise SettingInvalid(
            f"The setting oidc_roles names roles that there are not: {', '.join(unknown)}.",
            do=f"Use: {', '.join(LOCAL_ROLES)}.",
        )
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret=settings.oidc_client_secret.get_secret_value(),
        audience=settings.oidc_audience,
        redirect=f"{address_of(settings)}/sign-in/return",
        claim=settings.oidc_roles_claim,
        roles=settings.oidc_roles or None,
        client=client,
    )
