"""What answers are made with, as it can be seen at the start without loading a model: for the record of changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy.engine import make_url

from assistant.settings import Settings
from governance.configuration import Configuration

OF_THIS_MACHINE = frozenset({"data_dir", "models_dir"})
"""Settings that are not recorded: where things lie here, which may hold a person's name."""

WATCHED = (
    ("assistant", ("routes.yaml", "glossary.yaml", "outcomes.yaml", "abstention.json", "models/pins.yaml")),
    ("governance", ("notices", "redaction")),
    ("prompts", (".",)),
)
"""Package → the files and folders of data in it that decide how answers are made."""
_DATA = (".yaml", ".yml", ".json", ".md", ".txt", ".toml")


def configuration(settings: Settings) -> Configuration:
    """Every setting but secrets and places on this machine, the hash of every watched file, the program's version."""
    dumped = settings.model_dump(mode="json", exclude=set(OF_THIS_MACHINE))
    shown = {f"setting {name}": json.dumps(value, sort_keys=True) for name, value in dumped.items()}
    if settings.database_url:
        shown["setting database_url"] = json.dumps(make_url(settings.database_url).render_as_string())
    return {**shown, **_watched(), "program": version("frontline-assistant")}


@cache
def _watched() -> dict[str, str]:
    found = {}
    for package, names in WATCHED:
        for name in names:
            at = files(package) if name == "." else files(package).joinpath(name)
            for path, file in _files(at, package if name == "." else f"{package}/{name}"):
                found[f"file {path}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def _files(at: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    if at.is_dir():
        for inner in sorted(at.iterdir(), key=lambda each: each.name):
            yield from _files(inner, f"{path}/{inner.name}")
    elif at.is_file() and at.name.endswith(_DATA) and at.name != "README.md":
        yield path, at
