"""Why: rates are kept in workbooks, and a cell means what it shows: "£92.30", not 92.3."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from governance.errors import DocumentCorrupt
from ingest.parse.archive import check_xml, opened
from ingest.parse.blocks import Block, Draft, table
from ingest.parse.limits import Limits
from ingest.parse.sheet import MOST_COLUMNS
from ingest.parse.text import one_line

_PLACES = re.compile(r"0\.(0+)")


def workbook(data: bytes, limits: Limits) -> Draft:
    """A heading and tables for each sheet of an XLSX. Raises DocumentCorrupt, DocumentHostile, DocumentTooLarge, …"""
    archive = opened(data, limits)
    check_xml(archive, limits)
    draft = Draft()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        draft.own_title = one_line(book.properties.title or "")
        for sheet in book.worksheets:
            draft.blocks += _sheet(sheet, draft)
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError,
    ) as error:  # fmt: skip
        raise DocumentCorrupt("it is no whole workbook", do="save it again in Excel") from error
    return draft


def _sheet(sheet: Any, draft: Draft) -> list[Block]:
    tables = list(_tables(sheet, draft))
    if sheet.sheet_state != "visible":
        draft.dropped["hidden sheet"] += 1
        draft.hide("hidden sheet", " ".join(block.text for block in tables))
        return []
    return [Block("heading", one_line(sheet.title), level=2), *tables] if tables else []


def _tables(sheet: Any, draft: Draft) -> Iterator[Block]:
    """What stands together on a sheet: rows parted from others by an empty one."""
    held: list[list[str]] = []
    for row in sheet.iter_rows():
        cells = [_shown(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            draft.dropped[f"row wider than {MOST_COLUMNS} columns"] += 1
        elif cells:
            held.append(cells)
        elif held:
            yield from _table(held)
            held = []
    yield from _table(held)


def _table(rows: list[list[str]]) -> Iterator[Block]:
    made = table(rows)
    if made:
        yield made


def _shown(cell: Any) -> str:
    """A cell's value as a person sees it: pounds, percentages and dates by its number format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    if not isinstance(value, (int, float)):
        return str(value)
    form = str(cell.number_format or "")
    found = _PLACES.search(form)
    places = len(found[1]) if found else 0
    if "%" in form:
        return f"{value:.{places}%}"
    sign = "£" if "£" in form else "€" if "€" in form else ""
    if sign or found:
        return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{places if found or float(value).is_integer() else 2}f}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
