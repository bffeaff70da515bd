"""Why: a sealed payload may be erased, and must not be exchanged, moved or lost. So each row of the vault is held to
the entry that commits to it, and a row that is not there must be accounted for by an entry that erased it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from governance import tables as t
from governance.ledger.entry import Entry
from governance.ledger.projections import Problem, as_stored

Row = dict[str, Any]


class VaultRows:
    """What the entries say should lie in the vault, compared at the end with what does."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._payloads: dict[str, Row] = {}
        self._keys: dict[str, Row] = {}

    def check(self, entry: Entry) -> Sequence[Problem]:
        """Note what an entry says of the vault."""
        body = entry.body
        try:
            if entry.type == "vault.sealed":
                self._payloads[body["payload_id"]] = {**body, "entry_index": entry.index}
            elif entry.type == "vault.keys":
                for key_id, key in body["keys"].items():
                    self._keys[key_id] = {
                        **key, "key_id": key_id, "master": body["master"], "entry_index": entry.index,
                    }  # fmt: skip
            elif entry.type == "vault.erased":
                for payload_id in body["payloads"]:
                    self._payloads.pop(payload_id, None)
                for key_id in body["keys_destroyed"]:
                    self._keys.pop(key_id, None)
        except (KeyError, TypeError, AttributeError):
            return (Problem(f"entries {entry.index}", "it does not say what an entry about the vault says"),)
        return ()

    def left(self) -> list[Problem]:
        """Where the vault is not as the entries say."""
        payloads = self._connection.execute(select(*as_stored(t.vault_payloads))).mappings().all()
        keys = self._connection.execute(select(*as_stored(t.vault_keys))).mappings().all()
        return [
            *_compared("vault_payloads", "payload_id", "sealed", self._payloads, payloads),
            *_compared("vault_keys", "key_id", "wrapped", self._keys, keys),
        ]


def _compared(table: str, key: str, secret: str, said: dict[str, Row], rows: Sequence[Any]) -> list[Problem]:
    problems = []
    left = dict(said)
    for row in rows:
        where = f"{table} {row[key]}"
        entry = left.pop(row[key], None)
        if entry is None:
            problems.append(Problem(where, "no entry records it, or one says that it was erased"))
            continue
        found = {**row, f"{secret}_sha256": _hash(row[secret])}
        problems += [
            Problem(where, f"column {name} is {found[name]!r}, entry {entry['entry_index']} says {value!r}")
            for name, value in entry.items()
            if name in found and found[name] != value and not name.endswith("_sha256")
        ]
        if found[f"{secret}_sha256"] != entry[f"{secret}_sha256"]:
            problems.append(
                Problem(
                    where, f"column {secret} does not have the hash that entry {entry['entry_index']} states"
                )
            )
    problems += [Problem(f"{table} {name}", "missing, and no entry says that it was erased") for name in left]
    return problems


def _hash(value: Any) -> str:
    return hashlib.sha256(bytes(value)).hexdigest() if isinstance(value, bytes | memoryview) else ""
