"""Why: officers, experts and evaluators live in tables. One table sorts, filters, turns pages and exports, without
scripts: everything it does is an address that can be kept, sent and gone back to.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from assistant.web.wording import day

Row = TypeVar("Row")
Value = str | int | float | dt.date | None

PER_PAGE = 25
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection)."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: what is shown, sorted and exported of a row."""

    key: str
    title: str
    value: Callable[[Row], Value]
    link: Callable[[Row], str] | None = None
    """Address that the cell leads to; empty for none."""


@dataclass(frozen=True)
class Heading:
    """A column's heading, with the address that sorts by it."""

    title: str
    sorted: str
    """``ascending``, ``descending`` or ``none``, for ``aria-sort``."""
    address: str


@dataclass(frozen=True)
class Cell:
    """What one cell shows, and where it leads."""

    text: str
    address: str


@dataclass(frozen=True)
class Listing:
    """One page of a table."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    """Rows on all pages, after the filter."""
    page: int
    pages: tuple[tuple[int, str], ...]
    """Number and address of each page."""
    words: str
    """What the rows are filtered by."""
    kept: tuple[tuple[str, str], ...]
    """Fields of the address that the filter's form must carry on."""
    export: str
    """Address of the whole table as CSV."""


def listing(
    request: Request,
    title: str,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    sort: str,
    descending: bool = False,
) -> Listing | Response:
    """The page of a table that the address asks for; a CSV file where it asks for that (``format=csv``).

    ``sort`` names the column that rows are sorted by at first. What the address asks for and the table does not
    have is passed over: an old address still shows the table.
    """
    asked = request.query_params
    words = asked.get("q", "").strip()
    by = next((c for c in columns if c.key == asked.get("sort")), next(c for c in columns if c.key == sort))
    down = asked["order"] == "down" if asked.get("order") in ("up", "down") else descending
    found = sorted(
        (row for row in rows if _holds(row, columns, words)),
        key=lambda row: _place(by.value(row)),
        reverse=down,
    )
    if asked.get("format") == "csv":
        return as_csv(columns, found)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, _number(asked.get("page", "1"))), pages)
    here = {key: value for key, value in asked.items() if key not in ("page", "format")}

    def address(**change: str) -> str:
        return f"{request.url.path}?{urlencode({**here, **change})}"

    return Listing(
        title=title,
        headings=tuple(
            Heading(
                column.title,
                ("descending" if down else "ascending") if column is by else "none",
                address(sort=column.key, order="up" if column is not by or down else "down"),
            )
            for column in columns
        ),
        rows=tuple(
            tuple(Cell(shown(c.value(row)), c.link(row) if c.link else "") for c in columns)
            for row in found[(page - 1) * PER_PAGE : page * PER_PAGE]
        ),
        total=len(found),
        page=page,
        pages=tuple((number, address(page=str(number))) for number in range(1, pages + 1)),
        words=words,
        kept=tuple((key, value) for key, value in here.items() if key != "q"),
        export=address(format="csv"),
    )


def as_csv(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Response:
    """Rows as a CSV file that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.title for column in columns])
    for row in rows:
        writer.writerow([_harmless(column.value(row)) for column in columns])
    headers = {"Content-Disposition": 'attachment; filename="table.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def shown(value: Value) -> str:
    """A value as a page says it."""
    if isinstance(value, dt.datetime):
        return f"{day(value.date())}, {value:%H:%M}"
    if isinstance(value, dt.date):
        return day(value)
    return "" if value is None else str(value)


def _harmless(value: Value) -> str:
    text = value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int | float) else text


def _holds(row: Row, columns: Sequence[Column[Row]], words: str) -> bool:
    if not words:
        return True
    text = " ".join(shown(column.value(row)) for column in columns).casefold()
    return all(word in text for word in words.casefold().split())


def _place(value: Value) -> tuple[bool, float, str]:
    """A key by which values of one column sort; what is missing comes last going up."""
    if value is None or value == "":
        return (True, 0.0, "")
    if isinstance(value, int | float):
        return (False, float(value), "")
    if isinstance(value, dt.date):
        return (False, 0.0, value.isoformat())
    return (False, 0.0, value.casefold())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
