"""Step 7. Why: the colleague needs the sentences that answer, not the passages they stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.answers import Hit, Run
from assistant.beside import Beside, with_fetched
from assistant.compose import Composed, Composer
from assistant.neighbours import Scored
from assistant.parts import parts
from assistant.reading import ordered, sentence
from assistant.steps.step import noted
from assistant.vocabulary import Vocabularies
from assistant.weighed import Weighed
from governance.egress import about
from governance.errors import ModelFailed

if TYPE_CHECKING:
    from assistant.chat.proposing import Proposer
    from ingest.snapshot import Snapshot


@dataclass(frozen=True)
class Compose:
    """Chooses the statements that answer each part: by a chat model where there is one, else by rules."""

    composer: Composer
    vocabularies: Vocabularies
    snapshot: Snapshot
    proposer: Callable[[], Proposer | None] = lambda: None
    cancelled: Callable[[], bool] = lambda: False
    name: str = "compose"

    def __call__(self, run: Run) -> Run:
        """The run with proposed sentences, and for each part the signals that ``decide`` judges by.

        Where the chat model fails, rules choose, and the reason is kept.
        """
        hits = [c.hit for c in run.candidates if c.used]
        vocabulary = self.vocabularies.of(self.snapshot)
        asked = parts(str(run.facts["retrieve"]["read_as"]))  # type: ignore[index]
        weighed = [self.composer.weigh(part, hits, vocabulary) for part in asked]
        fallback = ""
        try:
            if proposer := self.proposer():
                return self._by_model(run, proposer, hits, weighed)
        except ModelFailed as error:
            fallback = error.message
        composed = [self.composer.composed(each, self.composer.choose(each)) for each in weighed]
        run, composed = self._with_what_is_beside(run, composed)
        run = replace(run, sentences=tuple(sentence(s) for s in ordered(composed)))
        return noted(
            run,
            self.name,
            method="extractive",
            fallback=fallback,
            parts=[_facts(c, by_model=False) for c in composed],
        )

    def _by_model(self, run: Run, proposer: Proposer, hits: Sequence[Hit], weighed: Sequence[Weighed]) -> Run:
        with about(run.question.id):
            made = proposer.propose(run.rewritten or run.question.text, hits, weighed, self.cancelled)
        composed = [
            self.composer.composed(each, chosen) for each, chosen in zip(weighed, made.chosen, strict=True)
        ]
        run, composed = self._with_what_is_beside(run, composed)
        given = {_place(s) for part in made.chosen for s in part}
        beside = tuple(sentence(s) for part in composed for s in part.chosen if _place(s) not in given)
        run = replace(run, sentences=(*made.sentences, *beside), dropped=(*run.dropped, *made.dropped))
        return noted(
            run,
            self.name,
            method="chat",
            fallback="",
            model=made.facts,
            parts=[_facts(c, by_model=True) for c in composed],
        )

    def _with_what_is_beside(self, run: Run, composed: list[Composed]) -> tuple[Run, list[Composed]]:
        """What was chosen with what lies past the ends of its passages and belongs to it; the run holds those passages.

        Whether a part is answered is judged by what was chosen, not by what was fetched.
        """
        look = Beside(self.snapshot)
        fetched = [look.of(each.chosen) for each in composed]
        candidates = with_fetched(run.candidates, [s for part in fetched for s in part])
        whole = [
            replace(each, chosen=(*each.chosen, *more)) for each, more in zip(composed, fetched, strict=True)
        ]
        return replace(run, candidates=candidates), whole


def _place(scored: Scored) -> tuple[str, int]:
    return scored.hit.passage_id, scored.position


def _facts(composed: Composed, *, by_model: bool) -> dict[str, Any]:
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
        "by_model": by_model,
    }  # fmt: skip
