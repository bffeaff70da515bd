"""Why: what counts as personal data is a decision that information governance owns, reads and changes, so it is
a data file with a version and a hash, not code; and each redaction names the policy it was made under.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import regex
import rfc8785
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from governance.errors import PolicyInvalid

Score = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entity(_Part):
    """One kind of personal data."""

    threshold: Score
    """Findings below this score are ignored."""
    structural: bool
    """Whether it has a shape that patterns alone can check for (fails closed)."""
    label: str
    """What it is called on a page."""


class Names(_Part):
    """How far the two name detectors are trusted."""

    spacy_score: Score
    rampart_threshold: Score
    rampart_supported: Score
    rampart_lone: Score
    rampart_alone: Score
    rampart_address_threshold: Score


class Reference(_Part):
    """A reference number of a department's own making."""

    name: str
    pattern: str
    score: Score
    context: tuple[str, ...] = ()
    entity: str = "BENEFIT_REFERENCE"

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            regex.compile(value)
        except regex.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @field_validator("context")
    @classmethod
    def _contexts_compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            cls._compiles(word)
        return value


class AllowList(_Part):
    """Vocabulary of guidance, by group, that is never personal data."""

    version: str
    terms: dict[str, tuple[str, ...]]


class Policy(_Part):
    """Everything that decides what is hidden. Load one with :meth:`load`, or :meth:`default`."""

    version: str
    entities: dict[str, Entity]
    names: Names
    references: tuple[Reference, ...] = ()
    allow_list: AllowList

    @model_validator(mode="after")
    def _references_name_entities(self) -> Policy:
        for reference in self.references:
            if reference.entity not in self.entities:
                raise ValueError(f"reference {reference.name!r}: no entity {reference.entity!r} in entities")
        return self

    @classmethod
    def load(cls, path: Path) -> Policy:
        """Read a policy file; ``allow_list`` in it names a file beside it. Raises ``PolicyInvalid``."""
        document = _read(path)
        named = document.get("allow_list")
        if not isinstance(named, str):
            raise PolicyInvalid(
                f"{path}: allow_list is not the name of a file",
                do="Name the file of allowed terms beside the policy.",
            )
        try:
            return cls.model_validate({**document, "allow_list": _read(path.parent / named)})
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise PolicyInvalid(f"{path}: {problems}", do="Mend the fields named and try again.") from error

    @classmethod
    def default(cls) -> Policy:
        """The policy this release comes with."""
        return cls.load(Path(str(files("governance.redaction") / "data" / "policy.yaml")))

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the policy's content, allow-list included, as canonical JSON (RFC 8785)."""
        return hashlib.sha256(rfc8785.dumps(self.model_dump(mode="json"))).hexdigest()

    @cached_property
    def rank(self) -> dict[str, int]:
        """Precedence of entity types: 0 first."""
        return {name: place for place, name in enumerate(self.entities)}


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyInvalid(f"{path}: cannot be read ({error})", do="Check the path.") from error
    except yaml.YAMLError as error:
        raise PolicyInvalid(f"{path}: not YAML ({error})", do="Mend the syntax.") from error
    if not isinstance(document, dict):
        raise PolicyInvalid(f"{path}: not a mapping", do="See governance/redaction/data/policy.yaml.")
    return document
