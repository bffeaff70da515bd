"""Why: what is published in three formats is read from one source, in one way.

A source is Markdown with front matter: headings, paragraphs, lists and tables, and nothing inside a line.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

_FRONT = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A part of a source: a heading (``h1`` to ``h6``), ``p``, ``ul``, ``ol`` or ``table``."""

    kind: str
    rows: tuple[tuple[str, ...], ...]
    """The rows of a table, header first; one row of items for a list, one row of one text otherwise."""

    @property
    def text(self) -> str:
        """The text of a heading or a paragraph."""
        return self.rows[0][0]


@dataclass(frozen=True)
class Guide:
    """A source as it is published: its front matter, its Markdown and the blocks of it."""

    slug: str
    fields: dict[str, Any]
    body: str
    blocks: tuple[Block, ...]

    @property
    def dated(self) -> dt.datetime:
        """The moment that stands in the published file as its making: midnight UTC of its publication."""
        return dt.datetime.combine(self.fields["published_at"], dt.time(), dt.UTC)


def markdown() -> MarkdownIt:
    """The one flavour that sources are written in: CommonMark, with tables."""
    return MarkdownIt("commonmark").enable("table")


def read(path: Path, slug: str) -> Guide:
    """One source. Raises ValueError if it has no front matter."""
    found = _FRONT.fullmatch(path.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{path}: no front matter; begin it with a line of three dashes")
    return Guide(slug, yaml.safe_load(found[1]), found[2], tuple(_blocks(markdown().parse(found[2]))))


def _blocks(tokens: list[Token]) -> list[Block]:
    made: list[Block] = []
    rows: list[list[str]] = []
    inside = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            inside, rows = token.tag, [[]]
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            made.append(Block(token.tag, tuple(tuple(row) for row in rows if row)))
            inside = ""
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("heading_open", "paragraph_open") and not inside:
            made.append(Block(token.tag, (("",),)))
        elif token.type == "inline" and inside:
            rows[-1].append(_plain(token))
        elif token.type == "inline":
            made[-1] = Block(made[-1].kind, ((_plain(token),),))
    return made


def _plain(token: Token) -> str:
    return "".join("\n" if part.type == "softbreak" else part.content for part in token.children or [])
