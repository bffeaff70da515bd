"""Why: every step has the same shape, so that the pipeline is a list and a new step is one more line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from assistant.answers import Outcome, Run


class Step(Protocol):
    """One step. It may stop the run by setting an outcome."""

    @property
    def name(self) -> str:
        """As it is shown, timed and recorded."""
        ...

    def __call__(self, run: Run) -> Run:
        """The run, one step further."""
        ...


def noted(run: Run, step: str, **facts: object) -> Run:
    """The run with facts for the explanation, under the step's name."""
    return replace(run, facts={**run.facts, step: facts})


def facts_of(run: Run, step: str) -> dict[str, Any]:
    """What a step noted; nothing where it has not run."""
    found = run.facts.get(step, {})
    return found if isinstance(found, dict) else {}


def noticed(run: Run) -> str:
    """The route that was noticed before redaction; empty for none."""
    return str(facts_of(run, "receive").get("noticed", ""))


def stopped(run: Run, outcome: Outcome, reason: str) -> Run:
    """The run, ended with an outcome and the reason for it in words."""
    return replace(run, outcome=outcome, reason=reason)


def withheld(run: Run) -> Run:
    """The run without the question's text, for when it must not be kept."""
    return replace(run, question=replace(run.question, text=""))
