"""The vault, legal holds and hand-overs.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("holds", "handovers")


def upgrade() -> None:
    """Create the tables; guard those that are append-only."""
    op.create_table(
        "holds",
        sa.Column("event_id", sa.String(40), primary_key=True),
        sa.Column("hold_id", sa.String(40), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("authority", sa.String(256), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("entry_index", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("holds_by_subject", "holds", ["subject"])
    op.create_table(
        "handovers",
        sa.Column("event_id", sa.String(40), primary_key=True),
        sa.Column("handover_id", sa.String(40), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("recipient", sa.String(256), nullable=False),
        sa.Column("bundle_sha256", sa.String(64), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("entry_index", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("handovers_by_subject", "handovers", ["subject"])
    op.create_table(
        "vault_keys",
        sa.Column("key_id", sa.String(40), primary_key=True),
        sa.Column("subject", sa.String(128), nullable=False, unique=True),
        sa.Column("master", sa.String(64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("entry_index", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vault_payloads",
        sa.Column("payload_id", sa.String(40), primary_key=True),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("about", sa.String(128), nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("entry_index", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("vault_payloads_by_key", "vault_payloads", ["key_id"])
    op.create_index("vault_payloads_by_about", "vault_payloads", ["about"])
    for table in APPEND_ONLY:
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION frontline_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION frontline_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - names from this file
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE event_id = NEW.event_id) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
