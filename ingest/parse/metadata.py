"""Why: a wrong date or nation makes a right quotation a wrong answer, so what a file says about itself is
checked field by field, and a field that cannot be used rejects the file rather than being guessed.

Metadata is written in YAML: in front of a Markdown file between lines of three dashes, or beside any file
as ``<name>.meta.yaml``. HTML carries the same fields as ``<meta name="frontline:FIELD" content="...">``.
What stands beside the file wins over what stands in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from governance.errors import MetadataInvalid
from ingest.documents import ALL_NATIONS, Clearance, Kind, Metadata, Nation, State
from ingest.parse.text import clean, decode, one_line

SIDECAR = ".meta.yaml"
"""What a sidecar's name adds to the name of the file it describes."""
MOST = 65_536
"""Most characters of metadata that are read."""
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_FIELDS = frozenset(field.name for field in fields(Metadata)) - {"path"}
_GREAT_BRITAIN = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES)
_TOGETHER = {"uk": ALL_NATIONS, "united_kingdom": ALL_NATIONS, "great_britain": _GREAT_BRITAIN}

Choice = TypeVar("Choice", bound=StrEnum)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Fields in front of a Markdown file, and the text after them. Raises MetadataInvalid."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    values = _mapping(found[1], "front matter")
    return (values, text[found.end() :]) if values is not None else ({}, text)


def sidecar(path: Path) -> dict[str, Any]:
    """Fields that stand beside a file, or none. Raises MetadataInvalid."""
    beside = path.with_name(path.name + SIDECAR)
    if not beside.is_file():
        return {}
    values = _mapping(decode(beside.read_bytes()[: MOST + 1]), beside.name)
    if values is None:
        raise MetadataInvalid(f"{beside.name} is not a list of fields and values", do="write `field: value`")
    return values


def _mapping(text: str, where: str) -> dict[str, Any] | None:
    """YAML with every value left as written: a date that is no date must be named, not be a parser's error."""
    if len(text) > MOST:
        raise MetadataInvalid(f"{where} is longer than {MOST:,} characters", do="move the text into the body")
    try:
        values = yaml.load(clean(text), Loader=yaml.BaseLoader)  # noqa: S506  (makes nothing but text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise MetadataInvalid(f"{where} is not YAML{line}", do="quote values that hold a colon") from error
    return {str(k): v for k, v in values.items()} if isinstance(values, dict) else None


def metadata(given: Mapping[str, Any], *, path: str, title: str) -> Metadata:
    """Checked metadata; what is not given has its default (uri ``file:<path>``, all nations, no dates).

    ``path`` is relative to the source; ``title`` is used where no title is given. Raises MetadataInvalid,
    naming the field and its value.
    """
    values = {key: value for key, value in given.items() if not _absent(value)}
    for key in values:
        near = get_close_matches(key.lower().replace("-", "_"), _FIELDS, n=1, cutoff=0.85)
        if key not in _FIELDS and near:
            raise _invalid(key, values[key], f"is no field; did you mean {near[0]}?")
    date = {key: _date(key, value) for key, value in values.items() if _is_date(key)}
    made = Metadata(
        uri=_uri(values.get("uri", f"file:{path}")),
        title=_line("title", values.get("title", title)),
        path=path,
        publisher=_line("publisher", values.get("publisher", "")),
        kind=_choice("kind", values.get("kind", Kind.POLICY), Kind),
        nations=_nations(values.get("nations", list(ALL_NATIONS))),
        state=_choice("state", values.get("state", State.CURRENT), State),
        withdrawn_reason=_line("withdrawn_reason", values.get("withdrawn_reason", "")),
        licence=_line("licence", values.get("licence", "")),
        notice=_line("notice", values.get("notice", "")),
        language=_line("language", values.get("language", "en")).lower(),
        clearance=_choice("clearance", values.get("clearance", Clearance.OFFICIAL), Clearance),
        **date,
    )
    if made.valid_from and made.valid_to and made.valid_to < made.valid_from:
        raise _invalid("valid_to", made.valid_to, f"is before valid_from ({made.valid_from})")
    if made.withdrawn_at and made.state is not State.WITHDRAWN:
        raise _invalid("withdrawn_at", made.withdrawn_at, f"needs state: withdrawn (it is {made.state})")
    return made


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in ("", "~", "null"))


def _invalid(field: str, value: object, reason: str) -> MetadataInvalid:
    return MetadataInvalid(f"{field}: {str(value)[:80]!r} {reason}", do=f"correct the field {field}")


def _is_date(key: str) -> bool:
    return key in ("valid_from", "valid_to", "published_at", "review_due", "withdrawn_at")


def _date(field: str, value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise _invalid(field, value, "is not a date (YYYY-MM-DD)") from error


def _line(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _invalid(field, value, "is not one line of text")
    return one_line(value)


def _uri(value: Any) -> str:
    uri = _line("uri", value)
    if " " in uri and not uri.startswith("file:"):
        raise _invalid("uri", value, "holds a space")
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S", uri):
        raise _invalid("uri", value, "has no scheme (sample:name, https://…)")
    return uri


def _choice(field: str, value: Any, choices: type[Choice]) -> Choice:
    return _known(field, value, {choice.value: choice for choice in choices}.get)


def _nations(value: Any) -> tuple[Nation, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        raise _invalid("nations", value, "is not a list of nations")
    single = {nation.value: (nation,) for nation in Nation}
    chosen = [nation for name in names for nation in _known("nations", name, {**single, **_TOGETHER}.get)]
    return tuple(nation for nation in Nation if nation in chosen)


Known = TypeVar("Known")


def _known(field: str, value: Any, find: Callable[[str], Known | None]) -> Known:
    found = find(re.sub(r"[\s-]+", "_", str(value).strip().lower()))
    if found is None:
        raise _invalid(field, value, "is not a value it may have")
    return found
