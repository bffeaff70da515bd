"""Why: rates and office lists are handed about as comma-separated files, and a row means nothing without
its header."""

from __future__ import annotations

import csv
import io

from governance.errors import DocumentCorrupt
from ingest.parse.blocks import Draft, table
from ingest.parse.text import clean

MOST_COLUMNS = 50
"""A sheet wider than this is data for a machine, not guidance for a person."""


def sheet(text: str, separator: str) -> Draft:
    """One table of a separated-values file, its first row the header. Raises DocumentCorrupt."""
    try:
        rows = list(csv.reader(io.StringIO(clean(text)), delimiter=separator))
    except csv.Error as error:
        raise DocumentCorrupt(f"its rows cannot be read ({error})", do="save the sheet again") from error
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise DocumentCorrupt(f"it has more than {MOST_COLUMNS} columns", do="take out the guidance alone")
    made = table(rows)
    return Draft(blocks=[made] if made else [])
