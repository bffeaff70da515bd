"""Why: what was fitted to evidence is data of the release, read in one way, and a file that was spoilt is named."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from governance.errors import PolicyInvalid

_Shape = TypeVar("_Shape", bound=BaseModel)


def fitted(name: str, shape: type[_Shape]) -> _Shape:
    """A JSON file beside this one, as its shape. Raises ``PolicyInvalid`` if it is malformed."""
    text = files("assistant").joinpath(name).read_text("utf-8")
    try:
        return shape.model_validate(json.loads(text))
    except (ValidationError, ValueError) as error:
        raise PolicyInvalid(f"assistant/{name}: {error}", do="Fit it again.") from error
