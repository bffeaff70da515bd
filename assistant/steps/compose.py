"""Step 7. Why: the colleague needs the sentences that answer, not the passages they stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.abstain import Calibration
from assistant.abstain import calibration as released
from assistant.answers import Dropped, Run
from assistant.beside import Beside, with_fetched
from assistant.chat.compared import Compared
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
    from assistant.chat.proposing import Proposals, Proposer
    from ingest.snapshot import Snapshot


NOT_FOUND = "Nothing that the chat model proposed could be found where it said."
NO_ANSWER = "What the chat model chose does not answer the question."
NOT_ALL = "What the chat model chose does not answer all of the question."
INSTEAD = "the chat model chose it, and what rules chose is given instead"


@dataclass(frozen=True)
class Compose:
    """Chooses the statements that answer each part: by a chat model where there is one, else by rules."""

    composer: Composer
    vocabularies: Vocabularies
    snapshot: Snapshot
    proposer: Callable[[], Proposer | None] = lambda: None
    cancelled: Callable[[], bool] = lambda: False
    calibration: Calibration = field(default_factory=released)
    name: str = "compose"

    def __call__(self, run: Run) -> Run:
        """The run with proposed sentences, and for each part the signals that ``decide`` judges by.

        Where the chat model fails, or chooses what does not answer while rules would choose what does, rules choose, and
        the reason is kept. A model that proposes nothing is taken at its word.
        """
        hits = [c.hit for c in run.candidates if c.used]
        vocabulary = self.vocabularies.of(self.snapshot)
        asked = parts(str(run.facts["retrieve"]["read_as"]))  # type: ignore[index]
        weighed = [self.composer.weigh(part, hits, vocabulary) for part in asked]
        ruled = [self.composer.composed(each, self.composer.choose(each)) for each in weighed]
        try:
            if proposer := self.proposer():
                with about(run.question.id):
                    question = run.rewritten or run.question.text
                    made = proposer.propose(question, hits, weighed, self.cancelled)
                return self._by_model(run, made, weighed, ruled)
        except ModelFailed as error:
            return self._by_rules(run, ruled, error.message)
        return self._by_rules(run, ruled)

    def _by_rules(self, run: Run, composed: list[Composed], fallback: str = "") -> Run:
        run, composed = self._with_what_is_beside(run, composed)
        run = replace(run, sentences=tuple(sentence(s) for s in ordered(composed)))
        return noted(
            run,
            self.name,
            method="extractive",
            fallback=fallback,
            parts=[_facts(c) for c in composed],
        )

    def _by_model(self, run: Run, made: Proposals, weighed: Sequence[Weighed], ruled: list[Composed]) -> Run:
        run = replace(run, dropped=(*run.dropped, *made.dropped))
        if made.dropped and not any(made.chosen):
            return self._by_rules(run, ruled, NOT_FOUND)
        composed = [
            self.composer.composed(each, chosen) for each, chosen in zip(weighed, made.chosen, strict=True)
        ]
        compared = Compared.of(
            [_facts(c) for c in composed],
            [_facts(c) for c in ruled],
            self.calibration,
            made_up=bool(made.dropped),
        )
        if compared.rules_do_better:
            why = NOT_ALL if compared.model_answers_some else NO_ANSWER
            return self._by_rules(_put_aside(run, made, ruled), ruled, why)
        run, composed = self._with_what_is_beside(run, composed)
        given = {_place(s) for part in made.chosen for s in part}
        beside = tuple(sentence(s) for part in composed for s in part.chosen if _place(s) not in given)
        run = replace(run, sentences=(*made.sentences, *beside))
        return noted(
            run,
            self.name,
            method="chat",
            fallback="",
            model=made.facts,
            parts=[
                {**_facts(c), "by_model": True, "by_rules": why}
                for c, why in zip(composed, compared.reasons, strict=True)
            ],
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


def _put_aside(run: Run, made: Proposals, ruled: Sequence[Composed]) -> Run:
    """The run with what the model chose and rules did not, for the record."""
    kept = {(s.hit.passage_id, s.statement.start) for part in ruled for s in part.chosen}
    aside = tuple(
        Dropped(s.text, "decide", INSTEAD)
        for s in made.sentences
        if (s.citations[-1].passage_id, s.citations[-1].start) not in kept
    )
    return replace(run, dropped=(*run.dropped, *aside))


def _place(scored: Scored) -> tuple[str, int]:
    return scored.hit.passage_id, scored.position


def _facts(composed: Composed) -> dict[str, Any]:
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
