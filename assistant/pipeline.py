"""Why: reading this list top to bottom is reading the data-protection assessment.

Each step takes the run so far and returns a changed copy; one that sets an outcome stops those after it.
What comes after them, recording and releasing, always happens: see ``assistant.record``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.abstain import Calibration
from assistant.answers import Outcome, Run, Stage
from assistant.compose import Composer
from assistant.contract import Support
from assistant.plural import plural
from assistant.retrieve import Retriever
from assistant.risks import Risks
from assistant.routes import Routes
from assistant.steps.clarify import Clarify
from assistant.steps.compose import Compose
from assistant.steps.decide import Decide
from assistant.steps.ground import Ground
from assistant.steps.outgoing import Outgoing
from assistant.steps.permit import Permit
from assistant.steps.receive import Receive
from assistant.steps.redact import Redact
from assistant.steps.retrieve import Retrieve
from assistant.steps.rewrite import Before, Rewrite
from assistant.steps.route import Route
from assistant.steps.step import Step, noted, stopped, withheld
from assistant.steps.switch import Switched
from assistant.switch import Switch
from assistant.vocabulary import Vocabularies
from governance.errors import AnswerCancelled, Failed, IndexEmpty, InputError, ModelMissing, Refused

if TYPE_CHECKING:
    from assistant.chat.proposing import Proposer
    from assistant.chat.rewriting import Rewriter
    from governance.conversations import Conversations
    from governance.redaction import Redactor
    from governance.uses import Uses
    from ingest.snapshot import SnapshotReader

OnStage = Callable[[Stage], None]
"""Called after each step with what it said; never with anything of the question."""


@dataclass(frozen=True)
class Parts:
    """What the steps are made of."""

    question_limit: int
    uses: Uses
    conversations: Conversations
    redactor: Redactor
    routes: Routes
    risks: Risks
    retriever: Retriever
    composer: Composer
    vocabularies: Vocabularies
    calibration: Calibration
    snapshots: SnapshotReader
    switch: Switch
    support: Support
    proposer: Callable[[], Proposer | None] = lambda: None
    rewriter: Callable[[], Rewriter | None] = lambda: None
    before: Before = lambda _question: None


def steps(parts: Parts, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Step]:
    """The steps in order. A question holds one snapshot from its search to its last check."""
    yield Receive(parts.question_limit, parts.routes)
    yield Permit(parts.uses)
    yield Redact(parts.redactor, parts.conversations)
    yield Route(parts.routes)
    yield Rewrite(parts.before, parts.retriever.glossary, parts.rewriter, cancelled)
    snapshot = parts.snapshots.current()
    yield Held(snapshot.id, snapshot.root_hash)
    yield Retrieve(parts.retriever, parts.vocabularies, snapshot)
    yield Switched(parts.switch)
    yield Clarify(parts.retriever, snapshot)
    yield Compose(parts.composer, parts.vocabularies, snapshot, parts.proposer, cancelled, parts.calibration)
    yield Ground(snapshot, parts.support)
    yield Outgoing(parts.redactor)
    yield Decide(parts.calibration, parts.risks)


@dataclass(frozen=True)
class Held:
    """Notes which snapshot the question holds."""

    snapshot_id: str
    root_hash: str
    name: str = "snapshot"

    def __call__(self, run: Run) -> Run:
        """The run, with the snapshot's name and hash for the record."""
        return noted(run, self.name, id=self.snapshot_id, root_hash=self.root_hash)


def travel(
    run: Run,
    parts: Parts,
    on_stage: OnStage,
    on_failure: Callable[[Run], object],
    cancelled: Callable[[], bool] = lambda: False,
) -> Run:
    """Take a run through the steps until one stops it. Raises ``AnswerCancelled`` once it is no longer wanted.

    What the caller can mend, and what is not set up yet, is raised. What breaks on the way ends the run as
    ``failed``. What nobody foresaw is handed to ``on_failure``, to be recorded, and then raised.
    """
    for step in steps(parts, cancelled):
        if cancelled():
            raise AnswerCancelled("Whoever asked stopped this answer.", do="Ask again when you want it.")
        began = time.perf_counter()
        try:
            run = step(run)
        except (InputError, Refused, IndexEmpty, ModelMissing):  # a cancelled answer is a refusal too
            raise
        except Failed as error:
            run = failed(run, f"The step {step.name!r} could not be finished: {error.message}")
        except Exception:
            on_failure(failed(run, f"The step {step.name!r} broke."))
            raise
        stage = Stage(step.name, (time.perf_counter() - began) * 1000, _said(step.name, run))
        run = replace(run, stages=(*run.stages, stage))
        on_stage(stage)
        if run.outcome is not None:
            break
    return run


def failed(run: Run, reason: str) -> Run:
    """The run as it is recorded when it broke: without sentences, and without a text that may hold personal data."""
    run = replace(stopped(run, Outcome.FAILED, reason), sentences=(), suggestions=())
    return run if "redact" in run.facts else withheld(run)


def _said(step: str, run: Run) -> str:
    """A stage in words that hold nothing of the question."""
    if step == "retrieve":
        return f"{plural(len(run.candidates), 'passage')} considered"
    if step == "ground":
        return f"{plural(len(run.sentences), 'sentence')} checked against the guidance"
    return ""
