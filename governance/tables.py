"""Tables of records. Rows are added and never changed; guards in the database hold that (see the migrations).

The vault's two tables are the exception: what is sealed there can be erased, and its keys wrapped anew. Each of
their rows is held to an entry of the ledger all the same.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),  # canonical JSON, verbatim; every fact is in it
    Column("leaf_hash", LargeBinary(32), nullable=False),
    # What follows only helps to find entries; verification compares it with the bytes.
    Column("time", String(32), nullable=False),
    Column("type", String(64), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("subject", String(128), nullable=False),
)
Index("entries_by_subject", entries.c.subject)
Index("entries_by_type", entries.c.type)
Index("entries_by_actor", entries.c.actor, entries.c.type)

cards = Table(
    "cards",
    metadata,
    Column("entry_index", Integer, primary_key=True, autoincrement=False),
    Column("role", String(128), nullable=False),
    Column("outcome", String(128), nullable=False),
    Column("prompt", String(128), nullable=False),
    Column("prompt_version", String(128), nullable=False),
    Column("snapshot", String(128), nullable=False),
)
"""What entries are looked for by and only their bytes say; verification compares it with the bytes likewise."""
Index("cards_by_outcome", cards.c.outcome, cards.c.entry_index)
Index("cards_by_role", cards.c.role, cards.c.entry_index)

nodes = Table(
    "nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""Roots of complete subtrees of 2^level leaves, level 1 and up; they make appends and proofs O(log n)."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("record_id", String(40), primary_key=True),
    Column("person", String(128), nullable=False),
    Column("agreement_type", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("notice_id", String(64), nullable=False),
    Column("notice_version", String(16), nullable=False),
    Column("notice_sha256", String(64), nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("time", String(32), nullable=False),
    Column("expires", String(32), nullable=False),  # empty: does not
    Column("entry_index", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("consents_by_person", consents.c.person)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("cancelling", Boolean, nullable=False),
    Column("started", String(32), nullable=False),
    Column("overdue", String(32), nullable=False),  # when a job that has not ended counts as lost
    Column("expires", String(32), nullable=False),
)
Index("jobs_by_expiry", jobs.c.expires)

job_events = Table(
    "job_events",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("data", JSON, nullable=False),
)
"""What a job said as it ran, for whoever watches it. Not a record: it is forgotten after some hours."""

tidings = Table(
    "tidings",
    metadata,
    Column("person", String(128), primary_key=True),
    Column("review", String(40), primary_key=True),
)
"""Rulings that somebody is still to be told of. Not a record: who was told, and who is to be, is in the ledger."""

intakes = Table(
    "intakes",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("state", String(16), nullable=False),  # owed, running, done, failed
    Column(
        "asks", Integer, nullable=False
    ),  # how often it was asked for; a run pays only what was asked before it
    Column("asked", String(32), nullable=False),
    Column("ended", String(32), nullable=False),  # empty: has not yet
    Column("told", JSON, nullable=False),
)
"""What is to be taken in, or was lately. Not a record: what a run did is in the ledger."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id_sha256", String(64), primary_key=True),  # of the session's id, which only its cookie holds
    Column("person", String(128), nullable=False),
    Column("role", String(32), nullable=False),  # the one that is acted in
    Column("roles", JSON, nullable=False),  # all that are held
    Column("way", String(16), nullable=False),
    Column("began", String(32), nullable=False),
    Column("checked", String(32), nullable=False),  # when the roles were last asked for
    Column("ended", String(32), nullable=False),  # empty: is not
    Column("sealed", LargeBinary, nullable=False),  # the provider's token, encrypted; empty: none
)
"""Who is signed in. Rows change and go; what happened is in the ledger."""
Index("sign_ins_by_began", sign_ins.c.began)

holds = Table(
    "holds",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("hold_id", String(40), nullable=False),
    Column("event", String(16), nullable=False),  # placed, lifted
    Column("subject", String(128), nullable=False),
    Column("authority", String(256), nullable=False),
    Column("expires", String(32), nullable=False),  # empty: until it is lifted
    Column("time", String(32), nullable=False),
    Column("entry_index", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("holds_by_subject", holds.c.subject)

handovers = Table(
    "handovers",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("handover_id", String(40), nullable=False),
    Column("event", String(16), nullable=False),  # made, revoked
    Column("subject", String(128), nullable=False),
    Column("recipient", String(256), nullable=False),
    Column("bundle_sha256", String(64), nullable=False),
    Column("expires", String(32), nullable=False),
    Column("time", String(32), nullable=False),
    Column("entry_index", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("handovers_by_subject", handovers.c.subject)

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("key_id", String(40), primary_key=True),
    Column("subject", String(128), nullable=False, unique=True),
    Column("master", String(64), nullable=False),  # id of the master key that wraps it
    Column("wrapped", LargeBinary, nullable=False),
    Column("entry_index", Integer, nullable=False),  # the entry that records this wrapping
    sqlite_with_rowid=False,
)

vault_payloads = Table(
    "vault_payloads",
    metadata,
    Column("payload_id", String(40), primary_key=True),
    Column("key_id", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("about", String(128), nullable=False),
    Column("time", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # nonce, ciphertext and tag
    Column("entry_index", Integer, nullable=False),  # the entry that commits to it
    sqlite_with_rowid=False,
)
Index("vault_payloads_by_key", vault_payloads.c.key_id)
Index("vault_payloads_by_about", vault_payloads.c.about)

turns = Table(
    "turns",
    metadata,
    Column("conversation", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("answer", String(40), nullable=False),
    Column("expires", String(32), nullable=False),
)
"""The last answer of each conversation: a reference into the ledger, without words; forgotten after some hours."""
counts = Table(
    "counts",
    metadata,
    Column("who", String(128), primary_key=True),
    Column("window", Integer, primary_key=True, autoincrement=False),  # its first second, since 1970
    Column("n", Integer, nullable=False),
)
"""How much was asked in this minute."""

replies = Table(
    "replies",
    metadata,
    Column("person", String(128), primary_key=True),
    Column("key", String(64), primary_key=True),  # hash of the idempotency key
    Column("request_sha256", String(64), nullable=False),
    Column("time", String(32), nullable=False),
    Column("status", Integer, nullable=False),  # 0: still being worked on
    Column("body", LargeBinary, nullable=False),
)
"""What the API answered under an idempotency key."""

APPEND_ONLY = ("entries", "cards", "nodes", "checkpoints", "consents", "holds", "handovers")
ERASABLE = ("vault_keys", "vault_payloads")
"""Rows that may be erased; verification holds each to the entry that sealed it, or to the one that erased it."""
PASSING = ("jobs", "job_events", "sign_ins", "turns", "counts", "replies", "tidings", "intakes")
"""What is forgotten by age and is no record: verification does not speak of it."""
