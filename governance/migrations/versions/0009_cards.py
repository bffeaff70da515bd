"""What entries are looked for by and only their bytes say, beside them, so that nobody's list reads every body there is.

Revision ID: 0009
Revises: 0008
"""

from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BATCH = 500
LONGEST = 128
FIELDS = {
    "role": (("people", "role"), ("role",)),
    "outcome": (("decision", "outcome"),),
    "prompt": (("prompt", "template_id"),),
    "prompt_version": (("prompt", "version"),),
    "snapshot": (("retrieval", "snapshot_id"),),
}
"""Where each stands in a body; the first that says anything."""


def upgrade() -> None:
    """Create the table, fill it from the entries, which are left as they are, and guard it as they are guarded."""
    names = [sa.Column(name, sa.String(LONGEST), nullable=False) for name in FIELDS]
    cards = op.create_table(
        "cards", sa.Column("entry_index", sa.Integer, primary_key=True, autoincrement=False), *names
    )
    _fill(cards)
    for name in ("outcome", "role"):
        op.create_index(f"cards_by_{name}", "cards", [name, "entry_index"])
    _guard()


def _fill(cards: sa.Table) -> None:
    entries = sa.table("entries", sa.column("index", sa.Integer), sa.column("data", sa.LargeBinary))
    query = sa.select(entries).order_by(entries.c.index).limit(BATCH)
    page = query
    while rows := op.get_bind().execute(page).all():
        if made := [card for index, data in rows if (card := _card(index, data))]:
            op.bulk_insert(cards, made)
        page = query.where(entries.c.index > rows[-1][0])


def _card(index: int, data: Any) -> dict[str, Any] | None:
    """The card of an entry; None where its bytes say nothing for one, or cannot be read: verification names those."""
    try:
        body = orjson.loads(bytes(data))["body"]
    except (ValueError, KeyError, TypeError):
        return None
    said = {
        name: next(filter(None, (_at(body, path) for path in paths)), "") for name, paths in FIELDS.items()
    }
    row = {name: value if _plain(value) else "" for name, value in said.items()}
    return {"entry_index": index, **row} if any(row.values()) else None


def _at(value: Any, path: tuple[str, ...]) -> str:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value or "")


def _plain(name: str) -> bool:
    return len(name) <= LONGEST and name.isascii() and name.isprintable()


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER cards_append_only BEFORE UPDATE OR DELETE ON cards "
            "FOR EACH ROW EXECUTE FUNCTION frontline_append_only()"
        )
        op.execute(
            "CREATE TRIGGER cards_no_truncate BEFORE TRUNCATE ON cards "
            "FOR EACH STATEMENT EXECUTE FUNCTION frontline_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER cards_no_{verb.lower()} BEFORE {verb} ON cards "
            "BEGIN SELECT RAISE(ABORT, 'cards is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER cards_no_replace BEFORE INSERT ON cards "
        "WHEN EXISTS (SELECT 1 FROM cards WHERE entry_index = NEW.entry_index) "
        "BEGIN SELECT RAISE(ABORT, 'cards is append-only'); END"
    )
