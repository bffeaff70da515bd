"""Why: an assistant that answers when guidance does not say is worse than none. No single similarity tells
(an unanswerable question has scored above an answerable one), so several signals are weighed together.

A logistic model whose coefficients, and the evidence they come from, are data (abstention.json), fitted by
benchmarks/calibrate_abstention.py. It gives a probability for each part of a question; two rules stand
before it, because no similarity excuses them: a benefit that is named must be named by the guidance, and a
question for an amount, a length of time or an age needs one in the answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from assistant.fitted import fitted


class Calibration(BaseModel):
    """The fitted model: p = 1 / (1 + exp(-(intercept + sum of coefficient * signal)))."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    intercept: float
    coefficients: dict[str, float]
    threshold: float
    """Least probability at which a part counts as answered."""
    evidence: dict[str, object]
    """What it was fitted and measured on."""

    def probability(self, signals: Mapping[str, float]) -> float:
        """Probability that the statements chosen answer, by the signals of ``compose``."""
        z = self.intercept + sum(c * signals[name] for name, c in self.coefficients.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


@dataclass(frozen=True)
class Verdict:
    """Whether one part of a question is answered, and why not."""

    answers: bool
    probability: float
    reason: str


FIGURE_FOCUS = 0.33
"""Least share of a question's words that the sentence with its figure speaks of: any amount is not the amount."""
_KINDS = {
    "money": "an amount",
    "time": "a length of time",
    "date": "a time limit or a date",
    "age": "an age",
    "count": "a number",
    "phone": "a phone number",
}


def judge(part: Mapping[str, object], calibration: Calibration) -> Verdict:
    """Judge one part by what ``compose`` recorded of it."""
    signals = part["signals"]
    unnamed, missing = part["unnamed"], part["missing"]
    assert isinstance(signals, Mapping) and isinstance(unnamed, list) and isinstance(missing, list)  # noqa: S101
    probability = calibration.probability(signals)
    if not part["statements"]:
        return Verdict(
            False,
            0.0,
            "The chat model found nothing in the passages that answers."
            if part.get("by_model")
            else "The guidance found holds no sentence that can be quoted.",
        )
    if not signals["subject"]:
        about = _either(unnamed) if unnamed else "the benefit that was named"
        return Verdict(False, probability, f"The guidance found does not say this of {about}.")
    if part["required"] and signals["kind"] < FIGURE_FOCUS:
        wanted = _KINDS[str(part["wanted"])]
        return Verdict(False, probability, f"The guidance found does not give {wanted} for this.")
    spoken_of = signals.get("together", 1.0) or signals.get("focus", 1.0)
    if probability >= calibration.threshold and (spoken_of or not missing):
        return Verdict(True, probability, "")
    if missing:
        named = [f'"{word}"' for word in missing[:3]]
        return Verdict(False, probability, f"The guidance found does not mention {_either(named)}.")
    return Verdict(
        False, probability, "The guidance found speaks of this, but nothing in it answers the question."
    )


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


@cache
def calibration() -> Calibration:
    """The calibration of this release. Raises ``PolicyInvalid`` if its file is malformed."""
    return fitted("abstention.json", Calibration)
