"""Why: what a colleague reads when a question ends is the product's words, so it is data that a content
designer can change, checked when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.answers import Outcome
from governance.errors import PolicyInvalid

Colour = Literal["grey", "green", "turquoise", "blue", "purple", "pink", "red", "orange", "yellow"]
"""Colours of the GOV.UK Design System's tag component."""


class Wording(BaseModel):
    """How an outcome is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    label: str = Field(min_length=3, max_length=40)
    colour: Colour
    explanation: str = Field(min_length=10)
    next_step: str = Field(min_length=10, alias="next")


def parse_outcomes(text: str) -> Mapping[Outcome, Wording]:
    """Read outcome wordings from YAML. Raises ``PolicyInvalid`` if one is missing, unknown or malformed."""
    try:
        found = TypeAdapter(dict[Outcome, Wording]).validate_python(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise PolicyInvalid(f"outcomes.yaml: {error}", do="Mend the entry that is named.") from error
    missing = [outcome.value for outcome in Outcome if outcome not in found]
    if missing:
        raise PolicyInvalid(f"outcomes.yaml says nothing about {', '.join(missing)}.", do="Add an entry.")
    return found


@cache
def outcomes() -> Mapping[Outcome, Wording]:
    """The wordings of this release."""
    return parse_outcomes(files("assistant").joinpath("outcomes.yaml").read_text("utf-8"))
