"""Why: what is served is counted, timed and logged by the pattern of its address, so that no address that somebody
made of a question, and no person, can get into a figure or a log line.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.telemetry import CONTENT_TYPE
from assistant.web.desk import desk_of, require_loopback

log = logging.getLogger(__name__)
router = APIRouter()

Requested = Callable[[str, str, int, float], None]
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Figures for Prometheus; for a scraper on this machine only."""
    require_loopback(request)
    return Response(desk_of(request).assistant.telemetry.page(), media_type=CONTENT_TYPE)


class Measured:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, *, requested: Requested) -> None:
        self._app = app
        self._requested = requested

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and note the pattern of the address, the status, and the time until the last byte."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = getattr(scope.get("route"), "path", "") or "none"
            seconds = time.perf_counter() - began
            self._requested(method, route, status, seconds)
            log.info(
                "%s %s %s", method, route, status,
                extra={"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)},
            )  # fmt: skip


class JsonLines(logging.Formatter):
    """One JSON document a line, for machines that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The message with its level and source, and what was noted beside it."""
        said = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower(),
            "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        for name in ("method", "route", "status", "milliseconds"):
            if hasattr(record, name):
                said[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0]:
            said["exception"] = record.exc_info[0].__name__
        return json.dumps(said, ensure_ascii=False)
