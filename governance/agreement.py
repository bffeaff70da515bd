"""Why: an agreement means nothing unless it is plain what was agreed to, by whom, to what end and until when; so a
record says all of that by itself, and it can only go from one state to another in the ways a person would expect.

The fields follow ISO/IEC TS 27560 (consent record information structure), by way of the W3C Data Privacy Vocabulary.
What a record says of the law is an engineering assumption until a data protection officer has signed it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from governance.errors import AgreementState, PurposeUnknown
from governance.notice import Notice

COLLEAGUE_USE = "colleague-use"
"""The notice that a colleague acknowledges before asking."""
COLLEAGUE_EVALUATION = "colleague-evaluation"
"""The further agreement by which a colleague's questions may be copied for evaluation."""
CITIZEN_PARTICIPATION = "citizen-participation"
"""The agreement of a person about whom a question is asked."""
SCHEMA = 2
"""Version of a record's form."""


class Purpose(StrEnum):
    """What data may be used for: a closed list."""

    ANSWER = "answer"
    AUDIT = "audit"
    EVALUATION_REUSE = "evaluation_reuse"
    SERVICE_IMPROVEMENT = "service_improvement"
    HANDOVER = "handover"


class State(StrEnum):
    """Where an agreement stands after a record."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    INVALIDATED = "invalidated"


OBJECTION = "objection"
"""Type of a record by which a person objects to purposes; it outweighs any agreement until it is withdrawn."""
_OPENING = frozenset({State.REQUESTED, State.GIVEN, State.REFUSED})
_ENDING = frozenset({State.WITHDRAWN, State.EXPIRED, State.SUPERSEDED, State.INVALIDATED})
NEXT: Mapping[State | None, frozenset[State]] = {
    None: _OPENING,
    State.REQUESTED: _OPENING,
    State.REFUSED: _OPENING,
    State.GIVEN: _ENDING,
    **dict.fromkeys(_ENDING, _OPENING),
}
"""Which states may follow which; None: nothing is on record. What follows an end begins a new agreement."""


@dataclass(frozen=True)
class Event:
    """One thing that happens to an agreement, and how it came about."""

    state: State
    actor: str
    channel: str
    """How it was captured: "page", "command line", "paper form"."""
    purposes: tuple[Purpose, ...]
    expires: str = ""
    """UTC; empty: does not."""
    evidence: str = ""
    """Where a signed form or a recording is kept, or why the event came about; never a name."""


def step(before: str | None, after: State) -> None:
    """Return where an agreement may go from one state to another. Raises ``AgreementState``."""
    if after not in NEXT[State(before) if before else None]:
        stands = f"is {before}" if before else "was never given"
        raise AgreementState(
            f"The agreement {stands}; it cannot become {after}.",
            do="See what stands with `frontline consent show`.",
        )


def purposes_of(notice: Notice, wanted: Iterable[str] | None) -> tuple[Purpose, ...]:
    """The purposes agreed to: what is wanted of those the notice offers, and what it cannot be had without.

    Raises ``PurposeUnknown``.
    """
    chosen = set(notice.terms.required if wanted is None else wanted) | set(notice.terms.required)
    strange = sorted(chosen - set(notice.terms.purposes))
    if strange:
        raise PurposeUnknown(
            f"The notice {notice.id} {notice.version} does not offer {', '.join(strange)}.",
            do=f"Choose from: {', '.join(notice.terms.purposes)}.",
        )
    if not chosen:
        raise PurposeUnknown("Nothing was agreed to.", do=f"Choose from: {', '.join(notice.terms.purposes)}.")
    return tuple(purpose for purpose in Purpose if purpose in chosen)


def new_id(letter: str) -> str:
    """A random id: it says nothing of whom or what it names."""
    return letter + secrets.token_hex(12)


def record(
    event: Event,
    *,
    person: str,
    notice: Notice,
    follows: str,
    type_: str,
    time: str,
    controller: str,
    stored: str,
) -> dict[str, Any]:
    """A record's every field. ``follows`` is the record that this one ends or answers; empty: it begins an agreement."""
    terms = notice.terms
    return {
        "schema_version": SCHEMA, "record_id": new_id("c"), "receipt_id": new_id("r"),
        "follows": follows, "agreement_type": type_,
        "person": person, "subject_role": terms.role,
        "notice_id": notice.id, "notice_version": notice.version, "notice_sha256": notice.sha256,
        "language": notice.language, "purposes": [purpose.value for purpose in event.purposes],
        "lawful_basis": terms.lawful_basis, "special_category_condition": terms.special_category_condition,
        "data_categories": list(terms.data_categories), "controller": controller, "recipients": list(terms.recipients),
        "storage_location": stored, "retention": terms.retention, "withdrawal_method": terms.withdrawal,
        "rights": list(terms.rights), "time": time, "state": event.state.value, "captured_by": event.actor,
        "channel": event.channel, "expires": event.expires, "evidence_ref": event.evidence,
    }  # fmt: skip
