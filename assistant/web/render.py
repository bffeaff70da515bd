"""Why: what is drawn is text unless the template says otherwise, and nothing invisible survives drawing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from assistant.plural import plural
from assistant.web import wording
from assistant.web.passages import blocks

STATIC = Path(str(files("assistant.web").joinpath("static")))

_INVISIBLE: dict[int, None] = dict.fromkeys(
    [
        *range(0xE0000, 0xE0080),
        *range(0xFE00, 0xFE10),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)
"""Tag characters, variation selectors, zero-width characters and changes of writing direction: they could hide
text from whoever reads a page."""


def visible(value: Any) -> Any:
    """The value without invisible characters, if it is text; Markup stays Markup."""
    return value.translate(_INVISIBLE) if isinstance(value, str) else value


def draw(template: str, **shown: object) -> str:
    """One page, or a part of one, as HTML. ``layout`` is the frame of a page; see bare.html for the other one."""
    return _environment().get_template(template).render({"layout": "layout.html", **shown})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("assistant.web"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=wording.day,
        moment=wording.moment,
        nations=wording.nations,
        nation=wording.nation,
        plural=plural,
        role=wording.role,
        blocks=blocks,
    )
    environment.globals.update(
        static={path.name: f"/static/{path.name}?v={_short_hash(path)}" for path in _static_files()},
        today=lambda: dt.date.today(),  # noqa: DTZ011 - the day on the reader's calendar
    )
    return environment


def _static_files() -> Iterable[Path]:
    return (path for path in STATIC.iterdir() if path.is_file())


def _short_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
