"""Why: a cookie banner quoted as guidance is worse than no answer, and menus drown the words that matter.

General rules, no site's name among them: what stands before a page's main heading is its menu; headings
of a few kinds (related, feedback, cookies, footer) open furniture; lists and lines that are nothing but
links lead elsewhere and say nothing. What is dropped is counted, so that a reader can see that it was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.parse.blocks import Block, Draft

_NAMES = "England|Scotland|Wales|Northern Ireland"
_APPLIES = re.compile(rf"Applies to:?((?:\s*(?:,|and|{_NAMES}))+)", re.IGNORECASE)
_REVIEW = re.compile(r"(?:next )?review due:?\s*(\d{1,2} [A-Z][a-z]+ \d{4})\.?", re.IGNORECASE)

_BANNER = re.compile(
    r"(?:.{0,30}\bcookies? on .+|navigation( menu)?|(main |site |secondary )?menu|main navigation|breadcrumbs?"
    r"|search( .{0,40})?|(related|similar) (content|links|pages|information|topics|sites|conditions|articles)"
    r"|explore the topic|more in( this section)?|part of|collections?|topics|government activity"
    r"|popular on .+|see also|elsewhere on the web|(more )?useful (links|resources)|links to supporting .+"
    r"|share( this page)?|follow us|subscri(be|ptions?).*|translation help|messages|latest (news|tweets).*"
    r"|sign up .{0,60}(emails?|newsletter|updates)|get (emails|updates)( about .+)?|print( this page)?"
    r"|first published|last updated|updates to this page|is there anything wrong .+|published|downloads?)[:.]?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:is this page useful|was this (page|article|information) (useful|helpful)|did you find .{0,40}(helpful|useful)"
    r"|help (us )?improve .+|report (a problem|anything wrong) with this page|give feedback.{0,40}"
    r"|(support|footer|legal|corporate) (links|information|menu)|footer|services and information"
    r"|departments and policy|site information|back to top)[?:.]?",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents(?: of guide| of this page)?|on this page|in this (page|section|guide)|pages in .+",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?:skip to .+|back to( top)?|(open |close |main )?menu|search( .{0,30})?|more|browse|close|cancel|send|print|maybe|yes|no"
    r"|home|share|×|hide this message|(accept|reject) (additional|all) cookies|view cookies|(©|\(c\)|copyright).{0,80}"
    r"|yes this page is useful|no this page is not useful|thank you for your feedback.{0,80}"
    r"|you have (accepted|rejected) additional cookies\.?.*|(page |media |content )?(last |next )?(re)?view(ed)?( due)?: ?.{0,40}"
    r"|(page )?(first |last )?(published|updated|modified): ?.{0,40}|get emails about this page|print this( page)?"
    r"|view a printable version.*|(previous|next) ?:.{0,80}|report a problem with this page|contents|overview\s*contents"
    r"|this file may not be suitable for users of assistive technology\.?|request an accessible format\.?"
    r"|if you use assistive technology \(such as a screen reader\) and need a.*|please tell us what format you need\..*"
    r"|you must have javascript enabled.*|all content is available under .*|we use (some )?(essential )?cookies.*"
    r"|see all updates|show all updates|updates?|details|share this page|follow us.{0,40}|all rights reserved.{0,40})",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)]*$")


def looks_scraped(blocks: Sequence[Block]) -> bool:
    """Whether a page without front matter carries a site's furniture: three of its headings do."""
    return (
        sum(
            b.kind == "heading" and bool(_BANNER.fullmatch(b.text) or _TAIL.fullmatch(b.text)) for b in blocks
        )
        > 2
    )


def without_furniture(draft: Draft) -> None:
    """Drop a page's furniture from its blocks, counting what goes; read what it says about nation and review."""
    _read_claims(draft)
    blocks = _from_main_heading(draft.blocks, draft.dropped)
    blocks = _without_furniture_sections(blocks, draft.dropped)
    blocks = _without_links(blocks, draft.dropped)
    draft.blocks = [b for b in blocks if not _is_line(b, draft.dropped)]


def _read_claims(draft: Draft) -> None:
    """ "Applies to England" and "Next review due" are furniture that states metadata."""
    for block in draft.blocks:
        applies = _APPLIES.fullmatch(block.text.strip(" ."))
        if applies and "nations" not in draft.fields:
            draft.fields["nations"] = re.findall(_NAMES, applies[1], re.IGNORECASE)
        review = _REVIEW.search(block.text[-60:]) if "review due" in block.text.lower() else None
        if review and "media" not in block.text.lower():
            try:
                draft.fields["review_due"] = dt.datetime.strptime(review[1], "%d %B %Y").date()  # noqa: DTZ007
            except ValueError:
                continue


def _from_main_heading(blocks: list[Block], dropped: Counter[str]) -> list[Block]:
    """Everything from the first level-one heading that is not a banner's; all of it where there is none."""
    for index, block in enumerate(blocks):
        if block.kind == "heading" and block.level == 1 and not _BANNER.fullmatch(block.text):
            if index:
                dropped["menu"] += 1
            return blocks[index:]
    return blocks


def _without_furniture_sections(blocks: list[Block], dropped: Counter[str]) -> list[Block]:
    kept: list[Block] = []
    inside: int | None = None
    contents = False
    for block in blocks:
        if block.kind == "heading":
            text = block.text.strip()
            if kept and _TAIL.fullmatch(text):
                dropped["footer"] += 1
                break
            if inside is not None and block.level > inside:
                continue
            inside = None
            contents = bool(_CONTENTS.fullmatch(text))
            if contents or _APPLIES.fullmatch(text):
                dropped["contents" if contents else "label"] += 1
                continue
            if kept and _BANNER.fullmatch(text):
                inside = block.level
                dropped["furniture section"] += 1
                continue
        elif inside is not None or (contents and block.kind == "item"):
            continue
        contents = contents and block.kind == "heading"
        kept.append(block)
    return kept


def _without_links(blocks: list[Block], dropped: Counter[str]) -> list[Block]:
    """Without menus: lists of nothing but links, unless a line that ends in a colon leads in to them."""
    kept: list[Block] = []
    for run in _runs(blocks):
        if run[0].kind != "item":
            kept.extend(block for block in run if not _is_link_line(block, dropped))
            continue
        led_in = bool(kept) and kept[-1].kind == "paragraph" and kept[-1].text.endswith(":")
        if led_in or not _all_links(run):
            kept.extend(run)
        else:
            dropped["list of links"] += 1
    return kept


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Each list as one run, and what stands between two lists as another."""
    run: list[Block] = []
    for block in blocks:
        if run and (block.opens or (block.kind == "item") != (run[0].kind == "item")):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _all_links(run: Sequence[Block]) -> bool:
    total = sum(len(b.text) for b in run)
    return (
        total > 0
        and sum(b.linked * len(b.text) for b in run) / total > 0.8
        and not any(_SENTENCE_END.search(b.text) for b in run)
    )


def _is_link_line(block: Block, dropped: Counter[str]) -> bool:
    alone = block.kind == "paragraph" and block.linked > 0.9 and not _SENTENCE_END.search(block.text)
    dropped["link on a line of its own"] += alone
    return alone


def _is_line(block: Block, dropped: Counter[str]) -> bool:
    said = block.kind in ("paragraph", "item") and (
        _LINE.fullmatch(block.text.strip()) is not None
        or _APPLIES.fullmatch(block.text.strip(" .")) is not None
    )
    dropped["line of furniture"] += said
    return said
