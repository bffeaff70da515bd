"""Step 7. Why: the colleague needs the sentences that answer, not the passages they stand in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Run
from assistant.compose import Composed, Composer
from assistant.parts import parts
from assistant.reading import ordered, sentence
from assistant.steps.step import noted
from assistant.vocabulary import Vocabularies

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot


@dataclass(frozen=True)
class Compose:
    """Chooses the statements that answer each part of the question."""

    composer: Composer
    vocabularies: Vocabularies
    snapshot: Snapshot
    name: str = "compose"

    def __call__(self, run: Run) -> Run:
        """The run with proposed sentences, and for each part the signals that ``decide`` judges by."""
        hits = [c.hit for c in run.candidates if c.used]
        vocabulary = self.vocabularies.of(self.snapshot)
        asked = parts(str(run.facts["retrieve"]["read_as"]))  # type: ignore[index]
        composed = [self.composer.compose(part, hits, vocabulary) for part in asked]
        chosen = ordered(composed)
        run = replace(run, sentences=tuple(sentence(s) for s in chosen))
        return noted(run, self.name, method="extractive", parts=[_facts(c) for c in composed])


def _facts(composed: Composed) -> dict[str, object]:
    return {
        "text": composed.part.text,
        "wanted": composed.part.wanted.value,
        "required": composed.part.wanted.required,
        "statements": [
            {
                "passage_id": s.hit.passage_id, "start": s.statement.start, "score": round(s.score, 4),
                "meaning": round(s.meaning, 4), "coverage": round(s.coverage, 4),
            }
            for s in composed.chosen
        ],
        "signals": {name: round(value, 4) for name, value in composed.signals.items()},
        "missing": list(composed.missing),
        "unnamed": list(composed.unnamed),
    }  # fmt: skip
