"""Why: the words of an OpenDocument paragraph stand between marks for spaces, tabs, notes and comments, each of which is
read in its own way."""

from __future__ import annotations

from typing import Any

from ingest.parse.blocks import Draft
from ingest.parse.odf_styles import DRAW, OFFICE, SVG, TABLE, TEXT, XLINK, Styles
from ingest.parse.text import one_line

__all__ = ["DRAW", "OFFICE", "TABLE", "TEXT", "XLINK", "Words"]

_APART = frozenset((f"{DRAW}text-box", f"{TEXT}tracked-changes", f"{TEXT}list", f"{TABLE}table"))


class Words:
    """Text of paragraphs; notes are kept until they are asked for."""

    def __init__(self, draft: Draft, styles: Styles) -> None:
        self._draft = draft
        self._styles = styles
        self.notes: list[str] = []

    def of(self, element: Any) -> str:
        """Text of a paragraph on one line, as it reads with its tracked changes accepted."""
        parts: list[str] = []
        self._gather(element, parts, 0)
        return one_line("".join(parts))

    def _gather(self, element: Any, parts: list[str], depth: int) -> None:
        parts.append(element.text or "")
        for child in element if depth < 40 else ():
            tag = child.tag
            if tag == f"{TEXT}s" or tag in (f"{TEXT}tab", f"{TEXT}line-break"):
                parts.append(" ")
            elif tag == f"{TEXT}note":
                self._note(child, parts)
            elif tag == f"{OFFICE}annotation":
                self._draft.dropped["comment"] += 1
                self._draft.hide("comment", " ".join(child.itertext()))
            elif tag == f"{DRAW}frame":
                self._frame(child)
            elif tag == f"{TEXT}span" and self._styles.unseen(child.get(f"{TEXT}style-name") or ""):
                kind = self._styles.unseen(child.get(f"{TEXT}style-name") or "")
                self._draft.hide(kind, "".join(child.itertext()))
                self._draft.dropped["hidden text"] += 1
            elif isinstance(tag, str) and tag not in _APART:
                self._gather(child, parts, depth + 1)
            parts.append(child.tail or "")

    def _note(self, note: Any, parts: list[str]) -> None:
        mark = one_line("".join(note.find(f"{TEXT}note-citation").itertext())) if len(note) else ""
        body = note.find(f"{TEXT}note-body")
        text = one_line(" ".join("".join(p.itertext()) for p in body)) if body is not None else ""
        if mark and text:
            parts.append(f"[{mark}]")
            self.notes.append(f"[{mark}] {text}")

    def _frame(self, frame: Any) -> None:
        if frame.find(f"{DRAW}image") is not None:
            self._draft.dropped["image"] += 1
        for name in ("title", "desc"):
            said = frame.findtext(f"{SVG}{name}")
            if said:
                self._draft.hide("alternative text", said)
