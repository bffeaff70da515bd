"""Why: guidance is withdrawn without notice, and a colleague with a claimant in front of them must not be the last
to hear. A person's decision takes effect at the next question, whatever the source still holds.

It does not wait for a run that is ingesting: decisions are kept beside the snapshot and are read with its name.
Each is recorded before it is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from governance.errors import DocumentNotWithdrawn, DocumentUnknown, DocumentWithdrawn, ReasonMissing
from ingest.catalogue import Catalogue
from ingest.documents import Version, Withdrawal

Record = Callable[[str, Mapping[str, Any]], None]


def withdraw(
    catalogue: Catalogue, document_id: str, *, reason: str, by: str, on: dt.date, record: Record
) -> Withdrawal:
    """Stop a document's answers from a day on, in every version.

    Raises ``ReasonMissing``, ``DocumentUnknown`` or ``DocumentWithdrawn`` (it is already).
    """
    last = _last(catalogue, document_id, reason)
    if last.withdrawn:
        raise DocumentWithdrawn(
            f"{last.metadata.uri} has been withdrawn since {last.withdrawn.since}: {last.withdrawn.reason}",
            do="There is nothing to do; `frontline guidance restore` undoes it.",
        )
    made = Withdrawal(since=on, until=None, reason=reason.strip(), by=by)
    record("guidance.withdrawn", _body(last, made.reason, by, on))
    with catalogue.write() as connection:
        catalogue.put_withdrawal(connection, document_id, made)
    return made


def restore(
    catalogue: Catalogue, document_id: str, *, reason: str, by: str, on: dt.date, record: Record
) -> None:
    """Let a withdrawn document answer again from a day on, so far as it is in force.

    Raises ``ReasonMissing``, ``DocumentUnknown`` or ``DocumentNotWithdrawn``.
    """
    last = _last(catalogue, document_id, reason)
    if not last.withdrawn:
        raise DocumentNotWithdrawn(
            f"{last.metadata.uri} has not been withdrawn by a person.",
            do="`frontline guidance history` says why it does not answer.",
        )
    record("guidance.restored", _body(last, reason.strip(), by, on))
    with catalogue.write() as connection:
        catalogue.end_withdrawal(connection, document_id, on)


def _last(catalogue: Catalogue, document_id: str, reason: str) -> Version:
    if not reason.strip():
        raise ReasonMissing("No reason was given.", do="Say why: --reason.")
    versions = catalogue.versions_of(document_id)
    if not versions:
        raise DocumentUnknown(
            f"No document has the id {document_id!r}.", do="`frontline guidance list --all`."
        )
    return versions[-1]


def _body(version: Version, reason: str, by: str, on: dt.date) -> dict[str, Any]:
    return {
        "document": version.document_id, "uri": version.metadata.uri, "version": version.id,
        "title": version.metadata.title, "reason": reason, "by": by, "on": on.isoformat(),
    }  # fmt: skip
