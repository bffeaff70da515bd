"""What is to be taken in, so that it is done even where the program stops before it is.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table: a row for each source that was ever taken in from the pages."""
    op.create_table(
        "intakes",
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asks", sa.Integer, nullable=False),
        sa.Column("asked", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32), nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
    )
