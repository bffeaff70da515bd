"""One thing that happened. Every fact about it is in its bytes; all else is derived from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.ledger import canonical
from governance.ledger.tree import leaf_hash
from governance.stamps import stamp

SCHEMA = 1
"""Version of an entry's form."""
FIELDS = frozenset({"actor", "body", "index", "schema", "subject", "time", "type"})


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the ledger."""

    index: int
    time: dt.datetime
    """UTC."""
    type: str
    actor: str
    """Pseudonym of who did it."""
    subject: str
    """Id of what it is about (an answer, a document, a person's pseudonym); empty: nothing in particular."""
    schema: int
    body: dict[str, Any]
    data: bytes
    """Canonical JSON (RFC 8785) of all of the above, as stored."""
    leaf_hash: bytes


def encode(
    *, index: int, time: dt.datetime, type: str, actor: str, subject: str, body: Mapping[str, Any]
) -> bytes:
    """The canonical bytes of an entry. Raises ValueError where the body holds what JSON cannot, or a name is too
    long, or holds control characters, for the columns that help to find it."""
    for name, value, most in (("type", type, 64), ("actor", actor, 128), ("subject", subject, 128)):
        if len(value) > most or not value.isprintable():
            raise ValueError(f"the {name} {value[:most]!r} is not a plain name of at most {most} characters")
    return canonical.dumps(
        {
            "schema": SCHEMA, "index": index, "time": stamp(time),
            "type": type, "actor": actor, "subject": subject, "body": dict(body),
        }
    )  # fmt: skip


def decode(data: bytes) -> Entry:
    """The entry that bytes hold. Raises ValueError where they are not canonical or hold other fields."""
    value = canonical.loads(data)
    if not isinstance(value, dict) or set(value) != FIELDS:
        raise ValueError("it does not have the fields of an entry")
    return Entry(
        index=value["index"],
        time=dt.datetime.fromisoformat(value["time"]),
        type=value["type"],
        actor=value["actor"],
        subject=value["subject"],
        schema=value["schema"],
        body=value["body"],
        data=data,
        leaf_hash=leaf_hash(data),
    )
