"""Why: text that a reader of a page cannot see must never be quoted to them, and a page's furniture is not its
content; both are told from an element alone, by its name, role, style and class.
"""

from __future__ import annotations

import re

from bs4.element import Tag

_NEVER = re.compile(
    "script|style|noscript|template|svg|math|canvas|object|embed|iframe|audio|video|form|button|select|input"
    "|textarea|nav|dialog|map|head"
)
_ROLES = re.compile("navigation|search|contentinfo|banner|dialog")
_FURNITURE = re.compile(
    r"(?:.*[-_])?(?:cookies?(?:-(?:banner|notice|consent|message))?|nav|navbar|navigation|breadcrumbs?|sidebar"
    r"|footer|skip-?link|pagination|toc|table-of-contents|contents-list|feedback(?:-(?:form|banner|prompt))?"
    r"|related-(?:content|links|items|pages|navigation|articles)|share-(?:links|buttons?|this)"
    r"|social-(?:media|links|share|icons)|newsletter|popup|modal)",
    re.IGNORECASE,
)
"""Names of classes and ids. Whole names: "social-security" and "related-benefits" are content."""
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?(?![.\d])|clip\s*:\s*rect\(\s*0"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}|color\s*:\s*transparent",
    re.IGNORECASE,
)
_TINY = re.compile(
    r"font-size\s*:\s*(?:0(?![.\d])|[01](?:\.\d+)?\s*(?:px|pt)|0?\.0*[0-2]\d*\s*r?em)", re.IGNORECASE
)
_INK = re.compile(r"(?<![-\w])color\s*:\s*([^;]+)", re.IGNORECASE)
_PAPER = re.compile(r"background(?:-color)?\s*:\s*([^;]+)", re.IGNORECASE)
_WHITE = re.compile(
    r"white|#fff(?:fff)?|#fe?f(?:efef)?|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5].*", re.IGNORECASE
)
BY_COLOUR = "text in the colour of its page"
TOO_SMALL = "text too small to read"


def left_out(tag: Tag) -> str:
    """What kind of thing an element is that is not read ("menu", "hidden element" …), or "" if it is content."""
    if _NEVER.fullmatch(tag.name):
        return "menu" if tag.name == "nav" else str(tag.name)
    style = str(tag.get("style", ""))
    if style and _TINY.search(style):
        return TOO_SMALL
    if style and _as_its_page(tag, style):
        return BY_COLOUR
    if tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or _UNSEEN.search(style):
        return "hidden element"
    names = [name for name in (*tag.get_attribute_list("class"), tag.get("id")) if isinstance(name, str)]
    if tag.get("role") == "note" and "notice" in names:
        return "notice"  # shown with the document and kept out of the index
    if (
        tag.name in ("footer", "aside")
        or _ROLES.fullmatch(str(tag.get("role", "")))
        or (tag.name == "header" and tag.find_parent(["main", "article"]) is None)
        or (tag.name in ("div", "section", "ul", "ol") and any(map(_FURNITURE.fullmatch, names)))
    ):
        return "furniture"
    return ""


def _as_its_page(tag: Tag, style: str) -> bool:
    """Whether an element's letters have the colour they stand on: as its style says, and those of what holds it.

    Where nothing says what they stand on, it is taken to be white.
    """
    ink = _INK.search(style)
    if ink is None:
        return False
    paper = "white"
    for holder in (tag, *tag.parents):
        said = _PAPER.search(str(holder.get("style", ""))) if holder.attrs else None
        colour = said[1] if said else str(holder.get("bgcolor", "")) if holder.attrs else ""
        if colour.strip() and colour.strip().lower() not in ("none", "transparent", "inherit"):
            paper = colour
            break
        if holder.attrs and holder.get("class") and holder is not tag:
            return False  # a style sheet that is not here may set it
    return _same(ink[1].strip(), paper.strip())


def _same(ink: str, paper: str) -> bool:
    return ink.lower() == paper.lower() or bool(_WHITE.fullmatch(ink) and _WHITE.fullmatch(paper))
