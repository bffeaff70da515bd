"""Tables of the catalogue. The catalogue is what was taken in, when, and from where; never what is in force,
which is computed from it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("document_id", String(25), ForeignKey("documents.id"), nullable=False, index=True),
    Column("source_id", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("ingested_at", DateTime, nullable=False),  # UTC
    Column("began_on", Date),
    Column("superseded_on", Date),
    Column("removed_on", Date),
    Column("superseded_by", String(25)),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("version_id", String(25), ForeignKey("versions.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("page", Integer),
    Column("place", Text),  # what opens the source here
    Column("vector_key", String(64), nullable=False),  # which vector; equal texts share one
)

files = Table(
    "files",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("version_id", String(25)),  # null where the file was rejected
    Column("code", String(64)),  # why it was rejected
    Column("reason", Text),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", String(13), primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("found_at", DateTime, nullable=False),  # UTC
    Column("standing", String(16), nullable=False),
    Column("by", Text),
    Column("why", Text),
    Column("decided_at", DateTime),  # UTC
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("root_hash", String(64), nullable=False),
    Column("created_at", DateTime, nullable=False),  # UTC
    Column("documents", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("embedder", JSON, nullable=False),
)

withdrawals = Table(  # what people decided; kept when it is undone
    "withdrawals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(25), ForeignKey("documents.id"), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
)

state = Table(
    "state", metadata, Column("key", String(32), primary_key=True), Column("value", JSON, nullable=False)
)
