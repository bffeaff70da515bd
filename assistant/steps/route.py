"""Step 4. Why: a person at risk, a decision for a person, a claimant's record and an attempt to steer the
assistant must never be met with a quotation. Rules as data say which (routes.yaml); off-topic questions are
found later, by what the guidance does not speak of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answers import Run
from assistant.routes import Routes
from assistant.steps.step import noted, noticed, stopped


@dataclass(frozen=True)
class Route:
    """Sends a question where it belongs."""

    routes: Routes
    name: str = "route"

    def __call__(self, run: Run) -> Run:
        """The run, or the run stopped by the first route that its question matches."""
        routed = self.routes.of(run.question.text, noticed(run))
        if routed is None:
            return noted(run, self.name, route="guidance", matched="", version=self.routes.version)
        run = noted(
            run, self.name, route=routed.route.id, matched=routed.matched, version=self.routes.version
        )
        run = replace(run, cautions=(*run.cautions, *routed.route.text))
        return stopped(run, routed.route.outcome, routed.route.reason)
