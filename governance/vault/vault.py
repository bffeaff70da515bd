"""Why: the ledger cannot forget, so nothing about a person that may have to be forgotten is written into it.

It is sealed here instead, under a key of that person's own, and the ledger's entry commits to the sealed bytes. To
erase is to destroy the key and the bytes and to say so in the ledger; a payload is then ``erased``. One that is gone
without such an entry is ``missing``, and that is an alarm.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from governance import tables as t
from governance.errors import PayloadDamaged, PayloadErased, PayloadMissing, PayloadUnknown
from governance.ledger import Ledger, canonical
from governance.stamps import stamp
from governance.store import Store
from governance.vault import seal
from governance.vault.keyring import Keyring
from governance.vault.master import MasterKeys

SEALED, ERASED = "vault.sealed", "vault.erased"
"""Types of the entries about payloads."""


class Kind(StrEnum):
    """What a payload is: also the class by which it is retained."""

    TOKENS = "tokens"
    """What the tokens of a conversation stand for."""
    QUESTION = "question"
    """The words of a question about a person, and what was searched for because of them."""
    FACT = "fact"
    """One thing that a person chose to have kept."""
    COPY = "evaluation_copy"
    """A question and its answer, copied for evaluation."""
    HANDOVER = "handover"
    """A bundle that was handed over."""
    STATEMENT = "statement"
    """What a person said about a record that cannot be changed."""


class State(StrEnum):
    """What has become of a payload."""

    PRESENT = "present"
    ERASED = "erased"
    MISSING = "missing"


@dataclass(frozen=True)
class Sealed:
    """A payload as it is known without being opened."""

    payload_id: str
    key_id: str
    kind: Kind
    about: str
    """Id of what it belongs to: an answer, a conversation, a fact's name."""
    subject: str
    """Pseudonym of the person it is about."""
    sha256: str
    """Of the sealed bytes."""
    time: str
    entry_index: int


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Vault:
    """The sealed payloads of a store."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        masters: MasterKeys,
        *,
        clock: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self.keys = Keyring(store, ledger, masters)

    def seal(
        self,
        value: Any,
        *,
        kind: Kind,
        about: str,
        subject: str,
        actor: str,
        connection: Connection | None = None,
    ) -> Sealed:
        """Seal a JSON value under the person's key, which is made if there is none.

        Raises ``MasterKeyMissing`` or ``MasterKeyWrong``; nothing is kept then.
        """
        with self._writing(connection) as writing:
            key_id, key = self.keys.of(writing, subject, actor)
            payload_id = "s" + secrets.token_hex(12)
            time = stamp(self._clock())
            sealed = seal.seal(key, canonical.dumps(value), _context(payload_id, key_id, kind, about))
            sha256 = hashlib.sha256(sealed).hexdigest()
            row = {
                "payload_id": payload_id,
                "key_id": key_id,
                "kind": kind.value,
                "about": about,
                "time": time,
            }
            body = {**row, "sealed_sha256": sha256}
            entry = self._ledger.append(SEALED, body, actor=actor, subject=subject, connection=writing)
            writing.execute(insert(t.vault_payloads).values(**row, sealed=sealed, entry_index=entry.index))
        return Sealed(payload_id, key_id, kind, about, subject, sha256, time, entry.index)

    def open(self, payload_id: str, *, connection: Connection | None = None) -> Any:
        """The value. Raises ``PayloadUnknown``, ``PayloadErased``, ``PayloadMissing``, ``PayloadDamaged``,
        ``MasterKeyMissing`` or ``MasterKeyWrong``."""
        with self._reading(connection) as reading:
            row = reading.execute(
                select(t.vault_payloads).where(t.vault_payloads.c.payload_id == payload_id)
            ).first()
            if row is None:
                raise self._gone(payload_id)
            key = self.keys.unwrapped(reading, row.key_id)
        try:
            return canonical.loads(
                seal.unseal(key, row.sealed, _context(payload_id, row.key_id, row.kind, row.about))
            )
        except ValueError as error:
            raise PayloadDamaged(
                f"The payload {payload_id} cannot be opened: {error}.",
                do="Verify the ledger; it names what was changed.",
            ) from error

    def state(self, payload_id: str) -> State:
        """What has become of a payload. Raises ``PayloadUnknown``."""
        with self._store.read() as reading:
            known = reading.execute(
                select(t.vault_payloads.c.payload_id).where(t.vault_payloads.c.payload_id == payload_id)
            ).first()
        if known:
            return State.PRESENT
        return State.ERASED if isinstance(self._gone(payload_id), PayloadErased) else State.MISSING

    def held(
        self,
        *,
        subject: str | None = None,
        kind: Kind | None = None,
        about: str | None = None,
        before: dt.datetime | None = None,
        connection: Connection | None = None,
    ) -> list[Sealed]:
        """Payloads that are present, oldest first; those sealed before a time, where one is given."""
        p, k = t.vault_payloads, t.vault_keys
        query = select(p, k.c.subject).join(k, k.c.key_id == p.c.key_id).order_by(p.c.entry_index)
        for column, wanted in ((k.c.subject, subject), (p.c.kind, kind), (p.c.about, about)):
            if wanted is not None:
                query = query.where(column == wanted)
        if before is not None:
            query = query.where(p.c.time < stamp(before))
        with self._reading(connection) as reading:
            return [
                Sealed(
                    row.payload_id, row.key_id, Kind(row.kind), row.about, row.subject,
                    hashlib.sha256(row.sealed).hexdigest(), row.time, row.entry_index,
                )
                for row in reading.execute(query)
            ]  # fmt: skip

    def erase(
        self, payloads: Iterable[Sealed], *, why: str, actor: str, connection: Connection | None = None
    ) -> list[str]:
        """Destroy payloads, and the key of each person of whom nothing is left; gives the ids of what is gone.

        The master key is not needed: what cannot be opened can still be destroyed.
        """
        gone = list(payloads)
        with self._writing(connection) as writing:
            for subject in dict.fromkeys(p.subject for p in gone):
                of = [p for p in gone if p.subject == subject]
                writing.execute(
                    delete(t.vault_payloads).where(
                        t.vault_payloads.c.payload_id.in_([p.payload_id for p in of])
                    )
                )
                destroyed = self.keys.destroy_if_unused(writing, of[0].key_id)
                body = {
                    "why": why, "payloads": {p.payload_id: p.sha256 for p in of},
                    "kinds": sorted({p.kind.value for p in of}), "keys_destroyed": destroyed,
                }  # fmt: skip
                self._ledger.append(ERASED, body, actor=actor, subject=subject, connection=writing)
        return [p.payload_id for p in gone]

    def traces(self, subject: str, *, connection: Connection | None = None) -> list[bytes]:
        """The bytes that must be in no file once the person's data was erased: wrapped key and sealed payloads."""
        p, k = t.vault_payloads, t.vault_keys
        with self._reading(connection) as reading:
            wrapped = reading.execute(select(k.c.wrapped).where(k.c.subject == subject)).scalars().all()
            sealed = (
                reading.execute(
                    select(p.c.sealed).join(k, k.c.key_id == p.c.key_id).where(k.c.subject == subject)
                )
                .scalars()
                .all()
            )
        return [bytes(value) for value in (*wrapped, *sealed)]

    # --- what is not there --------------------------------------------------------------------------------

    def _gone(self, payload_id: str) -> PayloadErased | PayloadMissing:
        """Why a payload is not there, by the ledger. Raises ``PayloadUnknown``."""
        sealed = next(self._entries(SEALED, lambda body: body["payload_id"] == payload_id), None)
        if sealed is None:
            raise PayloadUnknown(f"The vault never held {payload_id!r}.", do="Check the id.")
        erased = next(
            self._entries(ERASED, lambda body: payload_id in body["payloads"], sealed.subject), None
        )
        if erased is None:
            return PayloadMissing(
                f"The payload {payload_id} is gone, and no entry of the ledger accounts for it.",
                do="Tell information governance; verify the ledger.",
            )
        return PayloadErased(
            f"The payload {payload_id} was erased on {erased.time:%-d %B %Y} (entry {erased.index}): {erased.body['why']}.",
            do="Nothing can bring it back; the entry says by whom it was erased.",
        )

    def _entries(
        self, type_: str, fits: Callable[[dict[str, Any]], bool], subject: str = ""
    ) -> Iterator[Any]:
        if subject:
            yield from (e for e in self._ledger.about(subject) if e.type == type_ and fits(e.body))
            return
        after = -1
        while batch := self._ledger.entries(type=type_, after=after, limit=1000):
            yield from (entry for entry in batch if fits(entry.body))
            after = batch[-1].index

    def _writing(self, given: Connection | None) -> contextlib.AbstractContextManager[Connection]:
        return contextlib.nullcontext(given) if given is not None else self._store.write()

    def _reading(self, given: Connection | None) -> contextlib.AbstractContextManager[Connection]:
        return contextlib.nullcontext(given) if given is not None else self._store.read()


def _context(payload_id: str, key_id: str, kind: str, about: str) -> bytes:
    """What a payload is sealed as: it opens in its own place only."""
    return canonical.dumps([payload_id, key_id, str(kind), about])
