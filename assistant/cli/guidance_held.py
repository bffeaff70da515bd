"""What commands about guidance share: the catalogue, opened; a document, by any of its names; a version as a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.settings import Settings
from governance.errors import DocumentUnknown, OptionInvalid
from ingest.catalogue import Catalogue
from ingest.documents import Version


@contextmanager
def held() -> Iterator[Catalogue]:
    """The catalogue of the settings' data directory."""
    catalogue = Catalogue.open(Settings.load().data_dir)
    try:
        yield catalogue
    finally:
        catalogue.close()


def versions_named(catalogue: Catalogue, document: str) -> list[Version]:
    """Versions of the document meant, in the order in which they held.

    Raises ``DocumentUnknown``, or ``OptionInvalid`` where several are meant.
    """
    meant = [
        v for v in catalogue.versions() if document in (v.document_id, v.id, v.metadata.uri, v.metadata.path)
    ]
    ids = {version.document_id for version in meant}
    if not ids:
        raise DocumentUnknown(
            f"No document is named {document!r}.", do="`frontline guidance list --all` shows them."
        )
    if len(ids) > 1:
        raise OptionInvalid(f"{document!r} names {len(ids)} documents.", do="Give its uri or its id.")
    return sorted(catalogue.versions_of(ids.pop()), key=lambda v: (_first_day(v), v.ingested_at))


def row_of(version: Version) -> dict[str, Any]:
    """A version as a command shows it."""
    m = version.metadata
    return {
        "document": version.document_id, "version": version.id, "title": m.title, "uri": m.uri, "path": m.path,
        "publisher": m.publisher, "kind": m.kind.value, "nations": [nation.value for nation in m.nations],
        "clearance": m.clearance.value, "dates": f"{m.valid_from or '…'} to {m.valid_to or '…'}",
        "in_force": version.in_force(today()), "state": m.state.value, "published_at": _day(m.published_at),
        "valid_from": _day(m.valid_from), "valid_to": _day(m.valid_to), "review_due": _day(m.review_due),
        "withdrawn_at": _day(version.withdrawn.since if version.withdrawn else m.withdrawn_at),
        "withdrawn_reason": version.withdrawn.reason if version.withdrawn else m.withdrawn_reason,
        "began_on": _day(version.began_on), "superseded_on": _day(version.superseded_on),
        "superseded_by": version.superseded_by, "removed_on": _day(version.removed_on),
        "ingested_at": version.ingested_at.isoformat(), "sha256": version.content_hash,
    }  # fmt: skip


def today() -> dt.date:
    """The day on this machine's calendar, as questions take it."""
    return dt.datetime.now().astimezone().date()


def _first_day(version: Version) -> dt.date:
    return version.metadata.valid_from or dt.date.min


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
