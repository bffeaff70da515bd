"""Why: a row of a table means nothing without its headings. Composer and checker must read one the same way,
so that the checker can recompute what the composer says a row means.
"""

from __future__ import annotations

import re


def cells(row: str) -> list[str]:
    """The cells of a Markdown table row, without the bars."""
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def row_in_words(header: str, row: str) -> str:
    """A row as a sentence: "Daily living: Standard rate £76.70; Enhanced rate £114.60."

    Every word of it stands in the header or in the row. A row without a header is its cells, joined.
    """
    values = cells(row)
    names = cells(header) if header else []
    if not names:
        return "; ".join(v for v in values if v) + "."
    first, rest = values[0], list(zip(names[1:], values[1:], strict=False))
    said = "; ".join(f"{name} {value}".strip() for name, value in rest if value)
    return f"{first}: {said}." if first and said else f"{first or said}."
