"""The record of what somebody agreed to, for those whom it concerns."""

from __future__ import annotations

from typing import Any

from assistant.answers import Person, Role
from assistant.web.desk import Desk
from assistant.web.tasks import readings
from governance.errors import AgreementUnknown


def record_for(desk: Desk, record_id: str, person: Person, *, channel: str, reason: str) -> dict[str, Any]:
    """A record for whoever it is about, whoever took it, and officers, whose reading is recorded.

    Raises ``AgreementUnknown`` likewise for one that is another's, or ``ReadingReasonMissing``.
    """
    record = desk.assistant.consents.record(record_id)
    if person.id not in (record["person"], record["captured_by"]) and person.role is not Role.OPERATOR:
        if person.role is not Role.OFFICER:
            raise AgreementUnknown(f"No agreement has the record {record_id!r}.", do="Check the record's id.")
        readings.record(desk, person, reason, "receipt", channel=channel, about=record["person"])
    return record
