"""Why: whether an OpenDocument paragraph is a heading, numbered, or hidden is said in styles, which build on each other."""

from __future__ import annotations

import re
from typing import Any

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"


class Styles:
    """Styles of one file by name: its own, and those it builds on."""

    def __init__(self, *trees: Any) -> None:
        self._by_name: dict[str, Any] = {}
        self._lists: dict[str, dict[int, bool]] = {}
        for tree in trees:
            for style in tree.iter(f"{STYLE}style") if tree is not None else ():
                self._by_name.setdefault(style.get(f"{STYLE}name") or "", style)
            for style in tree.iter(f"{TEXT}list-style") if tree is not None else ():
                levels = {
                    int(level.get(f"{TEXT}level") or 1) - 1: level.tag == f"{TEXT}list-level-style-number"
                    and bool(level.get(f"{STYLE}num-format"))
                    for level in style
                    if (level.get(f"{TEXT}level") or "").isdecimal()
                }
                self._lists.setdefault(style.get(f"{STYLE}name") or "", levels)

    def heading(self, name: str) -> int:
        """Level of a heading whose style says so and whose element does not; 0: it is none."""
        for style in self._line(name):
            said = (style.get(f"{STYLE}display-name") or style.get(f"{STYLE}name") or "").replace("_20_", " ")
            found = re.match(r"Heading (\d)", said)
            if found:
                return min(6, int(found[1]) + 1)
            if said == "Title":
                return 1
        return 0

    def numbered(self, name: str, level: int) -> bool:
        """Whether a list counts its items at a depth from 0."""
        return self._lists.get(name, {}).get(level, False)

    def unseen(self, name: str) -> str:
        """How text of a style is hidden; empty: it is seen."""
        ink = paper = size = ""
        for style in self._line(name):
            for about in style:
                if about.get(f"{TEXT}display") == "none":
                    return "hidden text"
                ink = ink or about.get(f"{FO}color") or ""
                paper = paper or about.get(f"{FO}background-color") or ""
                size = size or about.get(f"{FO}font-size") or ""
        if re.fullmatch(r"[01](?:\.\d+)?pt", size):
            return "text too small to read"
        white = ink.lower() == "#ffffff" and paper.lower() in ("", "transparent", "#ffffff")
        return "text in the colour of its page" if white else ""

    def hidden_table(self, name: str) -> bool:
        """Whether a sheet is hidden."""
        return any(about.get(f"{TABLE}display") == "false" for style in self._line(name) for about in style)

    def _line(self, name: str) -> list[Any]:
        line: list[Any] = []
        while name in self._by_name and len(line) < 12:
            line.append(self._by_name[name])
            name = self._by_name[name].get(f"{STYLE}parent-style-name") or ""
        return line
