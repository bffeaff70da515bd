"""Why: a PDF can hold letters that print as nothing: white on a white page, a point high, or beside the page."""

from __future__ import annotations

from typing import Any

from ingest.parse.blocks import Draft

SMALLEST = 2.0
"""Points below which letters are not read by eye."""
LIGHTEST = 0.99


def without_unseen(page: Any, draft: Draft) -> Any:
    """The page without letters that a reader does not see; what they say is kept apart."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    gone: set[int] = set()
    for char in page.chars:
        kind = _hidden(char, page)
        if kind:
            kinds.setdefault(kind, []).append(char)
            gone.add(id(char))
    if not gone:
        return page
    for kind, chars in kinds.items():
        draft.dropped["hidden text"] += 1
        draft.hide(kind, "".join(char["text"] for char in chars), f"page {page.page_number}")
    keys = {_key(char) for chars in kinds.values() for char in chars}
    return page.filter(lambda thing: thing["object_type"] != "char" or _key(thing) not in keys)


def _key(char: dict[str, Any]) -> tuple[str, float, float, float]:
    return char["text"], char["x0"], char["top"], char["size"]


def _hidden(char: dict[str, Any], page: Any) -> str:
    if not char["text"].strip():
        return ""
    if 0 < char["size"] < SMALLEST and char["height"] < SMALLEST and char["width"] < SMALLEST:
        return "text too small to read"
    x0, top, x1, bottom = page.bbox
    if char["x1"] < x0 or char["x0"] > x1 or char["bottom"] < top or char["top"] > bottom:
        return "text beside the page"
    if _is_white(char.get("non_stroking_color")) and not _on_colour(char, page):
        return "text in the colour of its page"
    return ""


def _is_white(colour: Any) -> bool:
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return False
    if len(parts) == 4:
        return all(part <= 1 - LIGHTEST for part in parts)  # cyan, magenta, yellow, black: no ink
    return len(parts) in (1, 3) and all(part >= LIGHTEST for part in parts)


def _on_colour(char: dict[str, Any], page: Any) -> bool:
    """Whether a filled shape or a picture lies under a letter: then white letters are seen."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    filled = [*(shape for shape in (*page.rects, *page.curves) if shape.get("fill")), *page.images]
    return any(
        shape["x0"] <= x <= shape["x1"] and shape["top"] <= y <= shape["bottom"]
        and not (shape["object_type"] != "image" and _is_white(shape.get("non_stroking_color")))
        for shape in filled
    )  # fmt: skip
