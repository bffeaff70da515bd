"""Why: everything that may be quoted passes here once, after it was read and before it is kept.

Checks are text alone and cheap; none loads a model. What a reader of the file does not see (hidden elements, white
letters, alternative text) is never indexed, so it matters only where it speaks to a model, or where it was hidden in a
way that nobody uses by accident.
"""

from __future__ import annotations

from collections.abc import Iterator

from governance.errors import DocumentQuarantined
from ingest.documents import Parsed, Section, Unseen
from ingest.quarantine.addresses_model import addressing
from ingest.quarantine.finding import EXCERPT, Finding, Trouble, said
from ingest.quarantine.personal import personal

MOST = 50
"""Most findings kept of one file."""
BY_INTENT = frozenset(("tag characters", "a run of invisible characters", "characters that turn text round"))
"""Kinds of hidden text that no editor makes by accident."""
BY_COLOUR = frozenset(("text in the colour of its page", "text too small to read", "hidden text"))
"""Kinds that a person who edits a document makes on purpose, for whatever purpose."""
LONG_ENOUGH = 60
"""Characters of such text that make a sentence rather than a left-over."""


class Door:
    """Looks at what was read. Holds nothing; safe to share."""

    def check(self, parsed: Parsed, name: str) -> None:
        """Raise ``DocumentQuarantined`` with its findings where a person must look first; ``name`` begins its message."""
        findings = self.findings(parsed)
        if findings:
            raise DocumentQuarantined(
                f"{name}: {said(findings)}.",
                do="Look at it, then: frontline guidance quarantine release | reject (`list` shows the reasons).",
                findings=tuple(findings),
            )

    def findings(self, parsed: Parsed) -> list[Finding]:
        """Everything found, in the order of the document, and what is hidden last."""
        found = [finding for section in parsed.sections for finding in _section(section)]
        title = Section((), parsed.metadata.title)
        found += [*_section(title), *(f for unseen in parsed.unseen for f in _unseen(unseen))]
        return list(dict.fromkeys(found))[:MOST]


def _section(section: Section) -> Iterator[Finding]:
    place = _place(section)
    text = "\n".join((*section.heading_path[-1:], section.text))
    yield from personal(text, place)
    yield from addressing(text, place)


def _place(section: Section) -> str:
    heading = section.heading_path[-1] if section.heading_path else ""
    page = f"page {section.page}" if section.page else ""
    return ", ".join(part for part in (heading[:80], page) if part)


def _unseen(unseen: Unseen) -> Iterator[Finding]:
    excerpt = unseen.text[:EXCERPT]
    if unseen.kind in BY_INTENT:
        yield Finding(
            Trouble.HIDDEN_CHARACTERS, unseen.kind, unseen.place, "" if personal(excerpt) else excerpt
        )
        return
    speaks = addressing(unseen.text)
    for finding in speaks:
        yield Finding(
            Trouble.UNSEEN_TEXT, f"{unseen.kind} that {finding.what}", unseen.place, finding.excerpt
        )
    if unseen.kind in BY_COLOUR and not speaks and len(unseen.text) >= LONG_ENOUGH:
        yield Finding(Trouble.UNSEEN_TEXT, unseen.kind, unseen.place, "" if personal(excerpt) else excerpt)
