"""Why: a quote may be true and beside the question. What a chat model chose is judged as what rules choose is, and where
rules would answer and it does not, nobody should be told that guidance does not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.abstain import Calibration, Verdict, judge


@dataclass(frozen=True)
class Compared:
    """What a chat model chose beside what rules would choose, part by part."""

    by_model: tuple[Verdict, ...]
    by_rules: tuple[Verdict, ...]
    tried: tuple[bool, ...]
    """Whether the model proposed something for the part; where it did not, it is taken at its word."""

    @classmethod
    def of(
        cls,
        chosen: Sequence[Mapping[str, Any]],
        ruled: Sequence[Mapping[str, Any]],
        calibration: Calibration,
        *,
        made_up: bool,
    ) -> Compared:
        """Judge what ``compose`` notes of both. A model that made something up has no word to be taken at."""
        return cls(
            tuple(judge(part, calibration) for part in chosen),
            tuple(judge(part, calibration) for part in ruled),
            tuple(bool(part["statements"]) or made_up for part in chosen),
        )

    @property
    def model_answers_some(self) -> bool:
        """Whether what the model chose answers any part."""
        return any(verdict.answers for verdict in self.by_model)

    @property
    def rules_do_better(self) -> bool:
        """Whether rules answer a part that the model tried and missed, and every part that it answers."""
        each = list(zip(self.by_model, self.by_rules, self.tried, strict=True))
        gained = any(tried and rules.answers and not model.answers for model, rules, tried in each)
        return gained and all(rules.answers for model, rules, _ in each if model.answers)

    @property
    def reasons(self) -> tuple[str | None, ...]:
        """For each part that the model tried and missed, why rules do not answer it either; "" where they would."""
        return tuple(
            rules.reason if tried and not model.answers else None
            for model, rules, tried in zip(self.by_model, self.by_rules, self.tried, strict=True)
        )
