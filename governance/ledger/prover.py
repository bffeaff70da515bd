"""Why: many entries that leave together are proven under one checkpoint, whose signature is checked once."""

from __future__ import annotations

from typing import Any

from governance.errors import EntryUnknown, LedgerBroken
from governance.ledger import export, tree
from governance.ledger.entry import Entry
from governance.ledger.note import open_checkpoint, parse_checkpoint, parts
from governance.ledger.rotation import Keys
from governance.ledger.stored import derived
from governance.store import Store


class Prover:
    """Shows entries to be among those that one checkpoint speaks for."""

    def __init__(self, store: Store, checkpoint: str, keys: Keys) -> None:
        """Raises ``LedgerBroken`` where the checkpoint is not signed by the ledger's key of its time."""
        self._store, self._note, self._keys = store, checkpoint, keys
        try:
            self._verifier = keys.of(parse_checkpoint(parts(checkpoint)[0]).size)
            self._signed = open_checkpoint(checkpoint, self._verifier)
        except ValueError as error:
            raise LedgerBroken(
                f"The checkpoint cannot be trusted: {error}.", do="Verify the ledger."
            ) from error

    @property
    def size(self) -> int:
        """How many entries the checkpoint speaks for."""
        return self._signed.size

    def prove(self, entry: Entry) -> dict[str, Any]:
        """The entry with its proof. Raises ``EntryUnknown`` for a later one, ``LedgerBroken`` where it is not in it."""
        if not entry.index < self.size:
            raise EntryUnknown(
                f"The checkpoint speaks for {self.size} entries, not for entry {entry.index}.",
                do="Ask for a checkpoint first.",
            )
        try:
            with self._store.read() as connection:
                path = derived(
                    connection, self.size, lambda node: tree.inclusion(entry.index, self.size, node)
                )
            if tree.root_from_inclusion(entry.leaf_hash, entry.index, self.size, path) != self._signed.root:
                raise ValueError("the entry is not in the tree that was signed")
        except ValueError as error:
            raise LedgerBroken(
                f"Entry {entry.index} cannot be proven: {error}.", do="Verify the ledger."
            ) from error
        handed_over = self._keys.handed_over
        return export.proof(entry, self.size, path, self._note, self._verifier, handed_over)
