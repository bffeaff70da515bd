"""Why: personal details are best taken out by the person who typed them, before anything is searched or kept.

The pipeline takes them out in any case. Here the colleague sees it first: the question comes back without them, to
be sent as it is or to be put otherwise. What kinds were found is recorded, and no value, nor the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Person
from assistant.steps.receive import clean

if TYPE_CHECKING:
    from assistant.app import Assistant

HELD = "question.held_back"
"""Type of the ledger's entry."""

KINDS = {"PERSON": "a name", "UK_NINO": "a National Insurance number", "UK_POSTCODE": "a postcode"}


@dataclass(frozen=True)
class HeldBack:
    """A question with personal details taken out, and what kinds they were."""

    text: str
    kinds: tuple[str, ...]


def found(assistant: Assistant, question: str, person: Person, *, channel: str = "page") -> HeldBack | None:
    """The question without the personal details in it; None where there are none.

    Raises ``RedactionFailed`` where they cannot be taken out, and what a question itself can be refused for.
    """
    text = clean(question, assistant.settings.question_limit)
    redaction = assistant.redactor.redact(text)
    if not redaction.spans:
        return None
    types = sorted({span.type for span in redaction.spans})
    body = {"types": types, "policy": redaction.policy_version, "channel": channel}
    assistant.ledger.append(HELD, body, actor=person.id, subject=person.id)
    return HeldBack(redaction.text, tuple(said(kind) for kind in types))


def said(kind: str) -> str:
    """A kind of personal data in words."""
    return KINDS.get(kind, kind.removeprefix("UK_").replace("_", " ").lower())
