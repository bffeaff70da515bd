"""Why: what a colleague agrees to, and what the person in front of them does, is asked for and kept in one way, whether
it comes from a page or from a program.

Taking back is as easy as agreeing: one call, with what was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from governance.consent import (
    CITIZEN_PARTICIPATION,
    COLLEAGUE_EVALUATION,
    COLLEAGUE_USE,
    Consents,
    Purpose,
    State,
)
from governance.errors import PersonUnknown, RequestInvalid
from governance.notice import Notice

OWN = (COLLEAGUE_USE, COLLEAGUE_EVALUATION)
"""Notices that a colleague agrees to for themselves."""


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands."""

    notice: Notice
    state: str
    """Of the newest record, and ``expired`` where its time has run out; empty: nothing is on record."""
    record: dict[str, Any] | None

    @property
    def given(self) -> bool:
        """Whether it holds."""
        return self.state == State.GIVEN


@dataclass(frozen=True)
class Answered:
    """What a person in front of a colleague said to the notice."""

    citizen: str
    """Their pseudonym; it stands on the receipt."""
    record: str
    agreed: bool


def standing(consents: Consents, person: str, notice_id: str) -> Standing:
    """Where a person's agreement to a notice stands."""
    notice = consents.current_notice(notice_id)
    try:
        history = consents.history(person)
    except PersonUnknown:
        history = []
    records = [
        one for one in history if one["notice_id"] == notice_id and one["agreement_type"] != "objection"
    ]
    last = records[-1] if records else None
    state = last["state"] if last else ""
    required = notice.terms.required
    holds = not required or consents.decide(Purpose(required[0]), person, notice_id).allowed
    return Standing(notice, State.EXPIRED if state == State.GIVEN and not holds else state, last)


def give(consents: Consents, person: str, notice_id: str, *, channel: str) -> str:
    """Agree for oneself; gives the record's id. Raises ``RequestInvalid`` for a notice that is not one's own."""
    notice = consents.current_notice(_own(notice_id))
    return consents.give(person, notice.id, purposes=notice.terms.purposes, actor=person, channel=channel)


def take_back(consents: Consents, person: str, notice_id: str, *, channel: str) -> str:
    """Take one's own agreement back, and with it whatever was kept under it alone; gives the record's id.

    Raises ``RequestInvalid``, or ``AgreementState`` where nothing is given.
    """
    return consents.withdraw(person, _own(notice_id), actor=person, channel=channel)


def required(consents: Consents) -> list[Purpose]:
    """What a citizen cannot agree to less than."""
    return [Purpose(name) for name in consents.current_notice(CITIZEN_PARTICIPATION).terms.required]


def answered(
    consents: Consents, *, agrees: bool, purposes: Iterable[Purpose], by: str, channel: str
) -> Answered:
    """Record a yes, with the purposes chosen beside those it cannot be had without, or a no, of a new person.

    Raises ``PurposeUnknown`` for a purpose that the notice does not offer.
    """
    code = consents.new_person()
    if not agrees:
        record = consents.refuse(code, CITIZEN_PARTICIPATION, actor=by, channel=channel)
    else:
        chosen = [*required(consents), *purposes]
        record = consents.give(code, CITIZEN_PARTICIPATION, purposes=chosen, actor=by, channel=channel)
    return Answered(code, record, agrees)


def holding(consents: Consents, code: str) -> Standing:
    """The agreement of the person whose code it is. Raises ``PersonUnknown`` where none holds."""
    found = standing(consents, code, CITIZEN_PARTICIPATION)
    if not found.given:
        raise PersonUnknown(
            "No agreement that holds has this code.", do="Check the receipt, or ask the person again."
        )
    return found


def end(consents: Consents, code: str, *, by: str, channel: str) -> str:
    """Take back what a person agreed to, by their code; what was sealed for them is erased with it.

    Gives the record's id. Raises ``AgreementState`` where nothing is given.
    """
    return consents.withdraw(code, CITIZEN_PARTICIPATION, actor=by, channel=channel)


def latest(consents: Consents) -> Iterator[dict[str, Any]]:
    """The newest record of each person and notice: colleagues, then citizens."""
    for role in ("colleague", "citizen"):
        for one in consents.subjects(role):
            yield from {record["notice_id"]: record for record in consents.history(one)}.values()


def _own(notice_id: str) -> str:
    if notice_id not in OWN:
        raise RequestInvalid("This is not an agreement of your own.", do="Choose one that is listed.")
    return notice_id
