"""What the API takes, and how it is read. The names are those of the pages and of the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from assistant.answers import Hit
from governance.errors import DateInvalid, NationUnknown
from ingest.documents import Nation

_NATION = {"anyOf": [{"enum": [nation.value for nation in Nation], "type": "string"}, {"type": "null"}]}
_DATE = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}


def _is_nation(given: str | None) -> str | None:
    if given is not None and given not in set(Nation):
        raise NationUnknown(f"{given!r} is not a nation.", do=f"Give one of: {', '.join(Nation)}.")
    return given


def _is_date(given: str | None) -> str | None:
    try:
        if given is None or dt.date.fromisoformat(given).isoformat() == given:
            return given
    except ValueError:
        pass
    raise DateInvalid(f"{given!r} is not a date.", do="Write it as YYYY-MM-DD, for example 2026-04-06.")


# An error that is no ValueError passes through pydantic, so that the codes are those of the command line.
NationName = Annotated[
    str | None,
    AfterValidator(_is_nation),
    WithJsonSchema(_NATION),
    Field(description="Where it is asked about; none: as set, or all."),
]
AsAt = Annotated[
    str | None,
    AfterValidator(_is_date),
    WithJsonSchema(_DATE),
    Field(description="Answer from what was in force that day; none: today."),
]


Code = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""A person's pseudonym, as it stands on their receipt."""
Start = Annotated[int, Query(ge=0, le=1_000_000, description="Rows to pass over.")]
Limit = Annotated[int, Query(ge=1, le=100, description="Rows at most.")]
Row = TypeVar("Row")


def turned(rows: Sequence[Row], start: int, limit: int) -> tuple[list[Row], int | None]:
    """A page of rows, and where the next begins; None where there is none."""
    more = start + limit < len(rows)
    return list(rows[start : start + limit]), start + limit if more else None


class Given(BaseModel):
    """A body, of which every field is known."""

    model_config = ConfigDict(extra="forbid")


class Asked(Given):
    """A question."""

    question: str = Field(min_length=1, description="In plain words, without personal details.")
    nation: NationName = None
    as_at: AsAt = None
    conversation: str | None = Field(
        default=None,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Reference of your own choosing.",
    )
    citizen: Code | None = Field(
        default=None,
        description="Pseudonym of the person whom it is about, who has agreed; none: it is about nobody.",
    )
    whole: bool = Field(
        default=False,
        description="It leans on no question before it in its conversation: take it as it stands.",
    )


class Search(Given):
    """A search."""

    question: str = Field(min_length=1)
    nation: NationName = None
    as_at: AsAt = None
    k: int = Field(default=10, ge=1, le=100, description="How many passages at most.")


class Hits(BaseModel):
    """What a search found, best first."""

    question: str = Field(description="As it was searched: without personal details.")
    hits: list[Hit]
