"""Why: destroying one key must make one person's data unreadable, and nobody else's; so each person has a key, and
the master key only ever wraps keys.
"""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import Connection, delete, func, insert, select, update

from governance import tables as t
from governance.errors import MasterKeyWrong, PayloadMissing
from governance.ledger import Ledger
from governance.store import Store
from governance.vault import seal
from governance.vault.master import MasterKey, MasterKeys

KEYS = "vault.keys"
"""Type of the entries that record how keys are wrapped."""
_AT_ONCE = 200
"""Keys named in one entry, when all are wrapped anew."""


class Keyring:
    """The data keys of a store, each wrapped by the master key."""

    def __init__(self, store: Store, ledger: Ledger, masters: MasterKeys) -> None:
        self._store = store
        self._ledger = ledger
        self._masters = masters

    def of(self, writing: Connection, subject: str, actor: str) -> tuple[str, bytes]:
        """Id and key of a person, made if there is none. Raises ``MasterKeyMissing`` or ``MasterKeyWrong``."""
        keys = t.vault_keys
        key_id = writing.execute(select(keys.c.key_id).where(keys.c.subject == subject)).scalar()
        if key_id is not None:
            return key_id, self.unwrapped(writing, key_id)
        master = self._masters.key(writing.execute(select(keys.c.master).limit(1)).scalar())
        key_id, key = "k" + secrets.token_hex(12), seal.new_key()
        wrapped = master.wrap(key, key_id.encode())
        entry_index = self._record(writing, master.id, {key_id: (subject, wrapped)}, actor, "first payload")
        writing.execute(
            insert(keys).values(
                key_id=key_id, subject=subject, master=master.id, wrapped=wrapped, entry_index=entry_index
            )
        )
        return key_id, key

    def unwrapped(self, reading: Connection, key_id: str) -> bytes:
        """A key. Raises ``PayloadMissing``, ``MasterKeyMissing`` or ``MasterKeyWrong``."""
        row = reading.execute(select(t.vault_keys).where(t.vault_keys.c.key_id == key_id)).first()
        if row is None:
            raise PayloadMissing(
                f"The key {key_id} is gone without an erasure that accounts for it.", do="Verify the ledger."
            )
        try:
            return self._masters.key(row.master).unwrap(row.wrapped, key_id.encode())
        except ValueError as error:
            raise MasterKeyWrong(
                f"The key {key_id} cannot be unwrapped by the master key {row.master}: {error}.",
                do="Verify the ledger; put the vault back from a backup if it was changed.",
            ) from error

    def destroy_if_unused(self, writing: Connection, key_id: str) -> list[str]:
        """Destroy a key under which nothing is sealed any more; gives its id where it was destroyed."""
        p = t.vault_payloads
        if writing.execute(select(p.c.payload_id).where(p.c.key_id == key_id).limit(1)).first() is not None:
            return []
        writing.execute(delete(t.vault_keys).where(t.vault_keys.c.key_id == key_id))
        return [key_id]

    def rotate(self, new: MasterKey, *, actor: str) -> int:
        """Wrap every key by another master key; gives how many there are. All of them are, or none.

        Raises ``MasterKeyMissing`` or ``MasterKeyWrong``.
        """
        keys = t.vault_keys
        with self._store.write() as writing:
            rows = writing.execute(select(keys).order_by(keys.c.key_id)).all()
            for start in range(0, len(rows), _AT_ONCE):
                wrapped = {
                    row.key_id: (
                        row.subject,
                        new.wrap(self.unwrapped(writing, row.key_id), row.key_id.encode()),
                    )
                    for row in rows[start : start + _AT_ONCE]
                }
                entry_index = self._record(writing, new.id, wrapped, actor, "rotation")
                for key_id, (_, data) in wrapped.items():
                    writing.execute(
                        update(keys)
                        .where(keys.c.key_id == key_id)
                        .values(master=new.id, wrapped=data, entry_index=entry_index)
                    )
        return len(rows)

    def masters(self) -> dict[str, int]:
        """Ids of the master keys in use, each with how many keys it wraps."""
        with self._store.read() as reading:
            c = t.vault_keys.c
            rows = reading.execute(select(c.master, func.count()).group_by(c.master))
            return {row[0]: row[1] for row in rows}

    def _record(
        self, writing: Connection, master: str, wrapped: dict[str, tuple[str, bytes]], actor: str, why: str
    ) -> int:
        body = {
            "why": why, "master": master,
            "keys": {
                key_id: {"subject": subject, "wrapped_sha256": hashlib.sha256(data).hexdigest()}
                for key_id, (subject, data) in wrapped.items()
            },
        }  # fmt: skip
        subject = next(iter(wrapped.values()))[0] if len(wrapped) == 1 else ""
        return self._ledger.append(KEYS, body, actor=actor, subject=subject, connection=writing).index
