"""Sign-ins, so that one can be ended before its cookie runs out.

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
    """Create the table. Its rows change and go: what happened is in the ledger."""
    op.create_table(
        "sign_ins",
        sa.Column("id_sha256", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("began", sa.String(32), nullable=False),
        sa.Column("checked", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("sign_ins_by_began", "sign_ins", ["began"])
