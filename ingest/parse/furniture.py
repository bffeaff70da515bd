"""Why: a cookie banner quoted as guidance is worse than no answer, and menus drown the words that matter.

General rules, no site's name among them: what stands before a page's main heading is its menu; headings
of a few kinds (related, feedback, cookies, footer) open furniture; lists and lines that are nothing but
links lead elsewhere and say nothing. What is dropped is counted, so that a reader can see that it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.parse.blocks import Block, Draft
from ingest.parse.claims import APPLIES, DATE, read_claims, titled

SEARCH = r"search( (this site|gov\.uk|n i direct|the .{1,20} website))?"
_BANNER = re.compile(
    r"(?:.{0,30}\bcookies? on .+|navigation( menu)?|(main |site |secondary )?menu|main navigation|breadcrumbs?"
    rf"|{SEARCH}|(related|similar) (content|links|pages|information|topics|sites|conditions|articles)"
    r"|explore the topic|corporate information|more in( this section)?|part of|collections?|topics|government activity"
    r"|popular on .+|see also|elsewhere on the web|(more )?useful (links|resources)|links to supporting .+"
    r"|share( this page)?|follow us|subscri(be|ptions?).*|translation help|messages|latest (news|tweets).*"
    r"|sign up .{0,60}(emails?|newsletter|updates)|get (emails|updates)( about .+)?|print( this page)?"
    r"|first published|last updated|updates to this page|is there anything wrong .+|published|downloads?)[:.]?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:is this page useful|was this (page|article|information) (useful|helpful)|did you find .{0,40}(helpful|useful)"
    r"|help (us )?improve .+|report (a problem|anything wrong) with this page|give feedback.{0,40}"
    r"|(support|footer) links|footer( menu)?|services and information"
    r"|departments and policy|site information|back to top|there is a problem)[?:.]?",
    re.IGNORECASE,
)
_TAIL_LINE = re.compile(
    r"(?:is this page useful\?|was this (page |article |information )?(helpful|useful)\?|thanks? (you )?for your feedback.{0,40}"
    r"|is there anything wrong with this page\?|report a problem with this page|last updated.{0,30}show all updates)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents(?: of guide| of this page)?|on this page|in this (page|section|guide)|pages in .+",
    re.IGNORECASE,
)
_LINE = re.compile(
    rf"(?:skip to .{{1,40}}|back to( top)?|(open |close |main )?menu|{SEARCH}|more|browse|close|cancel|send|print|maybe|yes|no"
    r"|home|share|×|hide this message|(accept|reject) (additional|all) cookies|view cookies"
    r"|((print this page|cookies|updated .{8,20}) )?(©|\(c\)|copyright).{0,80}|this publication is (licensed|available) .*"
    r"|where we have identified any third party copyright .*"
    r"|yes this page is useful|no this page is not useful|thank you for your feedback.{0,80}"
    r"|you have (accepted|rejected) additional cookies\.?.*|(page |media |content )?(last |next )?review(ed| due): ?.{0,40}"
    r"|(page )?(first |last )?(published|updated|modified): ?.{0,40}|get emails about this page|print this( page)?"
    r"|view a printable version.*|report a problem with this page|contents|overview\s*contents"
    r"|this file may not be suitable for users of assistive technology\.?|request an accessible format\.?"
    r"|if you use assistive technology \(such as a screen reader\) and need a.*|please tell us what format you need\..*"
    r"|you must have javascript enabled.*|all content is available under .*|we use (some )?(essential )?cookies.*"
    r"|see all updates|show all updates|updates?|details|share this page|follow us.{0,40}|all rights reserved.{0,40}"
    rf"|(first |last )?(published|updated)( on)?:?( {DATE})?|{DATE}( [—–-] .{{0,60}})?|from:|english|cymraeg|welsh|topics?:|part of:|information:)",
    re.IGNORECASE,
)
MENU = 8
"""Fewest links in a row, at the very end of a page, that are taken for a menu."""
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)]*$")


def looks_scraped(blocks: Sequence[Block]) -> bool:
    """Whether a page without front matter carries a site's furniture: three of its headings do."""
    headings = [block.text for block in blocks if block.kind == "heading"]
    return sum(bool(_BANNER.fullmatch(text) or _TAIL.fullmatch(text)) for text in headings) > 2


def without_furniture(draft: Draft) -> None:
    """Drop a page's furniture from its blocks, counting what goes; keep what it says about the page itself."""
    read_claims(draft)
    blocks = _from_main_heading(draft.blocks, draft.dropped)
    draft.title = titled(draft.own_title, blocks)
    blocks = _without_furniture_sections(blocks, draft.dropped)
    blocks = _without_links(blocks, draft.dropped)
    blocks = [block for block in blocks if not _is_line(block, draft.dropped)]
    draft.blocks = [
        block for block, after in pairwise([*blocks, None]) if block and not _leads_nowhere(block, after)
    ]


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
            if contents or APPLIES.fullmatch(text):
                dropped["contents" if contents else "label"] += 1
                continue
            if kept and _BANNER.fullmatch(text):
                inside = block.level
                dropped["furniture section"] += 1
                continue
        elif kept and _TAIL_LINE.fullmatch(block.text):
            dropped["footer"] += 1
            break
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
    return _without_last_menu(kept, dropped)


def _without_last_menu(blocks: list[Block], dropped: Counter[str]) -> list[Block]:
    """Without the links that a page ends with; a scraper may have run them on from a list of the page's own."""
    end = len(blocks)
    while end and blocks[end - 1].kind == "item" and _all_links(blocks[end - 1 : end]):
        end -= 1
    if len(blocks) - end < MENU:
        return blocks
    dropped["list of links"] += 1
    return blocks[:end]


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


def _leads_nowhere(block: Block, after: Block | None) -> bool:
    """Whether a line leads in to a list that was a menu, and so to nothing."""
    return (
        block.kind == "paragraph" and block.text.endswith(":") and (after is None or after.kind == "heading")
    )


def _is_line(block: Block, dropped: Counter[str]) -> bool:
    said = block.kind in ("paragraph", "item") and (
        _LINE.fullmatch(block.text.strip()) is not None
        or APPLIES.fullmatch(block.text.strip(" .")) is not None
    )
    dropped["line of furniture"] += said
    return said
