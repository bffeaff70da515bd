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
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)


def left_out(tag: Tag) -> str:
    """What kind of thing an element is that is not read ("menu", "hidden element" …), or "" if it is content."""
    if _NEVER.fullmatch(tag.name):
        return "menu" if tag.name == "nav" else str(tag.name)
    if (
        tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or _UNSEEN.search(str(tag.get("style", "")))
    ):
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
