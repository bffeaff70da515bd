"""Why: last before the record, an answer on a topic of risk is held for an expert, or given with a word of caution.

What is held is in the record with its quotes, where the expert reads it, and in no answer until they approve it.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import Outcome, Run
from assistant.risks import Risks
from assistant.steps.step import noted


def weigh_risk(run: Run, risks: Risks) -> Run:
    """The run, ended as ``needs_expert`` where its topic demands one and there is something to hold."""
    topics = risks.of(run.rewritten or run.question.text)
    run = noted(run, "risk", version=risks.version, topics=[t.id for t in topics])
    if not topics or not run.sentences:
        return run
    run = replace(run, cautions=(*run.cautions, *(t.text for t in topics)))
    if topics[0].tier != "expert":
        return run
    return replace(
        run,
        outcome=Outcome.NEEDS_EXPERT,
        reason=f"An answer was found and is held for an expert. {topics[0].text}",
        held=run.sentences,
        sentences=(),
        uncovered=(),
    )
