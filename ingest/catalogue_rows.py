"""Between rows and values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import TypeAdapter

from ingest.documents import Metadata, Passage, Version, Withdrawal

_METADATA: TypeAdapter[Metadata] = TypeAdapter(Metadata)


def metadata_json(metadata: Metadata) -> dict[str, Any]:
    """Metadata as JSON values."""
    values: dict[str, Any] = _METADATA.dump_python(metadata, mode="json")
    return values


def metadata_from(values: dict[str, Any]) -> Metadata:
    """Metadata from JSON values."""
    return _METADATA.validate_python(values, strict=False)


def version_row(version: Version) -> dict[str, Any]:
    """A version as a row, without its source."""
    return {
        "id": version.id, "document_id": version.document_id, "path": version.metadata.path,
        "content_hash": version.content_hash, "metadata": metadata_json(version.metadata),
        "ingested_at": version.ingested_at.astimezone(dt.UTC).replace(tzinfo=None),
        "began_on": version.began_on, "superseded_on": version.superseded_on, "removed_on": version.removed_on,
        "superseded_by": version.superseded_by,
    }  # fmt: skip


def version_of(row: Any, withdrawals: tuple[Withdrawal, ...] = ()) -> Version:
    """A version from its row, and what people decided about its document."""
    return Version(
        id=row.id,
        document_id=row.document_id,
        metadata=metadata_from(row.metadata),
        content_hash=row.content_hash,
        ingested_at=row.ingested_at.replace(tzinfo=dt.UTC),
        began_on=row.began_on,
        superseded_on=row.superseded_on,
        removed_on=row.removed_on,
        superseded_by=row.superseded_by,
        withdrawals=withdrawals,
    )


def passage_row(passage: Passage, vector_key: str) -> dict[str, Any]:
    """A passage as a row."""
    return {
        "id": passage.id, "version_id": passage.version_id, "ordinal": passage.ordinal,
        "heading_path": list(passage.heading_path), "text": passage.text, "tokens": passage.tokens,
        "page": passage.page, "place": passage.place, "vector_key": vector_key,
    }  # fmt: skip


def passage_of(row: Any) -> Passage:
    """A passage from its row."""
    return Passage(
        id=row.id,
        version_id=row.version_id,
        ordinal=row.ordinal,
        heading_path=tuple(row.heading_path),
        text=row.text,
        tokens=row.tokens,
        page=row.page,
        place=row.place or "",
    )
