"""Why: whether an answer is there is judged by what was seen while it was composed, and by nothing else.

What was weighed for one part of a question, and the signals that ``decide`` judges by (assistant.abstain).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Hit
from assistant.coverage import Focus, said
from assistant.glossary import Entry
from assistant.neighbours import Scored
from assistant.parts import Part


@dataclass(frozen=True)
class Weighed:
    """Every statement of the hits as it was weighed for one part of the question, best first."""

    part: Part
    hits: tuple[Hit, ...]
    scored: tuple[Scored, ...]
    focus: Focus
    subjects: tuple[Entry, ...]
    beyond: Focus
    """What is asked of the benefits that are named; nothing where they are all that is said."""
    counted: Focus
    """What "how many" counts, in its words; nothing where nothing is counted."""


def signals(weighed: Weighed, chosen: Sequence[Scored], figured: float) -> dict[str, float]:
    """What says whether the chosen statements answer; each larger where it is likelier that they do.

    Where several things are asked, passages were found for all of them: how near one lies to the whole question says
    nothing of a part then, so no passage counts as nearer than its nearest statement.
    """
    part, hits, scored, focus = weighed.part, weighed.hits, weighed.scored, weighed.focus
    cosines = sorted((h.dense for h in hits if h.dense is not None), reverse=True)
    nearest = max((s.meaning for s in scored), default=0.0)
    best = max(chosen, key=lambda s: s.score, default=None)
    near = said(around(hit) for hit in hits[:3])
    return {
        "dense": min(cosines[0] if cosines else 0.0, 1.0 if part.alone else nearest),
        "margin": cosines[0] - float(np.mean(cosines[1:])) if len(cosines) > 1 else 0.0,
        "sentence": nearest,
        "coverage": focus.covered_by(near),
        "focus": best.coverage * focus.weight_of_evidence if best else 0.0,
        "together": focus.covered_by(said(s.statement.text for s in chosen)),
        "stands out": best.meaning - _usual(best, scored) if best else 0.0,
        "agree": float(_agree(hits)),
        "kind": figured * focus.weight_of_evidence if part.wanted else 1.0,
        "subject": float(best is not None and best.on_subject),
    }


def _usual(best: Scored, scored: Sequence[Scored]) -> float:
    """How near the statements of the best one's passage are to the question: all alike, and none answers it."""
    return float(np.mean([s.meaning for s in scored if s.hit.passage_id == best.hit.passage_id]))


def _agree(hits: Sequence[Hit]) -> bool:
    """Whether the passage nearest in meaning is the one that shares most words."""
    if not hits:
        return False
    return max(hits, key=lambda h: h.dense or 0.0) is max(hits, key=lambda h: h.lexical or 0.0)


def around(hit: Hit) -> str:
    """A passage with the headings over it."""
    return f"{hit.section}\n{hit.text}"
