"""Why: whoever decides about a file must see what was found and where, and whoever reads the record must not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why a file waits for a person."""

    PERSONAL_DATA = "personal data"
    ADDRESSES_MODEL = "text that addresses a model"
    HIDDEN_CHARACTERS = "hidden characters"
    UNSEEN_TEXT = "text that a reader does not see"
    OVER_A_CAP = "more than one document may cost"


@dataclass(frozen=True)
class Finding:
    """One thing in one file. It never repeats personal data: it says what kind it is and where it stands."""

    trouble: Trouble
    what: str
    """What was found, in a few words ("National Insurance number", "tells a model to ignore its instructions")."""
    place: str = ""
    """Heading under which it stands, and its page where the format has pages."""
    excerpt: str = ""
    """The words themselves, at most ``EXCERPT`` characters; always empty for personal data."""


EXCERPT = 160


def said(findings: Iterable[Finding]) -> str:
    """Findings as one line for a report: each kind once, with the first place."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.trouble, finding.what), finding)
    parts = [f"{f.trouble}: {f.what}" + (f" ({f.place})" if f.place else "") for f in first.values()]
    more = f"; and {len(parts) - 4} more" if len(parts) > 4 else ""
    return "; ".join(parts[:4]) + more
