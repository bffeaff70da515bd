"""Why: most guidance here is written in Markdown, and much of the rest was scraped into it by someone.

Written Markdown is trusted to hold what its author meant. A scraped page carries its site's menus and
banners and the scraper's own habits (a heading's text on the next line, a caption glued to its table, a
line for each paragraph), which are put right before its furniture is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.parse.blocks import Block, Draft, table
from ingest.parse.furniture import looks_scraped, without_furniture
from ingest.parse.html import html_blocks
from ingest.parse.metadata import front_matter
from ingest.parse.text import clean, one_line

_EMPTY_HEADING = re.compile(r"^(#{1,6})[ \t]*\n(?:[ \t]*\n)*[ \t]*(?![#*+\-|\d])(\S[^\n]*)$", re.MULTILINE)
_CUT_HEADING = re.compile(r"^#{1,6}[ \t]+\[[^\]\n]*\n[^\]#]{1,200}\]\([^)\n]*\)", re.MULTILINE)
_BARE_HEADING = re.compile(r"^#{1,6}[ \t]*$", re.MULTILINE)
_CAPTION = re.compile(r"^([^|\n]+)(\|[^\n]*\|)[ \t]*\n(\|(?:[ \t]*:?-+:?[ \t]*\|)+)[ \t]*$", re.MULTILINE)
_SKIP_LINK = re.compile(r"\[skip to [^\]]{1,60}\]\(#", re.IGNORECASE)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]")
LONGEST_ROW = 2_000
"""Most characters that lines are joined to where a table's row seems to go on over them."""
_STARTS_ANEW = re.compile(r"[A-Z0-9£“\"‘'(]")


def markdown(text: str) -> Draft:
    """Blocks and front matter of a Markdown file. Raises MetadataInvalid."""
    fields, body = front_matter(text)
    body = clean(body)
    scraped = not fields and bool(_SKIP_LINK.search(body[:5_000]))
    draft = Draft(fields=fields)
    if scraped:
        draft.own_title = _page_title(body)
        body = _mended(body)
    draft.blocks = list(_Reader(scraped, draft).blocks(_parser().parse(body)))
    if not fields and (scraped or looks_scraped(draft.blocks)):
        without_furniture(draft)
    return draft


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").disable("code")


def _page_title(body: str) -> str:
    """What the browser's tab said, which scrapers put first: the lines before the link that skips the menu."""
    said = one_line(body[: next(_SKIP_LINK.finditer(body)).start()].rstrip("*+- \n"))
    return said if len(said) <= 150 and "](" not in said and "#" not in said else ""


def _mended(body: str) -> str:
    """A scraped page with its headings on one line and captions on lines of their own."""
    body = _CUT_HEADING.sub(lambda found: found[0].replace("\n", " "), body)
    body = _EMPTY_HEADING.sub(r"\1 \2", body)
    body = _BARE_HEADING.sub("", body)
    return "\n".join(_parted(_CAPTION.sub(r"\1\n\n\2\n\3", body).split("\n")))


def _parted(lines: list[str]) -> Iterator[str]:
    """Lines with a blank one after each list and table: scrapers leave none, and the next line would run on.

    A row of a table that goes on over several lines is put on one.
    """
    before, brackets, row = "", 0, ""
    for line in lines:
        row = f"{row} {line.strip()}" if row else line.rstrip() if line.startswith("|") else ""
        if row and not row.endswith("|") and len(row) < LONGEST_ROW:
            continue
        if row:
            line, row = row, ""
        kind = (
            "row" if line.startswith("|") else "item" if _ITEM.match(line) else "text" if line.strip() else ""
        )
        if kind == "text" and (before == "row" or (before == "item" and brackets <= 0)):
            yield ""
            line = line.lstrip()
        elif kind == "text" and before == "item":
            kind = "item"  # a link's words go on
        if kind == "item" and _ITEM.match(line):
            brackets = 0
        brackets += line.count("[") + line.count("(") - line.count("]") - line.count(")")
        before = kind or before
        yield line
    if row:
        yield row


@dataclass
class _Text:
    """Words of one inline run, with how many of their characters are links."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0

    def share(self, text: str) -> float:
        return min(1.0, self.linked / len(text)) if text else 0.0


class _Reader:
    """Tokens to blocks."""

    def __init__(self, scraped: bool, draft: Draft) -> None:
        self.scraped = scraped
        self.dropped = draft.dropped
        self.hide = draft.hide

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        position = 0
        while position < len(tokens):
            token = tokens[position]
            end = _closing(tokens, position)
            inside = tokens[position + 1 : end]
            if token.type == "heading_open":
                for text, linked in self._lines(inside, apart=False):
                    yield Block("heading", text, level=int(token.tag[1]), linked=linked)
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield from self._list(token, inside, depth=0)
            elif token.type == "table_open":
                yield from self._table(inside)
            elif token.type == "html_block":
                yield from html_blocks(token.content, self.dropped, self.hide)
            elif token.type in ("fence", "code_block"):
                yield from _paragraphs(token.content)
            elif token.type == "paragraph_open":
                for text, linked in self._lines(inside, apart=True):
                    yield Block("paragraph", text, linked=linked)
            else:  # a quotation's paragraphs stand with the rest
                yield from self.blocks(inside)
            position = end + 1

    def _list(self, opening: Token, tokens: Sequence[Token], depth: int) -> Iterator[Block]:
        number = int(opening.attrs.get("start", 1)) if opening.type.startswith("ordered") else None
        position, first = 0, True
        while position < len(tokens):
            end = _closing(tokens, position)
            marker = "-" if number is None else f"{number}."
            for block in self._item(tokens[position + 1 : end], marker, depth, opens=first and depth == 0):
                yield block
                first = False
            number = None if number is None else number + 1
            position = end + 1

    def _item(self, tokens: Sequence[Token], marker: str, depth: int, opens: bool) -> Iterator[Block]:
        """An item's own paragraphs as one block, then the lists, tables and the rest inside it."""
        said: list[tuple[str, float]] = []
        after: list[Block] = []
        position = 0
        while position < len(tokens):
            token, end = tokens[position], _closing(tokens, position)
            inside = tokens[position + 1 : end]
            if token.type in ("paragraph_open", "heading_open"):
                said.extend(self._lines(inside, apart=False))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                after.extend(self._list(token, inside, depth + 1))
            else:
                after.extend(self.blocks(tokens[position : end + 1]))
            position = end + 1
        text = " ".join(words for words, _ in said)
        if text:
            linked = sum(share * len(words) for words, share in said) / len(text)
            yield Block("item", text, level=depth, marker=marker, linked=linked, opens=opens)
        yield from after

    def _table(self, tokens: Sequence[Token]) -> Iterator[Block]:
        rows: list[list[str]] = []
        linked = total = 0.0
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                lines = list(self._lines([token], apart=False))
                rows[-1].append(" ".join(words for words, _ in lines))
                total += sum(len(words) for words, _ in lines)
                linked += sum(share * len(words) for words, share in lines)
        made = table(rows, linked=linked / total if total else 0.0)
        if made:
            yield made

    def _lines(self, tokens: Sequence[Token], *, apart: bool) -> Iterator[tuple[str, float]]:
        """The text of inline tokens, one entry for each paragraph in it, with its share of links."""
        for token in tokens:
            if token.type != "inline":
                continue
            runs = [_Text()]
            depth, breaks = 0, 0
            children = token.children or []
            for index, child in enumerate(children):
                if child.type in ("softbreak", "hardbreak"):
                    breaks += 1 if child.type == "hardbreak" else 0
                    if apart and depth == 0 and (breaks > 1 or self._anew(runs[-1], children, index)):
                        runs.append(_Text())
                    else:
                        runs[-1].parts.append(" ")
                        runs[-1].linked += 1 if depth else 0
                    continue
                depth += child.nesting if child.type.startswith("link") else 0
                if child.type == "image":
                    self.dropped["image"] += 1
                    self.hide("alternative text", child.content)
                if child.type == "html_inline" and child.content.startswith("<!--"):
                    self.hide("comment", child.content[4:-3])
                if child.type in ("text", "code_inline"):
                    breaks = 0 if child.content.strip() else breaks
                    runs[-1].parts.append(child.content)
                    runs[-1].linked += len(child.content) if depth else 0
            for run in runs:
                text = one_line("".join(run.parts))
                if text:
                    yield text, run.share(text)

    def _anew(self, run: _Text, children: Sequence[Token], index: int) -> bool:
        """Whether a line break in a scraped page parts two paragraphs: scrapers give each its own line."""
        if not self.scraped:
            return False
        before = "".join(run.parts[-5:]).rstrip()[-1:]
        following = next((c.content for c in children[index + 1 : index + 6] if c.content.strip()), "")
        return before in set(".:;!?)”") or bool(_STARTS_ANEW.match(following.lstrip()))


def _closing(tokens: Sequence[Token], position: int) -> int:
    """Index of the token that closes the one at ``position``; the same index where it needs none."""
    depth = 0
    for index in range(position, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1


def _paragraphs(text: str) -> Iterator[Block]:
    for part in re.split(r"\n[ \t]*\n", text):
        if part.strip():
            yield Block("paragraph", one_line(part))
