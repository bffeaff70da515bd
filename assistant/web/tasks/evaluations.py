"""Who may read the runs of evaluators, and how two of them compare."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Role
from assistant.evaluated import Evaluated

READERS = frozenset({Role.EVALUATOR, Role.ADMINISTRATOR, Role.OFFICER})
OF_A_REPORT = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
"""A report is one file that holds its own style. It may run nothing, load nothing and lead nowhere."""


@dataclass(frozen=True)
class Against:
    """One figure of two runs."""

    name: str
    now: float | None
    then: float | None

    @property
    def difference(self) -> float | None:
        """How much more it is now."""
        return None if self.now is None or self.then is None else self.now - self.then


def against_each(now: Evaluated, then: Evaluated) -> tuple[Against, ...]:
    """Each figure of one run beside that of another."""
    before = {metric.name: metric.mean for metric in then.metrics}
    return tuple(Against(metric.name, metric.mean, before.get(metric.name)) for metric in now.metrics)


def changed(now: Evaluated, then: Evaluated) -> tuple[tuple[str, str], ...]:
    """Cases that fall short in one of the two only."""
    here, there = ({str(case["case_id"]) for case in one.failing} for one in (now, then))
    return tuple(
        (case, "falls short now" if case in here else "no longer falls short")
        for case in sorted(here ^ there)
    )
