"""Which answer a conversation had last, so that a follow-up can be understood.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table. It holds references only, and is forgotten by age."""
    op.create_table(
        "turns",
        sa.Column("conversation", sa.String(128), primary_key=True),
        sa.Column("person", sa.String(128), primary_key=True),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
    )
