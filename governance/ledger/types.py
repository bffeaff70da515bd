"""Why: whoever reads the ledger should find on one page everything that can stand in it; a test holds the page to the
code, and the code to the page (docs/audit.md).

A type that ends with ``*`` stands for all that begin so.
"""

from __future__ import annotations

from dataclasses import dataclass

RECORDER = "assistant"
"""Actor of an entry that the program makes of its own accord."""
CLOCK_WENT_BACK = "clock.went_back"
KEY_ROTATED = "ledger.key_rotated"
LEDGER_READ = "ledger.read"
EXPORTED = "ledger.exported"
REPLAYED = "answer.replayed"
CONFIGURATION = "configuration.changed"


@dataclass(frozen=True)
class EntryType:
    """One kind of thing that happened."""

    type: str
    when: str
    subject: str
    """What ``subject`` names; empty: nothing."""


TYPES: tuple[EntryType, ...] = (
    EntryType("answer", "a question was asked: the question after redaction, and everything that led to what was given", "answer"),
    EntryType("answer.copied", "somebody took an answer over into case notes, and said that the sources were checked", "answer"),
    EntryType("answer.read", "somebody read an answer that another had asked for", "answer"),
    EntryType("answer.replayed", "an answer was made again, and what came out the same", "answer"),
    EntryType("agreement.*", "a notice was acknowledged, an agreement given, refused, withdrawn, or otherwise ended", "person's pseudonym"),
    EntryType("clock.went_back", "the clock showed an earlier time than at the entry before; the entry after this one has that time", ""),
    EntryType("configuration.changed", "what answers are made with is not what it was: settings, prompts, policies, models, notices", ""),
    EntryType("document.added", "a document was taken in", "version"),
    EntryType("document.changed", "a new version of a document was taken in", "version"),
    EntryType("document.failed", "a file was not taken in, and why", ""),
    EntryType("document.removed", "a document is gone from its source and stops answering", "version"),
    EntryType("egress.ended", "a call out of this machine ended", "destination"),
    EntryType("egress.permitted", "a call out of this machine was let out, before it was made", "destination"),
    EntryType("egress.refused", "a call out of this machine was not let out", "host"),
    EntryType("ingestion.finished", "a source was taken in: figures", ""),
    EntryType("ingestion.started", "taking in a source began", ""),
    EntryType("ledger.exported", "entries were written to files: which, and the hash of each file", ""),
    EntryType("ledger.key_rotated", "a new signing key took over, signed by the old one", "ledger's name"),
    EntryType("ledger.read", "the ledger was read: by which command or page, what was asked for, and the reason", "answer, where one was read"),
    EntryType("question.held_back", "personal details were found before a question was asked: their kinds, no value", "person's pseudonym"),
    EntryType("review.raised", "an answer was contested, an expert asked, or an answer held for one", "answer"),
    EntryType("review.ruled", "an expert ruled", "answer"),
    EntryType("review.seen", "somebody was shown a ruling", "review"),
    EntryType("review.viewed", "a colleague agreed or disagreed with a doubt", "answer"),
    EntryType("service.switch", "an administrator stopped answers, or let them go on, and why", ""),
    EntryType("session.began", "somebody signed in", "person's pseudonym"),
    EntryType("session.ended", "somebody signed out, or was signed out, and why", "person's pseudonym"),
    EntryType("snapshot.published", "questions see another state of the guidance from now on", ""),
)  # fmt: skip
"""Every type, in order."""


def known(type: str) -> EntryType | None:
    """The kind that a type is of, or None."""
    for kind in TYPES:
        if type == kind.type or (kind.type.endswith("*") and type.startswith(kind.type[:-1])):
            return kind
    return None


def table() -> str:
    """The types as the Markdown table of docs/audit.md."""
    rows = "".join(f"| `{kind.type}` | {kind.when} | {kind.subject or '–'} |\n" for kind in TYPES)
    return f"| entry | when | about |\n|---|---|---|\n{rows}"
