"""The catalogue as first released.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "documents",
        sa.Column("id", sa.String(25), primary_key=True),
        sa.Column("uri", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.String(25), primary_key=True),
        sa.Column("document_id", sa.String(25), sa.ForeignKey("documents.id"), nullable=False, index=True),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("ingested_at", sa.DateTime, nullable=False),
        sa.Column("began_on", sa.Date),
        sa.Column("superseded_on", sa.Date),
        sa.Column("removed_on", sa.Date),
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String(25), primary_key=True),
        sa.Column("version_id", sa.String(25), sa.ForeignKey("versions.id"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("heading_path", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("vector_key", sa.String(64), nullable=False),
    )
    op.create_index("passages_by_version", "passages", ["version_id", "ordinal"], unique=True)
    op.create_table(
        "files",
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("version_id", sa.String(25)),
        sa.Column("code", sa.String(64)),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(25), primary_key=True),
        sa.Column("root_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("embedder", sa.JSON, nullable=False),
    )
    op.create_table(
        "state",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
