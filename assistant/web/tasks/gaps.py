"""What was asked and is not in the guidance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answers import Answer, Outcome
from assistant.record import read
from assistant.web.desk import Desk
from governance.ledger.find import Wanted

GAPS_OF = dt.timedelta(days=90)
"""How far back unanswered questions are gathered."""
_UNANSWERED = frozenset({Outcome.NOT_IN_GUIDANCE, Outcome.PARTLY_ANSWERED})


@dataclass(frozen=True)
class Gap:
    """What was asked, in whatever wording came last, and not found."""

    question: str
    uncovered: str
    nation: str | None
    times: int
    last: dt.datetime
    answer_id: str


def unanswered(desk: Desk) -> list[Gap]:
    """What was lately asked and is not in the guidance."""
    since = dt.datetime.now(dt.UTC) - GAPS_OF
    found = [
        read(one)
        for outcome in _UNANSWERED
        for one in desk.assistant.ledger.scan(Wanted(outcome=outcome, since=since))
    ]
    return gathered(sorted(found, key=lambda one: one.entry_index or 0))


def gathered(answers: Iterable[Answer]) -> list[Gap]:
    """Questions that were not answered, or in part, those of the same words together."""
    found: dict[tuple[str, str | None], Gap] = {}
    for answer in answers:
        if answer.outcome not in _UNANSWERED or answer.asked_at is None:
            continue
        key = (" ".join(sorted(set(re.findall(r"\w+", answer.question.casefold())))), answer.nation)
        before = found.get(key)
        found[key] = Gap(
            answer.question, ", ".join(answer.uncovered), answer.nation,
            before.times + 1 if before else 1, answer.asked_at, answer.id,
        )  # fmt: skip
    return list(found.values())
