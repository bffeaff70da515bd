"""Why: a citation is believed when it can be checked, so it opens the source at the very words.

A page of the web opens at a text fragment (the Text Fragments draft of the Web Platform Incubator Community Group); a
PDF at its page (RFC 8118). What has no address of its own has no link: the pages show the original that was kept.
"""

from __future__ import annotations

import re
from urllib.parse import quote as percent
from urllib.parse import urlsplit, urlunsplit

WORDS = 6
"""Words of a long quote that are given at its beginning and at its end."""
_MARK = re.compile(r"^(?:[-*•]|\(?\w{1,4}[.)]|\d+(?:\.\d+)*)\s+")
_NUMBER = re.compile(r"\s*(?:§\s*)?(\d{1,4}(?:\.\d{1,3}){1,4}|\d{1,5}(?=\.?\s)|\(?[a-z]\)(?=\s))\.?\s")


def opens_at(uri: str, quote: str, *, place: str = "", page: int | None = None) -> str:
    """The address that opens a document at a quote; empty where the document has none on the web.

    ``place`` is what its section adds to the address ("#eligibility", "/eligibility"), ``page`` its page from 1.
    """
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    path, _, anchor = place.partition("#")
    whole = parts.path.rstrip("/") + path if path else parts.path
    if page is not None:
        return urlunsplit(parts._replace(fragment=f"page={page}"))
    fragment = _fragment(quote)
    both = f"{percent(anchor, safe='')}{':~:' + fragment if fragment else ''}"
    return urlunsplit(parts._replace(path=whole, fragment="")) + (f"#{both}" if both else "")


def _fragment(quote: str) -> str:
    """A quote as a text directive: whole where it is short, else how it begins and ends; one line of it only."""
    lines = [line for line in quote.split("\n") if line.strip() and not line.startswith("|")]
    if not lines:
        return ""
    words = _MARK.sub("", lines[0].strip()).split()
    last = _MARK.sub("", lines[-1].strip()).split()
    if len(lines) == 1 and len(words) <= 2 * WORDS:
        return "text=" + _said(words)
    return f"text={_said(words[:WORDS])},{_said((words if len(lines) == 1 else last)[-WORDS:])}"


def _said(words: list[str]) -> str:
    """Words as a directive takes them: its own signs (comma, hyphen, ampersand) are escaped too."""
    return percent(" ".join(words), safe="").replace("-", "%2D")


def paragraph_at(text: str, start: int) -> str:
    """Number of the paragraph in which a quote begins ("12", "3.4"); empty where it has none."""
    line = text.rfind("\n", 0, start + 1) + 1
    found = _NUMBER.match(text, line)
    return found[1] if found else ""
