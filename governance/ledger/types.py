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
    EntryType("agreement.*", "a notice was acknowledged, an agreement given, refused, withdrawn, or otherwise ended, or a purpose objected to", "person's pseudonym"),
    EntryType("answer", "a question was asked: the question after redaction, and everything that led to what was given", "answer"),
    EntryType("answer.cancelled", "whoever asked stopped an answer under way", "answer"),
    EntryType("answer.copied", "somebody took an answer over into case notes, and said that the sources were checked", "answer"),
    EntryType("answer.read", "somebody read an answer that another had asked for", "answer"),
    EntryType("answer.replayed", "an answer was made again, or that was refused, and what came out the same", "answer"),
    EntryType("clock.went_back", "the clock showed an earlier time than at the entry before; the entry after this one has that time", ""),
    EntryType("configuration.changed", "what answers are made with is not what it was: settings, prompts, policies, models, notices", ""),
    EntryType("document.added", "a document was taken in", "version"),
    EntryType("document.changed", "a new version of a document was taken in", "version"),
    EntryType("document.failed", "a file was not taken in, and why", ""),
    EntryType("document.removed", "a document is gone from its source and stops answering", "version"),
    EntryType("document.unreachable", "a document that a source lists could not be fetched", ""),
    EntryType("document.upload_removed", "an expert took back a file that was uploaded", ""),
    EntryType("document.uploaded", "an expert uploaded a file of guidance", ""),
    EntryType("egress.ended", "a call out of this machine ended", "destination"),
    EntryType("egress.permitted", "a call out of this machine was let out, before it was made", "destination"),
    EntryType("egress.refused", "a call out of this machine was not let out", "host"),
    EntryType("erasure.certified", "an erasure was checked to its last byte, with what was looked at", "person's pseudonym, or document"),
    EntryType("erasure.done", "what is kept about a person was erased", "person's pseudonym"),
    EntryType("erasure.refused", "an erasure was not done, because a legal hold stands", "person's pseudonym"),
    EntryType("evaluation.*", "an evaluation was run, its held-back part read, answers labelled, settings searched for, or feedback used for it", "run, or suite"),
    EntryType("guidance.erased", "a document's text was erased from the catalogue, the index and the snapshots", "document"),
    EntryType("guidance.restored", "a person let a withdrawn document answer again", "document"),
    EntryType("guidance.withdrawn", "a person stopped a document from answering", "document"),
    EntryType("handover.*", "a hand-over was made, or revoked", "person's pseudonym"),
    EntryType("hold.*", "a legal hold was placed, or lifted", "what is held"),
    EntryType("ingestion.finished", "a source was taken in: figures", ""),
    EntryType("ingestion.started", "taking in a source began", ""),
    EntryType("ledger.exported", "entries were written to files: which, and the hash of each file", ""),
    EntryType("ledger.key_rotated", "a new signing key took over, signed by the old one", "ledger's name"),
    EntryType("ledger.read", "the ledger was read: by which command or page, what was asked for, and the reason", "answer, where one was read"),
    EntryType("quarantine.*", "a text with instructions to a model was held for a person, released, or rejected", "document"),
    EntryType("question.held_back", "personal details were found before a question was asked: their kinds, no value", "person's pseudonym"),
    EntryType("retention.run", "what is older than its class allows was erased", ""),
    EntryType("review.raised", "an answer was contested, an expert asked, or an answer held for one", "answer"),
    EntryType("review.ruled", "an expert ruled", "answer"),
    EntryType("review.seen", "somebody was shown a ruling", "review"),
    EntryType("review.viewed", "a colleague agreed or disagreed with a doubt", "answer"),
    EntryType("rights.access", "a person was given what is kept about them", "person's pseudonym"),
    EntryType("rights.rectified", "something that is kept about a person was put right", "person's pseudonym"),
    EntryType("rights.statement", "a person's own statement was added to an answer", "answer"),
    EntryType("service.switch", "an administrator stopped answers, or let them go on", ""),
    EntryType("session.began", "somebody signed in", "person's pseudonym"),
    EntryType("session.ended", "somebody signed out, or was signed out, and why", "person's pseudonym"),
    EntryType("snapshot.published", "questions see another state of the guidance from now on", ""),
    EntryType("tokens.revealed", "tokens in a conversation were shown as what they stand for, to whoever may see it", "person's pseudonym"),
    EntryType("trial.*", "a trial of two ways to answer was registered, a conversation assigned, or its result read", "trial"),
    EntryType("use.decided", "a use of what was kept was allowed, or not, by what those concerned agreed to", "answer, or what is used"),
    EntryType("vault.erased", "a sealed text's key was destroyed", "person's pseudonym"),
    EntryType("vault.keys", "a key of the vault was made, or wrapped with another master key", "key"),
    EntryType("vault.sealed", "a text was sealed in the vault", "person's pseudonym"),
    EntryType("withdrawal.carried_out", "what an agreement's end made necessary was done, with the evidence", "person's pseudonym"),
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
