"""Why: a metric measures what people mean only as far as people agree with it, and with each other.

Two raters label the answers of a run without seeing each other, the scores or what was expected (``assistant.labels``).
A metric whose κ with what the raters settled on is below .6 is not gated, and a judge model below it is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.labels import Labelled, settled
from evals.results import Result
from evals.scorers import score
from evals.statistics import Agreement, agreement, shares
from governance.errors import LabelsMissing


@dataclass(frozen=True)
class Raters:
    """How far two raters agree."""

    one: str
    other: str
    agreement: Agreement


@dataclass(frozen=True)
class MetricTrust:
    """How far a metric agrees with people on which answers are right."""

    metric: str
    agreement: Agreement

    @property
    def gated(self) -> bool:
        """Whether the metric may be gated."""
        return self.agreement.enough


def raters(labels: Sequence[Labelled]) -> list[Raters]:
    """Agreement of each pair of raters. Raises ``LabelsMissing`` where no answer was labelled by two."""
    by_rater = _by_rater(labels)
    pairs = []
    for one, other in combinations(sorted(by_rater), 2):
        both = sorted(by_rater[one].keys() & by_rater[other].keys())
        if both:
            made = agreement([by_rater[one][c] for c in both], [by_rater[other][c] for c in both])
            pairs.append(Raters(one, other, made))
    if not pairs:
        who = ", ".join(sorted(by_rater)) or "nobody"
        raise LabelsMissing(
            f"No answer was labelled by two raters; labels are by {who}.",
            do="Let a second person label the run: frontline eval label RUN --rater NAME",
        )
    return pairs


def trust(results: Sequence[Result], labels: Sequence[Labelled]) -> list[MetricTrust]:
    """For each metric, agreement with people: full marks against called right. Raises ``LabelsMissing``."""
    raters(labels)
    right = settled(labels)
    found = []
    for metric, by_case in score(results).items():
        marks = {k: s.hits >= s.of for k, s in shares(by_case).items() if k in right and s.of}
        if marks:
            both = sorted(marks)
            made = agreement([str(marks[k]) for k in both], [str(right[k]) for k in both])
            found.append(MetricTrust(metric, made))
    return found


def _by_rater(labels: Sequence[Labelled]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for label in labels:
        found.setdefault(label.rater, {})[label.case_id] = label.value
    return found
