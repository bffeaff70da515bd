"""Files that wait for a person before they may be quoted: who decides, and what a decision sets off."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.answers import Role
from assistant.web.desk import Desk
from governance.errors import ReasonMissing
from ingest.catalogue import Catalogue
from ingest.quarantine import Held, Quarantine
from ingest.sources.uploads import NAME as UPLOADS

DECIDES = frozenset({Role.EXPERT, Role.ADMINISTRATOR})
"""Roles that let a file in or keep it out."""
READS = DECIDES | {Role.OFFICER}
LONGEST = 500


def settle(desk: Desk, held_id: str, *, release: bool, why: str, by: str) -> Held:
    """Let a file in at the next ingestion, which begins where it was uploaded, or keep it out.

    Raises ``ReasonMissing``, ``RedactionFailed``, ``QuarantineUnknown`` or ``QuarantineDecided``.
    """
    why = " ".join(why.split())
    if not 0 < len(why) <= LONGEST:
        raise ReasonMissing(f"A reason of 1 to {LONGEST} characters is needed.", do="Say why, in a sentence.")
    reason = desk.assistant.redactor.redact(why).text
    with opened(desk, by) as quarantine:
        decision = quarantine.release if release else quarantine.reject
        held = decision(held_id, by=by, why=reason, now=dt.datetime.now(dt.UTC))
    if release and held.source == UPLOADS:
        desk.assistant.intake.owe(UPLOADS)
    return held


@contextlib.contextmanager
def opened(desk: Desk, person: str) -> Iterator[Quarantine]:
    """What waits in the catalogue; decisions are recorded as the person's."""

    def record(type_: str, body: Mapping[str, Any]) -> None:
        desk.assistant.ledger.append(type_, body, actor=person, subject=str(body["held"]))

    catalogue = Catalogue.open(desk.assistant.settings.data_dir)
    try:
        yield Quarantine(catalogue, record)
    finally:
        catalogue.close()
