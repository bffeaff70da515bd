"""Step 8. Why: no sentence is released on the word of whatever composed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Run
from assistant.contract import Support
from assistant.ground import CHECKS, VERSION, ground
from assistant.steps.step import noted
from ingest.documents import Filter

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot


@dataclass(frozen=True)
class Ground:
    """Holds every proposed sentence to the evidence contract."""

    snapshot: Snapshot
    support: Support
    name: str = "ground"

    def __call__(self, run: Run) -> Run:
        """The run with the sentences that stand, those that do not, and every check."""
        found = ground(
            run.sentences,
            retrieved=frozenset(c.hit.passage_id for c in run.candidates if c.used),
            snapshot=self.snapshot,
            where=Filter(run.question.nation, run.question.on),
            support=self.support,
        )
        run = replace(
            run, sentences=found.sentences, dropped=(*run.dropped, *found.dropped), checks=found.checks
        )
        return noted(run, self.name, contract=VERSION, checks=list(CHECKS))
