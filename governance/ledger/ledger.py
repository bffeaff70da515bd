"""Why: nothing happened that is not in here, and nothing in here can be changed without it being seen.

An entry is in the ledger when the transaction that adds it commits; with a caller's transaction given, what
the entry records and the entry itself are kept together or not at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from governance import tables as t
from governance.errors import EntryUnknown, LedgerBroken
from governance.ledger import export, rotation, tree
from governance.ledger.card import card
from governance.ledger.entry import Entry, decode, encode
from governance.ledger.find import Sketch, Wanted, found, sketched
from governance.ledger.note import CHECKPOINT_EVERY, Signer, parse_checkpoint, parts
from governance.ledger.prover import Prover
from governance.ledger.stored import decoded, derived, finished, row, within
from governance.ledger.types import CLOCK_WENT_BACK, KEY_ROTATED, RECORDER
from governance.ledger.verify import Verification, verify
from governance.stamps import stamp
from governance.store import Store


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Ledger:
    """The log in one store."""

    def __init__(self, store: Store, *, signer: Signer, clock: Callable[[], dt.datetime] = _utc_now) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock

    @classmethod
    def signed_at(cls, store: Store, path: Path) -> Ledger:
        """The ledger of a store with the key in a file, which is made if the ledger is empty.

        Raises ``KeyUnusable`` where the ledger is not empty and the file is gone, or holds the key of another ledger.
        """
        with store.read() as connection:
            signer = rotation.signer_at(path, connection)
        return cls(store, signer=signer)

    # --- writing --------------------------------------------------------------------------------------

    def append(
        self,
        type: str,
        body: Mapping[str, Any],
        *,
        actor: str,
        subject: str = "",
        connection: Connection | None = None,
    ) -> Entry:
        """Add an entry. With ``connection`` it joins that write transaction; without, it commits its own.

        Raises ValueError where the body holds what JSON cannot, ``StorageFull`` or ``StorageUnwritable``.
        """
        with contextlib.ExitStack() as stack:
            if connection is None:
                connection = stack.enter_context(self._store.write())
            last = connection.execute(
                select(t.entries.c.index, t.entries.c.time).order_by(t.entries.c.index.desc()).limit(1)
            ).first()
            size = 0 if last is None else int(last[0]) + 1
            now = self._clock()
            if last is not None and isinstance(last[1], str) and stamp(now) < last[1]:
                went_back = {"before": last[1], "now": stamp(now)}
                self._add(connection, size, now, CLOCK_WENT_BACK, went_back, RECORDER, "")
                size += 1
            return self._add(connection, size, now, type, body, actor, subject)

    def _add(
        self, connection: Connection, index: int, now: dt.datetime, type: str, body: Mapping[str, Any], actor: str,
        subject: str,
    ) -> Entry:  # fmt: skip
        entry = decode(encode(index=index, time=now, type=type, actor=actor, subject=subject, body=body))
        connection.execute(insert(t.entries).values(**row(entry)))
        if told := card(entry):
            connection.execute(insert(t.cards).values(**told))
        if completed := finished(connection, entry):
            connection.execute(insert(t.nodes), completed)
        if (index + 1) % CHECKPOINT_EVERY == 0:
            self._checkpoint(connection, index + 1)
        return entry

    def rotate_key(self, *, actor: str, reason: str) -> Entry:
        """Let a new key take over: the old one signs it, the entry keeps both signatures, the old key is gone.

        Raises ``KeyUnusable``, ``StorageFull`` or ``StorageUnwritable``; then the old key stands.
        """
        with rotation.one_at_a_time(self._signer):
            with self._store.write() as connection:
                old = self._signer = self._signer_now(connection)
            new = old.successor()
            new.keep(rotation.next_to(old), replace=True)
            try:
                with self._store.write() as connection:
                    self._signer = new
                    body = {**rotation.handing_over(old, new), "reason": reason}
                    entry = self.append(
                        KEY_ROTATED, body, actor=actor, subject=old.name, connection=connection
                    )
                    self._checkpoint(connection, entry.index + 1)
            except BaseException:
                self._signer = old
                raise
            rotation.take_over(new)
            return entry

    def checkpoint(self) -> str:
        """A signed checkpoint of the ledger as it is now, which is kept."""
        with self._store.write() as connection:
            return self._checkpoint(connection, self._size(connection))

    # --- reading --------------------------------------------------------------------------------------

    @property
    def verifier(self) -> str:
        """The public key that checkpoints can be checked with."""
        return self._signer.verifier

    def size(self) -> int:
        """How many entries there are."""
        with self._store.read() as connection:
            return self._size(connection)

    def entry(self, index: int) -> Entry:
        """One entry. Raises ``EntryUnknown``."""
        data = None
        with self._store.read() as connection:
            if 0 <= index < self._size(connection):  # a larger number may be more than the column holds
                data = connection.execute(select(t.entries.c.data).where(t.entries.c.index == index)).scalar()
        if data is None:
            raise EntryUnknown(
                f"The ledger holds no entry {index}.", do=f"It holds {self.size()} entries, from 0."
            )
        return decoded(index, data)

    def about(self, subject: str) -> list[Entry]:
        """Every entry about one thing, oldest first."""
        with self._store.read() as connection:
            rows = connection.execute(
                select(t.entries.c.index, t.entries.c.data)
                .where(t.entries.c.subject == subject)
                .order_by(t.entries.c.index)
            )
            return [decoded(*row) for row in rows] if subject else []

    def entries(
        self,
        *,
        type: str | None = None,
        actor: str | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        after: int = -1,
        limit: int = 100,
        newest_first: bool = False,
    ) -> list[Entry]:
        """Entries that match, oldest first, after an index; ``since`` is included and ``until`` is not."""
        return self.find(
            Wanted(type=type, actor=actor, since=since, until=until, after=after, newest_first=newest_first),
            limit=limit,
        )

    def find(self, wanted: Wanted, *, limit: int = 100) -> list[Entry]:
        """The first ``limit`` entries that are wanted."""
        return list(itertools.islice(self.scan(wanted), limit))

    def scan(self, wanted: Wanted) -> Iterator[Entry]:
        """Every entry that is wanted, in one consistent view, in bounded memory."""
        with self._store.read() as connection:
            yield from found(connection, wanted)

    def sketches(self, wanted: Wanted) -> Iterator[Sketch]:
        """The same for a list of many: as their columns and cards say, and no entry's bytes are read."""
        with self._store.read() as connection:
            yield from sketched(connection, wanted)

    def root(self, size: int | None = None) -> bytes:
        """Root hash of the first ``size`` entries; of all of them where none is given."""
        with self._store.read() as connection:
            whole = self._size(connection) if size is None else size
            return derived(connection, whole, lambda node: tree.range_hash(0, whole, node))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Proof that an entry is among the first ``size``. Raises ``EntryUnknown``."""
        with self._store.read() as connection:
            if not 0 <= index < size:
                within(size, self._size(connection))
                raise EntryUnknown(f"No entry {index} among the first {size}.", do="Choose a smaller index.")
            return derived(connection, size, lambda node: tree.inclusion(index, size, node))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Proof that the first ``old`` entries begin the first ``new``. Raises ``EntryUnknown``."""
        with self._store.read() as connection:
            if not 0 <= old <= new:
                within(new, self._size(connection))
                raise EntryUnknown(
                    f"No proof from {old} to {new} entries.", do="Choose a smaller size first."
                )
            return derived(connection, new, lambda node: tree.consistency(old, new, node))

    def prove(self, index: int, *, checkpoint: str | None = None) -> dict[str, Any]:
        """One entry with all that shows it to be in the ledger, for ``governance/verify_proof.py``.

        It is proven under the checkpoint given (one that a witness cosigned, say), else under the newest kept
        one, else under a new one. Raises ``EntryUnknown``; ``LedgerBroken`` where it cannot be proven.
        """
        entry = self.entry(index)
        note = checkpoint or self._kept(index) or self.checkpoint()
        try:
            prover = self.prover(note)
        except LedgerBroken as error:
            raise LedgerBroken(
                f"Entry {index} cannot be proven: {error.message}", do="Verify the ledger."
            ) from error
        return prover.prove(entry)

    def prover(self, checkpoint: str) -> Prover:
        """Proves entries under one checkpoint. Raises ``LedgerBroken`` where that is none of this ledger's."""
        return Prover(self._store, checkpoint, self.keys())

    def keys(self) -> rotation.Keys:
        """Which key signed for which part of the ledger, the newest last."""
        with self._store.read() as connection:
            return rotation.keys(connection, self._signer.verifier)

    def for_witness(self, old: int) -> str:
        """What to send to a witness that last signed ``old`` entries (c2sp.org/tlog-witness, add-checkpoint).

        Raises ``EntryUnknown`` where there are fewer entries.
        """
        note = self.checkpoint()
        size = parse_checkpoint(parts(note)[0]).size
        return export.witness_request(old, self.consistency_proof(old, size), note)

    def verify(self) -> Verification:
        """Derive everything again from the stored bytes and name every difference."""
        with self._store.read() as connection:
            return verify(connection, self._signer.verifier)

    def _kept(self, index: int) -> str | None:
        column = t.checkpoints.c.size
        query = select(t.checkpoints.c.note).where(column > index).order_by(column.desc()).limit(1)
        with self._store.read() as connection:
            note: str | None = connection.execute(query).scalar()
            return note

    def _signer_now(self, connection: Connection) -> Signer:
        """The key in force; another process may have let a new one take over since ours was read."""
        newest = rotation.newest(connection)
        if newest is not None and newest != self._signer.verifier:
            self._signer = rotation.read_again(self._signer, newest)
        return self._signer

    def _size(self, connection: Connection) -> int:
        last = connection.execute(select(func.max(t.entries.c.index))).scalar()
        return 0 if last is None else int(last) + 1

    def _checkpoint(self, connection: Connection, size: int) -> str:
        kept = connection.execute(select(t.checkpoints.c.note).where(t.checkpoints.c.size == size)).scalar()
        if kept is not None:
            return str(kept)
        note = self._signer_now(connection).sign(
            size, derived(connection, size, lambda node: tree.range_hash(0, size, node))
        )
        connection.execute(insert(t.checkpoints).values(size=size, note=note))
        return note
