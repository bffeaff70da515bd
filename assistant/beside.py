"""Why: a long section is cut into passages, and the sentence that takes another back may stand behind the cut. It is
fetched from there: a search that did not bring its passage is no reason to leave an exception out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Candidate, Hit, Run
from assistant.neighbours import Scored, leans_back, narrows
from assistant.retrieve import reference
from assistant.statements import statements

if TYPE_CHECKING:
    from ingest.documents import Passage
    from ingest.snapshot import Snapshot

FETCHED = "stands beside a sentence that was chosen"
_HAIR = 1e-6
"""Of score: what was fetched is read right before or after what it was fetched for."""


@dataclass(frozen=True)
class Beside:
    """Looks past the ends of the passages that statements were chosen from."""

    snapshot: Snapshot

    def of(self, chosen: Sequence[Scored]) -> tuple[Scored, ...]:
        """The statements beyond an end that one of ``chosen`` leans on, or that narrow it; none that is chosen already."""
        known = {(s.hit.passage_id, s.position) for s in chosen}
        found = {(s.hit.passage_id, s.position): s for one in chosen for s in self._beyond(one)}
        return tuple(s for key, s in found.items() if key not in known)

    def _beyond(self, chosen: Scored) -> Iterator[Scored]:
        last = chosen.position == len(statements(chosen.hit.text)) - 1
        leans = chosen.position == 0 and leans_back(chosen.statement.text)
        if not (last or leans):
            return
        for passage in self.snapshot.neighbours(chosen.hit.passage_id):
            said = statements(passage.text)
            if passage.section != chosen.hit.section or not said:
                continue
            before = self._is_before(passage, chosen)
            if before and leans:
                yield _taken(passage, chosen, len(said) - 1, _HAIR)
            elif not before and last and narrows(said[0].text):
                yield _taken(passage, chosen, 0, -_HAIR)

    def _is_before(self, passage: Passage, chosen: Scored) -> bool:
        own = self.snapshot.passages_by_id([chosen.hit.passage_id])[chosen.hit.passage_id][0]
        return passage.ordinal < own.ordinal


def _taken(passage: Passage, chosen: Scored, position: int, above: float) -> Scored:
    """A statement of a neighbouring passage, weighed as what it belongs to; no figure of it is an answer by itself."""
    hit = Hit(
        passage.id, chosen.hit.score, passage.text, passage.section, chosen.hit.document, passage.page,
        place=passage.place,
    )  # fmt: skip
    statement = statements(passage.text)[position]
    return replace(
        chosen,
        hit=hit,
        statement=statement,
        position=position,
        score=chosen.score + above,
        answers_kind=False,
    )


def with_fetched(candidates: tuple[Candidate, ...], fetched: Sequence[Scored]) -> tuple[Candidate, ...]:
    """The candidates with the passages that statements were fetched from, each marked used and why."""
    return _with_hits(candidates, [s.hit for s in fetched])


def fetched_again(run: Run, snapshot: Snapshot, scores: Mapping[str, float]) -> Run:
    """The run with passages that a record says were fetched, by their scores there."""
    found = snapshot.passages_by_id(scores)
    hits = [
        Hit(
            key, scores[key], passage.text, passage.section, reference(version, run.question.on), passage.page,
            place=passage.place,
        )
        for key, (passage, version) in found.items()
    ]  # fmt: skip
    return replace(run, candidates=_with_hits(run.candidates, hits))


def _with_hits(candidates: tuple[Candidate, ...], hits: Sequence[Hit]) -> tuple[Candidate, ...]:
    known = {c.hit.passage_id: c for c in candidates}
    for hit in {hit.passage_id: hit for hit in hits}.values():
        before = known.get(hit.passage_id)
        if before is None:
            known[hit.passage_id] = Candidate(hit, len(known) + 1, True, FETCHED)
        elif not before.used:
            known[hit.passage_id] = replace(before, used=True, reason=FETCHED)
    return tuple(known.values())
