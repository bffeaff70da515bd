"""Why: what people agreed to, what is sealed about them and what they can ask for hang together; they are put together
here, for the assistant and for commands that need nothing else of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property

from assistant.governing import keys_dir, ledger_in
from assistant.reaching import check_database
from assistant.settings import Settings
from governance.bundle import BundleSigner
from governance.cascade import Cascade
from governance.consent import Consents
from governance.conversations import Conversations
from governance.erasure import Erasure
from governance.handover import Handovers
from governance.hold import Holds
from governance.ledger import Ledger
from governance.passing_on import PassingOn
from governance.retention import Retention, periods
from governance.rights import Rights
from governance.store import Store
from governance.uses import Uses
from governance.vault import FileMaster, MasterKeys, Vault, from_settings

VAULT_KEY, HANDOVER_KEY = "vault.key", "handover.pem"


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Records:
    """Agreements, vault, holds, hand-overs and rights over one store."""

    def __init__(
        self, store: Store, ledger: Ledger, settings: Settings, clock: Callable[[], dt.datetime] = _utc_now,
        master: MasterKeys | None = None,
    ) -> None:  # fmt: skip
        self.store = store
        self.ledger = ledger
        self.settings = settings
        self.clock = clock
        self._master = master
        self.holds = Holds(store, ledger, clock=clock)
        self.consents = Consents(
            store, ledger, clock=clock, controller=settings.controller,
            on_end=lambda connection, ended: Cascade(self.vault, self.handovers, self.holds)(connection, ended),
        )  # fmt: skip
        self.uses = Uses(store, ledger, self.consents)

    @cached_property
    def masters(self) -> MasterKeys:
        """Where the vault's master key is."""
        given = self.settings.vault_master_key.get_secret_value()
        return self._master or from_settings(given, keys_dir(self.settings) / VAULT_KEY)

    @property
    def key_file(self) -> FileMaster | None:
        """The master key's file, where it is one."""
        return self.masters if isinstance(self.masters, FileMaster) else None

    @cached_property
    def vault(self) -> Vault:
        """What is sealed."""
        return Vault(self.store, self.ledger, self.masters, clock=self.clock)

    @cached_property
    def conversations(self) -> Conversations:
        """What tokens stand for."""
        return Conversations(self.store, self.ledger, self.vault, self.consents)

    @cached_property
    def handovers(self) -> Handovers:
        """What was handed over."""
        signer = BundleSigner.at(keys_dir(self.settings) / HANDOVER_KEY)
        return Handovers(self.store, self.ledger, self.vault, signer, clock=self.clock)

    @cached_property
    def rights(self) -> Rights:
        """What a person can ask for."""
        return Rights(self.store, self.ledger, self.vault, self.consents, self.handovers, self.holds)

    @cached_property
    def passing_on(self) -> PassingOn:
        """Copies for evaluation and hand-overs."""
        return PassingOn(
            self.ledger,
            self.vault,
            self.consents,
            self.uses,
            self.rights,
            self.handovers,
            self.settings.controller,
        )

    @cached_property
    def erasure(self) -> Erasure:
        """Erases what is kept about a person."""
        return Erasure(
            self.store, self.ledger, self.vault, self.consents, self.handovers, self.holds, self.settings.data_dir,
            self.settings.backup_days, self.clock,
        )  # fmt: skip

    @cached_property
    def retention(self) -> Retention:
        """Erases what is older than its class allows."""
        return Retention(
            self.store,
            self.ledger,
            self.vault,
            self.consents,
            self.holds,
            periods(self.settings.retention),
            self.clock,
        )


@contextlib.contextmanager
def open_records(settings: Settings) -> Iterator[Records]:
    """The records of a data directory, for a command that needs no more."""
    check_database(settings)
    store = Store.open(settings.governance_url)
    try:
        yield Records(store, ledger_in(store, settings), settings)
    finally:
        store.close()
