"""What led to an answer, as far as somebody may see it."""

from __future__ import annotations

from assistant.answers import Person, Role
from assistant.web.desk import Desk
from assistant.web.tasks.reviews import SEES_ALL
from governance.explanation import Explanation


def explained(desk: Desk, answer_id: str, person: Person) -> Explanation:
    """Everything that led to an answer, but not, for whoever may not rule on it, what waits for an expert."""
    record = desk.assistant.explanation(answer_id)
    seen = person.role in SEES_ALL or person.role is Role.OPERATOR
    return record if seen else record.model_copy(update={"held": ()})
