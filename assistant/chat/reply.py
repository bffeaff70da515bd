"""Why: a reply is text from a stranger. It is read as one JSON document of one form, and anything else is no reply."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from governance.errors import ModelFailed

MOST_PROPOSED = 12
"""Sentences that are looked at; a model that proposes more is not answering."""


class Proposed(BaseModel):
    """One sentence that a model proposes: where it says it found it, and the words it says it rests on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    passage: str = Field(max_length=40)
    quote: str = Field(max_length=4000)
    text: str = Field(max_length=4000)


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sentences: list[Proposed]


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("passage", "quote", "text")},
                "required": ["passage", "quote", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
"""The form asked for, as servers that can hold a model to a JSON Schema take it."""

_FENCED = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


def read_reply(text: str) -> list[Proposed]:
    """The sentences proposed. Raises ``ModelFailed`` where the reply is not the JSON that was asked for."""
    try:
        return _Reply.model_validate(json_of(text)).sentences[:MOST_PROPOSED]
    except ValidationError as error:
        raise ModelFailed("The chat model's reply is not the JSON that was asked for.") from error


def json_of(text: str) -> Any:
    """The one JSON document that a reply is, fenced or not. Raises ``ModelFailed``."""
    if not text.strip():
        raise ModelFailed("The chat model answered with nothing.")
    fenced = _FENCED.match(text)
    try:
        return json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError) as error:
        raise ModelFailed("The chat model's reply is not the JSON that was asked for.") from error
