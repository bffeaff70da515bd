"""Why: yes or no must follow from the records alone, so that anyone can take the same decision from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from governance.agreement import OBJECTION, Purpose, State
from governance.notice import Notice


@dataclass(frozen=True)
class Decision:
    """Whether a use was allowed, and why, as it was decided at that moment."""

    purpose: Purpose
    allowed: bool
    reason: str
    record_id: str | None = None
    notice_version: str | None = None
    person: str = ""
    """Pseudonym of whose agreement was asked for."""
    role: str = ""
    """``colleague`` or ``citizen``."""
    notice_id: str = ""


def standing(rows: Sequence[Any], notice: Notice, purpose: Purpose, now: str, person: str) -> Decision:
    """The decision at the moment ``now`` (UTC, ISO) from a person's records, oldest first."""
    about = [row for row in rows if row.notice_id == notice.id and row.agreement_type != OBJECTION]
    latest = about[-1] if about else None
    objected = _objection(rows, purpose)
    if objected is not None:
        reason, counts = f"The person objects to the purpose {purpose}.", objected
    else:
        reason, counts = _why_not(latest, notice, purpose, now), latest
    if reason and objected is None and purpose in notice.terms.outlasts:
        given = [row for row in about if row.state == State.GIVEN and purpose in row.purposes]
        if given:
            basis = notice.terms.lawful_basis.replace("_", " ")
            said = f"Recorded under {notice.id} {given[-1].notice_version}; reading the record rests on the {basis}, not on agreement."
            return _decision(purpose, True, said, given[-1], notice, person)
    return _decision(
        purpose, not reason, reason or f"The notice {notice.id} {notice.version} was {_word(notice)}.", counts,
        notice, person,
    )  # fmt: skip


def _decision(
    purpose: Purpose, allowed: bool, reason: str, row: Any, notice: Notice, person: str
) -> Decision:
    return Decision(
        purpose, allowed, reason, row.record_id if row is not None else None,
        row.notice_version if row is not None else notice.version, person, notice.terms.role, notice.id,
    )  # fmt: skip


def _objection(rows: Sequence[Any], purpose: Purpose) -> Any:
    """The objection that stands against a purpose: the newest counts, whichever notice it was made under."""
    objections = [row for row in rows if row.agreement_type == OBJECTION]
    newest = objections[-1] if objections else None
    stands = newest is not None and newest.state == State.GIVEN and purpose in newest.purposes
    return newest if stands else None


def _why_not(latest: Any, notice: Notice, purpose: Purpose, now: str) -> str:
    if latest is None:
        return f"The notice {notice.id} {notice.version} has not been {_word(notice)}."
    if latest.state != State.GIVEN:
        return f"The agreement was {latest.state}."
    if latest.expires and latest.expires <= now:
        return f"The agreement ran out on {latest.expires[:10]}."
    if latest.notice_sha256 != notice.sha256:
        return f"The notice has changed since: {latest.notice_version} was {_word(notice)}, {notice.version} is in force."
    if purpose not in latest.purposes:
        return f"The agreement does not cover the purpose {purpose}."
    return ""


def _word(notice: Notice) -> str:
    return "acknowledged" if notice.terms.type == "notice_acknowledgement" else "agreed to"
