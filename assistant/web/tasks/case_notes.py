"""An answer as it is taken over into case notes."""

from __future__ import annotations

from assistant.answers import Answer
from assistant.web.sources import Shown
from assistant.web.wording import day, nation

COPIED = "answer.copied"
"""Type of the ledger's entry."""


def as_text(answer: Answer, made: Shown) -> str:
    """The answer as it goes into case notes."""
    lines = [f"Asked: {answer.question}", f"For: {nation(answer.nation)}, as at {day(answer.on)}", ""]
    for text, numbers in made.sentences:
        lines.append(f"{text} {''.join(f'[{number}]' for number in numbers)}")
    if answer.uncovered:
        lines += ["", f"Not covered by the guidance found: {'; '.join(answer.uncovered)}"]
    lines += ["", "Sources"]
    for source in made.sources:
        about = source.document
        since = f", in force from {day(about.valid_from)}" if about.valid_from else ""
        note = " (a note, not policy)" if about.kind == "note" else ""
        lines.append(
            f"[{source.number}] {source.section}{note}{since}, version {about.version_id}. {about.uri}"
        )
    lines += [
        "",
        f"Frontline Assistant, reference {answer.id}. Sources checked by the person who copied this.",
    ]
    return "\n".join(lines)
