"""Why: GOV.UK publishes each page as an item of its Content API, which says what a scraped page leaves out:
whether it was withdrawn, where it applies, when it changed.

Items come one to a file (``GET /api/content/<base_path>`` as it was answered). Shape: the content schemas
of GOV.UK publishing-api. Their HTML is written by people for the page and needs no furniture dropped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from governance.errors import DocumentCorrupt, DocumentUnsupported, DocumentWithoutText
from ingest.parse.blocks import Block, Draft
from ingest.parse.html import html_blocks
from ingest.parse.text import decode, one_line

SITE = "https://www.gov.uk"
_BODIES = (
    ("introduction", ""),
    ("introductory_paragraph", ""),
    ("summary", ""),
    ("body", ""),
    ("need_to_know", "What you need to know"),
    ("more_information", "More information"),
    ("other_ways_to_apply", "Other ways to apply"),
    ("what_you_need_to_know", "What you need to know"),
    ("will_continue_on", ""),
    ("licence_short_description", ""),
    ("licence_overview", ""),
    ("final_outcome_detail", "Final outcome"),
    ("public_feedback_detail", "Feedback received"),
    ("ways_to_respond", ""),
)
"""Fields of ``details`` that hold words for readers, in the order of the page, with a heading for some."""
_GROUPS = ("parts", "collection_groups", "child_section_groups", "groups", "nodes")
_NATIONS = ("england", "scotland", "wales", "northern_ireland")


def govuk(data: bytes) -> Draft:
    """Blocks and metadata of one Content API item.

    Raises DocumentCorrupt (no JSON), DocumentUnsupported (other JSON) and DocumentWithoutText (a page
    that is gone, has moved, or only lists others).
    """
    try:
        item = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        raise DocumentCorrupt("it is not JSON", do="save the item again") from error
    if not isinstance(item, dict) or not {"base_path", "schema_name", "details"} <= item.keys():
        raise DocumentUnsupported(
            "JSON is taken in only as GOV.UK Content API items", do="convert it to text"
        )
    schema = str(item["schema_name"])
    if schema in ("gone", "redirect", "vanish"):
        raise DocumentWithoutText(f"the page {item['base_path']} is {schema}", do="remove the file")
    title = one_line(str(item.get("title") or ""))
    draft = Draft(title=title, fields=_fields(item))
    details = item["details"] if isinstance(item["details"], dict) else {}
    draft.blocks = [Block("heading", title, level=1)] if title else []
    description = one_line(str(item.get("description") or ""))
    found = list(_body(details, draft, level=2))
    if found and description:
        draft.blocks.append(Block("paragraph", description))
    draft.blocks += found
    return draft


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the item says about itself, in the words of our metadata."""
    fields: dict[str, Any] = {
        "uri": SITE + str(item["base_path"]),
        "language": str(item.get("locale") or "en"),
        "licence": "OGL-UK-3.0",
        "publisher": _publisher(item.get("links")),
    }
    published = _day(item.get("public_updated_at"))
    if published:
        fields["published_at"] = published
    withdrawn = item.get("withdrawn_notice")
    if isinstance(withdrawn, dict) and withdrawn:
        fields["state"] = "withdrawn"
        fields["withdrawn_reason"] = " ".join(b.text for b in _html(withdrawn.get("explanation"), Draft()))
        at = _day(withdrawn.get("withdrawn_at"))
        if at:
            fields["withdrawn_at"] = at
    nations = _applicability(item["details"])
    if nations:
        fields["nations"] = nations
    return fields


def _publisher(links: Any) -> str:
    named = (
        links.get("primary_publishing_organisation") or links.get("organisations")
        if isinstance(links, dict)
        else None
    )
    first = named[0] if isinstance(named, list) and named else None
    return one_line(str(first.get("title") or "")) if isinstance(first, dict) else ""


def _day(value: Any) -> date | None:
    found = re.match(r"\d{4}-\d\d-\d\d", value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _applicability(details: Any) -> list[str]:
    """Nations that the item applies in; none named: it does not say, which means all."""
    named = details.get("national_applicability") if isinstance(details, dict) else None
    if not isinstance(named, dict):
        return []
    return [n for n in _NATIONS if not isinstance(named.get(n), dict) or named[n].get("applicable", True)]


def _body(details: Mapping[str, Any], draft: Draft, level: int) -> Iterator[Block]:
    for name, heading in _BODIES:
        blocks = _html(details.get(name), draft)
        if blocks and heading:
            yield Block("heading", heading, level=level)
        yield from blocks
    for name in _GROUPS:
        groups = details.get(name)
        for group in groups if isinstance(groups, list) else []:
            if isinstance(group, dict):
                yield from _group(group, draft, level)
    steps = details.get("step_by_step_nav")
    if isinstance(steps, dict):
        yield from _html(steps.get("introduction"), draft)
        for step in steps.get("steps") or []:
            yield from _step(step, level)


def _group(group: Mapping[str, Any], draft: Draft, level: int) -> Iterator[Block]:
    """A part of a guide, a group of a collection, a node of a smart answer."""
    blocks = _html(group.get("body"), draft)
    if blocks:
        title = one_line(str(group.get("title") or ""))
        slug = group.get("slug")
        part = f"/{slug}" if isinstance(slug, str) and re.fullmatch(r"[\w-]{1,120}", slug) else ""
        if title:
            yield Block("heading", title, level=level, place=part)
        for block in blocks:  # a part's own headings stand under its title
            yield _lower(block, level, part) if block.kind == "heading" else block


def _lower(block: Block, level: int, part: str) -> Block:
    level = min(6, block.level + level - 1)
    return Block("heading", block.text, level=level, linked=block.linked, place=part + block.place)


def _step(step: Any, level: int) -> Iterator[Block]:
    contents = step.get("contents") if isinstance(step, dict) else None
    said = [c for c in contents or [] if isinstance(c, dict) and c.get("type") == "paragraph"]
    if said:
        yield Block("heading", one_line(str(step.get("title") or "")), level=level)
    for entry in said:
        yield Block("paragraph", one_line(str(entry.get("text") or "")))


def _html(value: Any, draft: Draft) -> list[Block]:
    """Blocks of a field: HTML, or a list of the same words in several content types."""
    if isinstance(value, list):
        typed = [v for v in value if isinstance(v, dict) and v.get("content_type") == "text/html"]
        value = typed[0].get("content") if typed else None
    return html_blocks(value, draft.dropped, draft.hide) if isinstance(value, str) and value.strip() else []
