"""Why: a mean that did not move may hide ten answers that got better and ten that got worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.results import About, Result
from evals.scorers import score
from evals.statistics import Comparison, compare, holm, shares
from governance.errors import RunIncomplete, RunsDiffer


@dataclass(frozen=True)
class MetricCompared:
    """One metric of two runs."""

    name: str
    comparison: Comparison
    p_holm: float
    """Adjusted over every metric compared."""


@dataclass(frozen=True)
class CaseCompared:
    """One case whose scores, outcome or sentences changed."""

    case_id: str
    question: str
    kind: str
    old_outcome: str
    new_outcome: str
    changed: dict[str, tuple[float | None, float | None]]
    """Metric → old and new score; None where it did not apply."""
    balance: float
    """Sum of the differences of scores that both have; below 0: worse on the whole."""
    old_said: tuple[str, ...]
    new_said: tuple[str, ...]
    old_reason: str
    new_reason: str


@dataclass(frozen=True)
class Compared:
    """Two runs of one suite, metric by metric and case by case."""

    suite: str
    old_name: str
    new_name: str
    notes: tuple[str, ...]
    metrics: tuple[MetricCompared, ...]
    cases: tuple[CaseCompared, ...]


def compare_runs(
    old: tuple[str, About, Sequence[Result]],
    new: tuple[str, About, Sequence[Result]],
    *,
    across_guidance: bool = False,
) -> Compared:
    """Compare two stored runs (name, what it is a run of, results).

    Raises ``RunIncomplete`` where they are of different suites and ``RunsDiffer`` where they were made over
    different guidance and ``across_guidance`` was not asked for.
    """
    (old_name, old_about, old_results), (new_name, new_about, new_results) = old, new
    if old_about.suite != new_about.suite:
        raise RunIncomplete(
            f"One run is of {old_about.suite}, the other of {new_about.suite}.",
            do="Compare runs of one suite.",
        )
    notes = _notes(old_about, new_about, across_guidance)
    before = {r.case.id: r for r in old_results}
    after = {r.case.id: r for r in new_results}
    same = sorted(k for k in before.keys() & after.keys() if before[k].case == after[k].case)
    if left := len(before.keys() | after.keys()) - len(same):
        notes.append(f"{left} cases are in one run only, or have changed, and are not compared.")
    old_scores, new_scores = score([before[k] for k in same]), score([after[k] for k in same])
    family = {k: before[k].case.family_id for k in same}
    found = {
        name: made
        for name in old_scores
        if (made := compare(old_scores[name], new_scores[name], family)) is not None
    }
    adjusted = holm({name: made.p for name, made in found.items()})
    by_metric = {name: (shares(old_scores[name]), shares(new_scores[name])) for name in old_scores}
    cases = []
    for k in same:
        changed: dict[str, tuple[float | None, float | None]] = {}
        for name, (was, now) in by_metric.items():
            pair = (_value(was.get(k)), _value(now.get(k)))
            if pair[0] != pair[1]:
                changed[name] = pair
        one, other = before[k], after[k]
        if changed or one.outcome != other.outcome or _said(one) != _said(other):
            balance = sum(b - a for a, b in changed.values() if a is not None and b is not None)
            cases.append(
                CaseCompared(
                    k, one.case.question, one.case.kind, one.outcome, other.outcome, changed, balance,
                    _said(one), _said(other), one.reason, other.reason,
                )
            )  # fmt: skip
    return Compared(
        old_about.suite, old_name, new_name, tuple(notes),
        tuple(MetricCompared(name, made, adjusted[name]) for name, made in found.items()),
        tuple(sorted(cases, key=lambda c: (c.balance, c.case_id))),
    )  # fmt: skip


def _notes(old: About, new: About, across_guidance: bool) -> list[str]:
    if old.guidance != new.guidance:
        if not across_guidance:
            raise RunsDiffer(
                "The two runs were made over different guidance.",
                do="Run both over one guidance, or compare with --across-guidance and read the warning.",
            )
        return ["Warning: the guidance differs between the runs, so a difference may be the guidance's."]
    if old.snapshot != new.snapshot:
        return ["The guidance is the same; its splitting or its embedder differs."]
    return []


def _value(share: tuple[float, float] | None) -> float | None:
    return share[0] / share[1] if share and share[1] else None


def _said(result: Result) -> tuple[str, ...]:
    return tuple(s.text for s in result.sentences)
