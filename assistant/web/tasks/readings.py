"""Why: officers read what others asked, so each reading says what for, and is an entry of the ledger that holds it."""

from __future__ import annotations

from assistant.answers import Person, Role
from assistant.web.desk import Desk
from assistant.web.sessions import Session
from governance.errors import ReadingReasonMissing, ReasonMissing

LONGEST = 200
"""Characters of a reason; it travels in the session's cookie."""

_TASKS = {
    Role.EXPERT: "the task of an expert: what guidance lacks",
    Role.ADMINISTRATOR: "the task of an administrator: whether guidance serves",
}
"""Roles whose reading is part of their task, and which see redacted questions without who asked."""


def why(person: Person, given: str) -> str:
    """What records are read for: what an officer said, or the task of another role. Raises ``ReadingReasonMissing``."""
    if person.role in _TASKS:
        return _TASKS[person.role]
    if not given:
        raise ReadingReasonMissing("Nobody has said what the records are read for.", do="Give the reason.")
    return given


def read(desk: Desk, session: Session, what: str, *, about: str = "", **asked: object) -> None:
    """Record what is read in a session, with its reason. Raises ``ReadingReasonMissing``."""
    record(desk, session.person, session.reading_for, what, channel="page", about=about, **asked)


def record(
    desk: Desk, person: Person, reason: str, what: str, *, channel: str, about: str = "", **asked: object
) -> None:
    """Record a reading with its reason. Raises ``ReadingReasonMissing``."""
    body = {"what": what, "reason": why(person, reason), "channel": channel, "asked": asked}
    desk.assistant.ledger.append("ledger.read", body, actor=person.id, subject=about)


def cleaned(desk: Desk, typed: str) -> str:
    """A reason in one line, without the personal details in it. Raises ``ReasonMissing`` or ``RedactionFailed``."""
    reason = " ".join(typed.split())
    if not reason or len(reason) > LONGEST:
        raise ReasonMissing(
            f"A reason of 1 to {LONGEST} characters is needed.", do="Say what you read the records for."
        )
    return str(desk.assistant.redactor.redact(reason).text)
