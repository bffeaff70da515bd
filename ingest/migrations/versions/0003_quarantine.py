"""Files that wait for a person, and where in its source a passage opens.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; nothing that is kept changes."""
    op.add_column("passages", sa.Column("place", sa.Text))
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(13), primary_key=True),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("found_at", sa.DateTime, nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("decided_at", sa.DateTime),
    )
    op.create_index("quarantine_by_file", "quarantine", ["source_id", "path"])
