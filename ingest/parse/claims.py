"""Why: a page's furniture is no guidance, but some of it says what the page is: where it applies, when it was
published, when it must be reviewed, and what it is called where its main heading is only "Overview".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from ingest.parse.blocks import Block, Draft

DATE = r"\d{1,2} [A-Z][a-z]{2,8} \d{4}"
_NATIONS = "England|Scotland|Wales|Northern Ireland"
APPLIES = re.compile(rf"Applies to:?((?:\s*(?:,|and|{_NATIONS}))+)", re.IGNORECASE)
_REVIEW = re.compile(rf"(?:next |page )?review due:? ({DATE})\.?", re.IGNORECASE)
_PUBLISHED = re.compile(rf"(?:first )?published:?(?: on)? ({DATE})\b.{{0,40}}", re.IGNORECASE)
_UPDATED = re.compile(rf"(?:page )?last updated:?(?: on)? ({DATE})\b.{{0,40}}", re.IGNORECASE)
_SITE = re.compile(r"\s+[-–|]\s+[^-–|]{2,40}$")
_FORMATS = ("%d %B %Y", "%d %b %Y")


def read_claims(draft: Draft) -> None:
    """Put what a page's furniture says about the page among its fields; what the file itself says stays."""
    texts = [block.text for block in draft.blocks]
    for index, text in enumerate(texts):
        applies = APPLIES.fullmatch(text.strip(" ."))
        if applies:
            draft.fields.setdefault("nations", re.findall(_NATIONS, applies[1], re.IGNORECASE))
        _claim(draft, "review_due", _REVIEW.fullmatch(text))
        following = f"{text} {texts[index + 1]}" if index + 1 < len(texts) and len(text) < 20 else text
        _claim(draft, "published_at", _PUBLISHED.fullmatch(following))
    for index, text in enumerate(texts):  # a page's date is that of its last change
        following = f"{text} {texts[index + 1]}" if index + 1 < len(texts) and len(text) < 20 else text
        updated = _UPDATED.fullmatch(following)
        if updated and _day(updated[1]):
            draft.fields["published_at"] = _day(updated[1])
            break


def _claim(draft: Draft, field: str, found: re.Match[str] | None) -> None:
    day = _day(found[1]) if found else None
    if day:
        draft.fields.setdefault(field, day)


def _day(text: str) -> dt.date | None:
    for form in _FORMATS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
    return None


def titled(page: str, blocks: Sequence[Block]) -> str:
    """A page's title: its main heading, or what the browser's tab says where that is one word ("Overview")."""
    main = next((b.text for b in blocks if b.kind == "heading" and b.level == 1), "")
    tab = _SITE.sub("", page).strip()
    return tab if tab and len(main.split()) < 2 else main
