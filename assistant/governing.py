"""Opens the records of a data directory. Used by the composition root and by commands that need no more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from assistant.reaching import check_database
from assistant.settings import Settings
from governance.errors import StorageUnwritable
from governance.ledger import Ledger, Signer
from governance.store import Store

LEDGER_KEY = "ledger.pem"


def keys_dir(settings: Settings) -> Path:
    """Where this data directory keeps its keys."""
    return settings.data_dir / "keys"


def ledger_in(store: Store, settings: Settings) -> Ledger:
    """The ledger of a store, signed by this data directory's key, which is made on first use."""
    try:
        return Ledger(store, signer=Signer.at(keys_dir(settings) / LEDGER_KEY))
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
