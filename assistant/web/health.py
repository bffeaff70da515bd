"""Why: whoever runs this must be able to tell a process that lives from one that can answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from assistant.web.desk import desk_of

router = APIRouter()


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz")
def ready(request: Request) -> JSONResponse:
    """Whether a question could be answered now, part by part; 503 while a part is not ready."""
    desk = desk_of(request)
    parts: dict[str, Any] = dict(desk.assistant.ready())
    if not desk.warm_up.done.is_set():
        parts["warm_up"] = "models are being loaded"
    elif desk.warm_up.problem is not None:
        parts["warm_up"] = desk.warm_up.problem.message
    waiting = [name for name, state in parts.items() if state not in (True, "ready")]
    return JSONResponse(
        {"ready": not waiting, "waiting_for": waiting, "parts": parts}, 503 if waiting else 200
    )
