"""The OpenAPI document, made from the routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PROBLEM = "application/problem+json"


def document(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI document, in which problems have the media type they are sent with."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            for operations in schema["paths"].values():
                for operation in operations.values():
                    for status, response in operation["responses"].items():
                        if int(status) >= 400:
                            said = response.pop("content", {})
                            response["content"] = {PROBLEM: next(iter(said.values()), {})}
            app.openapi_schema = schema
        return app.openapi_schema

    return made
