"""Why: in some topics a right quotation can still do harm, in the wrong hands or at the wrong moment. Which ones wait
for an expert, and which come with a word of caution, is policy, so it is data (risks.yaml) that an owner can change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from governance.errors import PolicyInvalid


class Topic(BaseModel):
    """One topic of risk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    tier: Literal["expert", "caution"]
    text: str = Field(min_length=10)
    """What the colleague is told."""
    any: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=3)
    near: tuple[str, ...] = Field(min_length=3)

    def matches(self, question: str) -> bool:
        """Whether a question is about it."""
        return any(pattern.search(question) for pattern in _compiled(self.any))


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Risks:
    """The topics of risk."""

    version: str
    topics: tuple[Topic, ...]

    def of(self, question: str) -> tuple[Topic, ...]:
        """Every topic that a question touches, those that need an expert first."""
        plain = " ".join(question.replace("’", "'").split())
        found = [topic for topic in self.topics if topic.matches(plain)]
        return tuple(sorted(found, key=lambda topic: topic.tier != "expert"))


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def parse_risks(text: str, name: str = "risks.yaml") -> Risks:
    """Read topics from YAML. Raises ``PolicyInvalid`` where the file breaks its schema."""
    try:
        given = _File.model_validate(yaml.safe_load(text))
        for topic in given.topics:
            _compiled(topic.any)
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise PolicyInvalid(f"{name}: {error}", do="Mend the entry that is named.") from error
    return Risks(given.version, given.topics)


def risks(path: Path | None = None) -> Risks:
    """The topics of this release, or of a file. Raises ``PolicyInvalid``, also where the file cannot be read."""
    if path is None:
        return _released()
    try:
        return parse_risks(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyInvalid(
            f"{path} cannot be read: {error}.", do="Mend FRONTLINE_RISKS, or unset it."
        ) from error


@cache
def _released() -> Risks:
    return parse_risks(files("assistant").joinpath("risks.yaml").read_text("utf-8"))
