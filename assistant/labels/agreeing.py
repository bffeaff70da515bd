"""Why: what two people differ on is worth talking about, and what they settle on is what everything else is measured by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.labels.answers import ToLabel
from assistant.labels.given import Labelled


@dataclass(frozen=True)
class Disagreement:
    """One answer that two raters labelled differently."""

    case_id: str
    question: str
    said: Mapping[str, str]
    """Rater → label."""


def disagreements(answers: Sequence[ToLabel], labels: Sequence[Labelled]) -> list[Disagreement]:
    """Answers on which raters differ."""
    question = {a.case.id: a.case.question for a in answers}
    said: dict[str, dict[str, str]] = {}
    for label in labels:
        said.setdefault(label.case_id, {})[label.rater] = label.value
    return [
        Disagreement(case_id, question.get(case_id, ""), values)
        for case_id, values in sorted(said.items())
        if len(set(values.values())) > 1
    ]


def settled(labels: Sequence[Labelled]) -> dict[str, bool]:
    """Case → whether two raters or more all called the answer right, or all did not; others are left out."""
    said: dict[str, list[bool]] = {}
    for label in labels:
        said.setdefault(label.case_id, []).append(label.value == "right")
    return {
        case_id: values[0] for case_id, values in said.items() if len(values) > 1 and len(set(values)) == 1
    }
