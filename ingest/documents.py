"""Why: one vocabulary for guidance, shared by everything that reads or writes it.

Pure values: no database, no files, no models. The words are those of the docs: a Document has Versions,
a Version has Sections (a tree), a Section is cut into Passages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Nation(StrEnum):
    """Where guidance applies. Guidance that names none applies in all four."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"


ALL_NATIONS: tuple[Nation, ...] = tuple(Nation)


class Kind(StrEnum):
    """What sort of authority a document has. A note is curated knowledge and never policy."""

    POLICY = "policy"
    PROCEDURE = "procedure"
    NOTE = "note"


class State(StrEnum):
    """Stored state of a version. Whether it is *in force* on a date is computed by ``Version.in_force``."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Clearance(StrEnum):
    """Who may read a document, lowest first: the Government Security Classifications, with OFFICIAL's marking
    for what needs more care as a level of its own. A document that names none is for everyone who may sign in."""

    OFFICIAL = "official"
    OFFICIAL_SENSITIVE = "official_sensitive"
    SECRET = "secret"  # noqa: S105 - a level, not a password
    TOP_SECRET = "top_secret"  # noqa: S105

    def reads(self, document: Clearance) -> bool:
        """Whether someone cleared to this level may read a document of that level."""
        levels = list(Clearance)
        return levels.index(document) <= levels.index(self)


@dataclass(frozen=True)
class Metadata:
    """What a source says about a version, before anything is parsed out of its text."""

    uri: str
    """Stable address of the document; versions of one document share it."""
    title: str
    path: str = ""
    """Where the file lies, relative to its source."""
    publisher: str = ""
    kind: Kind = Kind.POLICY
    nations: tuple[Nation, ...] = ALL_NATIONS
    valid_from: dt.date | None = None
    """First day in force; None: since always."""
    valid_to: dt.date | None = None
    """Last day in force, inclusive; None: until something ends it."""
    published_at: dt.date | None = None
    review_due: dt.date | None = None
    state: State = State.CURRENT
    withdrawn_at: dt.date | None = None
    """From this day the version no longer answers."""
    withdrawn_reason: str = ""
    licence: str = ""
    notice: str = ""
    """A line that must be shown with the document, kept out of the index."""
    language: str = "en"
    clearance: Clearance = Clearance.OFFICIAL
    """The least clearance that a reader needs."""


@dataclass(frozen=True)
class Section:
    """A heading and the text that stands directly under it."""

    heading_path: tuple[str, ...]
    """Headings from the document's title down to this one."""
    text: str
    """Text as a person reads it: paragraphs parted by a blank line, list items on lines that begin with
    "- " or "1. ", a table as one Markdown pipe table."""
    page: int | None = None
    """First page (from 1) where the format has pages."""
    place: str = ""
    """What the document's address needs to open here: a fragment ("#eligibility") or a part ("/eligibility")."""


@dataclass(frozen=True)
class Unseen:
    """Text in a file that a person who reads it does not see. It is never indexed; the door looks at it."""

    kind: str
    """How it is hidden: "hidden element", "alternative text", "tag characters", …"""
    text: str
    """What it says, at most 2,000 characters."""
    place: str = ""


@dataclass(frozen=True)
class Parsed:
    """What a parser made of one file."""

    metadata: Metadata
    sections: tuple[Section, ...]
    dropped: tuple[str, ...] = ()
    """Kinds of content left out, each with a count ("menu: 2", "image without text: 1")."""
    unseen: tuple[Unseen, ...] = ()


@dataclass(frozen=True)
class Passage:
    """The retrievable unit. ``text`` is what is quoted from, verbatim."""

    id: str
    """``p`` + 24 hex digits of SHA-256 over (version id, ordinal, text)."""
    version_id: str
    ordinal: int
    """Position in the version, from 0; neighbours are ordinal ± 1."""
    heading_path: tuple[str, ...]
    text: str
    tokens: int
    """Tokens of ``text`` by tiktoken cl100k_base."""
    page: int | None = None
    place: str = ""
    """As of its section."""

    @property
    def section(self) -> str:
        """The heading path as one line."""
        return " > ".join(self.heading_path)

    @property
    def indexed_text(self) -> str:
        """What is embedded and indexed: the heading path, then the text (a title before the text helps)."""
        return f"{self.section}\n{self.text}" if self.heading_path else self.text


@dataclass(frozen=True)
class Withdrawal:
    """A person's decision that a document must not answer, whatever its source holds; it covers every version."""

    since: dt.date
    """First day on which the document does not answer."""
    until: dt.date | None
    """First day on which it answers again; None: it is still withdrawn."""
    reason: str
    by: str
    """Id of the person who decided it."""

    def covers(self, on: dt.date) -> bool:
        """Whether the document was withdrawn on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Version:
    """The content of a document at a time."""

    id: str
    """``v`` + 24 hex digits of SHA-256 over uri, metadata and content."""
    document_id: str
    """``d`` + 24 hex digits of SHA-256 over the uri."""
    metadata: Metadata
    content_hash: str
    """SHA-256 of the file's bytes (with its sidecar's)."""
    ingested_at: dt.datetime
    began_on: dt.date | None = None
    """Day it took the place of an earlier version whose period overlaps; None: it replaced none."""
    superseded_on: dt.date | None = None
    """Day on which a later version took its place; None: nothing has."""
    removed_on: dt.date | None = None
    """Day on which it was found gone from its source; None: it is there."""
    superseded_by: str | None = None
    """Id of the version that took its place."""
    withdrawals: tuple[Withdrawal, ...] = ()
    """What people decided about its document, oldest first."""

    @property
    def withdrawn(self) -> Withdrawal | None:
        """The withdrawal that has not been undone, if there is one."""
        return next((w for w in self.withdrawals if w.until is None), None)

    def in_force(self, on: dt.date) -> bool:
        """Whether the version may answer on a day. Computed, never stored."""
        m = self.metadata
        ends = [d for d in (m.withdrawn_at, self.superseded_on, self.removed_on) if d is not None]
        if m.state is State.WITHDRAWN and m.withdrawn_at is None:
            return False
        return (
            (m.valid_from is None or m.valid_from <= on)
            and (self.began_on is None or self.began_on <= on)
            and (m.valid_to is None or on <= m.valid_to)
            and all(on < end for end in ends)
            and not any(withdrawal.covers(on) for withdrawal in self.withdrawals)
        )

    def covers(self, nation: Nation | None) -> bool:
        """Whether the version applies in a nation; no nation asked for: always."""
        return nation is None or nation in self.metadata.nations


@dataclass(frozen=True)
class Filter:
    """What a search may return. Applied inside the search and re-checked afterwards."""

    nation: Nation | None = None
    on: dt.date = field(default_factory=dt.date.today)
    clearance: Clearance = Clearance.OFFICIAL
    """Of the person who asks; the lowest where nothing is known of them."""

    def allows(self, version: Version) -> bool:
        """Whether passages of this version may be returned."""
        return version.covers(self.nation) and version.in_force(self.on) and self.cleared(version)

    def cleared(self, version: Version) -> bool:
        """Whether the person may read the version at all."""
        return self.clearance.reads(version.metadata.clearance)
