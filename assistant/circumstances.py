"""Why: guidance draws lines by age and by distance, and a claimant is on one side of each. Which statements speak of people
like the one asked about is said here, whatever the line is drawn by.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ages import asked_age, fits
from assistant.distances import asked_distance, reaches
from assistant.parts import Part


@dataclass(frozen=True)
class Circumstances:
    """What a question says of the claimant that lines are drawn by."""

    age: int | None = None
    """In years."""
    distance: int | None = None
    """That they can walk, in metres."""

    @classmethod
    def of(cls, part: Part) -> Circumstances:
        """Of one part of a question; what it does not say itself is taken from what was told beside it."""
        age, distance = asked_age(part.text), asked_distance(part.text)
        return cls(
            asked_age(part.search) if age is None else age,
            asked_distance(part.search) if distance is None else distance,
        )

    def suit(self, text: str) -> int:
        """1 where a text draws a line on whose right side the claimant is, -1 on the wrong side, 0 where it draws none."""
        drawn = [
            fits(self.age, text) if self.age is not None else None,
            reaches(self.distance, text) if self.distance is not None else None,
        ]
        lines = [line for line in drawn if line is not None]
        return 0 if not lines else 1 if all(lines) else -1
