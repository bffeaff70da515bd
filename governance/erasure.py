"""Why: when a person asks for their data to be gone, it must be gone, and that must be shown to somebody who does not
take our word for it.

Erasing is one transaction: agreements end, hand-overs are revoked, sealed bytes and their key are destroyed, and the
ledger says so. Then the database is made to let go of the old pages, every byte of the data directory is read for what
must not be there, and a certificate is entered in the ledger, where it can be proven like any other entry. Cut off
anywhere, erasing again completes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from governance import tables as t
from governance.consent import Consents
from governance.errors import ErasureHeld, Failed
from governance.handover import Handovers
from governance.hold import Holds
from governance.ledger import Ledger
from governance.scan import scan, scan_tables, ways
from governance.store import Store
from governance.vault import Kind, Sealed, Vault

OF_THE_PERSON: Mapping[Kind, tuple[int, frozenset[str]]] = {
    Kind.TOKENS: (4, frozenset()),
    Kind.FACT: (12, frozenset({"value"})),
    Kind.STATEMENT: (12, frozenset()),
    Kind.QUESTION: (
        24,
        frozenset(
            {"input.question", "retrieval.query", "answer.question", "answer.rewritten", "answer.uncovered"}
        ),
    ),
    Kind.COPY: (24, frozenset({"question"})),
}
"""What of each kind is a person's own, and from how many characters on it is looked for: the fields that hold it (none
named: all). Quotes of guidance are nobody's, and shorter texts ("Yes") would be found everywhere."""
Wanted = dict[str, set[bytes]]


@dataclass(frozen=True)
class Erasure:
    """Erases what is kept about a person, and shows that it did."""

    store: Store
    ledger: Ledger
    vault: Vault
    consents: Consents
    handovers: Handovers
    holds: Holds
    data_dir: Path
    backup_days: int
    clock: Callable[[], dt.datetime]

    def erase(self, subject: str, *, reason: str, actor: str, terms: Sequence[str] = ()) -> dict[str, Any]:
        """Erase everything about a person; gives the certificate. ``terms`` are further texts to look for afterwards
        (a name, an address); they are looked for and not kept.

        Raises ``ErasureHeld`` under a legal hold; the refusal is recorded, and nothing is erased.
        """
        with self.store.write() as connection:
            holds = self.holds.active(subject, connection=connection)
            if holds:
                held = {"reason": reason, "holds": {hold.hold_id: hold.authority for hold in holds}}
                self.ledger.append(
                    "erasure.refused", held, actor=actor, subject=subject, connection=connection
                )
            else:
                wanted, done = self._erase(connection, subject, reason, actor)
        if holds:
            raise ErasureHeld(
                f"A legal hold stands on {subject}: {holds[0].hold_id}, {holds[0].authority}.",
                do="Ask the authority to release it, lift the hold, then erase. The refusal is in the ledger.",
            )
        wanted |= {f"term {number}": ways(term) for number, term in enumerate(terms, start=1) if term.strip()}
        return self._certify(subject, wanted, done, actor)

    def _erase(
        self, connection: Connection, subject: str, reason: str, actor: str
    ) -> tuple[Wanted, dict[str, Any]]:
        payloads = self.vault.held(subject=subject, connection=connection)
        wanted, unopened = self._texts(payloads, connection)
        wanted |= {
            f"sealed bytes {number}": {trace}
            for number, trace in enumerate(self.vault.traces(subject, connection=connection), start=1)
        }
        why = f"erasure asked for: {reason}"
        revoked = self.handovers.revoke(connection, why=why, actor=actor, subject=subject)
        self.vault.erase(payloads, why=why, actor=actor, connection=connection)
        ended = self.consents.withdraw_all(
            connection, subject, actor=actor, channel="erasure", reason="erasure asked for"
        )
        done = {
            "reason": reason, "payloads_erased": [p.payload_id for p in payloads],
            "kinds": sorted({p.kind.value for p in payloads}), "keys_destroyed": sorted({p.key_id for p in payloads}),
            "handovers_revoked": revoked, "agreements_ended": ended, "not_opened_before": unopened,
        }  # fmt: skip
        self.ledger.append("erasure.done", done, actor=actor, subject=subject, connection=connection)
        return wanted, done

    def _texts(self, payloads: Sequence[Sealed], connection: Connection) -> tuple[Wanted, list[str]]:
        """What the payloads say, to be looked for afterwards; and the ids of those that do not open."""
        wanted: Wanted = {}
        unopened = []
        for payload in payloads:
            try:
                value = self.vault.open(payload.payload_id, connection=connection)
            except Failed:
                unopened.append(payload.payload_id)
                continue
            for text in own_texts(payload.kind, value):
                wanted[f"{payload.kind} {len(wanted) + 1}"] = ways(text)
        return wanted, unopened

    def _certify(self, subject: str, wanted: Wanted, done: dict[str, Any], actor: str) -> dict[str, Any]:
        scrubbed = self.store.scrub(t.ERASABLE)
        found, files, size = scan(self.data_dir, wanted)
        if self.store.dialect == "postgresql":
            found += scan_tables(self.store, t.metadata, wanted)
        now = self.clock()
        certificate = {
            **done, "person": subject, "looked_for": len(wanted), "files_read": files, "bytes_read": size,
            "database_scrubbed": scrubbed,
            "found": [f"{trace.what}: {trace.where}" for trace in found if not trace.guidance],
            "also_in_guidance": [f"{trace.what}: {trace.where}" for trace in found if trace.guidance],
            "complete": scrubbed and not any(not trace.guidance for trace in found),
            "gone_from_backups_by": (now + dt.timedelta(days=self.backup_days)).date().isoformat(),
        }  # fmt: skip
        entry = self.ledger.append("erasure.certified", certificate, actor=actor, subject=subject)
        return {**certificate, "entry": entry.index, "time": entry.time.isoformat()}


def own_texts(kind: Kind, value: Any) -> list[str]:
    """The texts in a payload that are a person's own and distinct enough to be looked for."""
    least, fields = OF_THE_PERSON.get(kind, (0, frozenset()))
    if kind not in OF_THE_PERSON:
        return []
    held = [value[name] for name in sorted(fields) if name in value] if fields else [value]
    return [text for text in _strings(held) if len(text) >= least]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _strings(held)
    elif isinstance(value, Sequence):
        for held in value:
            yield from _strings(held)
