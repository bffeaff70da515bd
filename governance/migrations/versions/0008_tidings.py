"""Whom a ruling is still to be brought to, so that nobody's page reads every ruling there ever was.

Revision ID: 0008
Revises: 0007
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, fill it from the rulings in the ledger, and let one person's entries be found by an index."""
    tidings = op.create_table(
        "tidings",
        sa.Column("person", sa.String(128), primary_key=True),
        sa.Column("review", sa.String(40), primary_key=True),
    )
    op.create_index("entries_by_actor", "entries", ["actor", "type"])
    entries = sa.table("entries", sa.column("type"), sa.column("actor"), sa.column("data"))
    wanted = sa.select(entries).where(entries.c.type.in_(["review.ruled", "review.seen"]))
    untold: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    for type_, actor, data in op.get_bind().execute(wanted):
        body = json.loads(bytes(data))["body"]
        if type_ == "review.seen":
            seen.add((actor, body["review"]))
        else:
            untold |= {(person, body["review"]) for person in body["relied_on_by"]}
    rows = [{"person": person, "review": review} for person, review in sorted(untold - seen)]
    if rows:
        op.bulk_insert(tidings, rows)
