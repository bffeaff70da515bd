"""Opens the records of a data directory. Used by the composition root and by commands that need no more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from assistant.reaching import check_database
from assistant.settings import Settings
from governance.errors import StorageUnwritable
from governance.ledger import Ledger
from governance.store import Store

LEDGER_KEY = "ledger.pem"


def keys_dir(settings: Settings) -> Path:
    """Where this data directory keeps its keys."""
    return settings.data_dir / "keys"


def ledger_in(store: Store, settings: Settings) -> Ledger:
    """The ledger of a store, signed by this data directory's key, which is made with the first entry.

    Raises ``KeyUnusable`` where a ledger is there and its key is not: a new key could not vouch for what the lost one
    signed. ``StorageUnwritable`` where the key may not be read.
    """
    path = keys_dir(settings) / LEDGER_KEY
    try:
        return Ledger.signed_at(store, path)
    except PermissionError as error:
        raise StorageUnwritable(
            f"The ledger's key in {keys_dir(settings)} cannot be read or made.",
            do="Run as the owner of the data directory.",
        ) from error


@contextlib.contextmanager
def open_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger, for a command that reads it."""
    check_database(settings)
    store = Store.open(settings.governance_url)
    try:
        yield ledger_in(store, settings)
    finally:
        store.close()
