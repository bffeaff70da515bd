"""Between searching and composing. Why: an administrator can stop answers at once; what was found is still shown."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Outcome, Run
from assistant.steps.step import noted, stopped
from assistant.switch import Switch


@dataclass(frozen=True)
class Switched:
    """Ends the run after its search while answers are stopped."""

    switch: Switch
    name: str = "switch"

    def __call__(self, run: Run) -> Run:
        """The run, unchanged while answers are given."""
        state = self.switch.state()
        run = noted(run, self.name, search_only=state.search_only)
        if not state.search_only:
            return run
        return stopped(run, Outcome.SEARCH_ONLY, f"Answers were stopped by an administrator: {state.reason}")
