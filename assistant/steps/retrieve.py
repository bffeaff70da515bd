"""Step 6. Why: everything that could answer is gathered once, from one snapshot, and the record shows what
was considered and why each passage was used or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Candidate, Hit, Outcome, Run
from assistant.named_time import taken, without
from assistant.parts import parts
from assistant.period import Held
from assistant.retrieve import Retrieval, Retriever, reference
from assistant.spelling import misspelt, read_as
from assistant.steps.step import facts_of, noted, stopped
from assistant.vocabulary import Vocabularies
from ingest.documents import Filter

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot


@dataclass(frozen=True)
class Retrieve:
    """Searches for the question, and for each part of it where it has several."""

    retriever: Retriever
    vocabularies: Vocabularies
    snapshot: Snapshot
    name: str = "retrieve"

    def __call__(self, run: Run) -> Run:
        """The run with its candidates; stopped where nothing applies there and then."""
        question = run.question
        asking = without(run.rewritten or question.text, taken(run))
        slips = misspelt(asking, self.vocabularies.of(self.snapshot))
        text = read_as(asking, slips)
        asked = parts(text)
        texts = [text] if len(asked) == 1 else [part.search for part in asked]
        found = [
            self.retriever.search(self.snapshot, each, nation=question.nation, on=question.on)
            for each in dict.fromkeys(texts)
        ]
        run = replace(run, candidates=self._carried(_merged(found), run))
        expansions = {e.said: e.meant for retrieval in found for e in retrieval.expansions} | slips
        run = noted(
            run, self.name, read_as=text, queries=[r.query for r in found],
            expansions=[{"said": said, "meant": meant} for said, meant in expansions.items()],
            glossary=self.retriever.glossary.version, lexical_weight=self.retriever.weight,
            depth=self.retriever.depth,
        )  # fmt: skip
        nothing = not any(c.used for c in run.candidates)
        held = self._held(run) if nothing or question.on != question.asked_at.date() else None
        if nothing:
            said = held.none() if held else ""
            said = said or f"No guidance found applies there on {question.on.isoformat()}."
            return stopped(run, Outcome.NOT_IN_GUIDANCE, said)
        if held and (few := held.few()):
            run = replace(run, cautions=(*run.cautions, few))
        return run

    def _held(self, run: Run) -> Held:
        return Held.of(self.snapshot.documents(), Filter(run.question.nation, run.question.on))

    def _carried(self, candidates: tuple[Candidate, ...], run: Run) -> tuple[Candidate, ...]:
        """The candidates with the passages that the answer before cited, where they still hold there and then."""
        wanted = list(facts_of(run, "rewrite").get("carried", []))
        if not wanted:
            return candidates
        question = run.question
        known = {c.hit.passage_id: c for c in candidates}
        where = Filter(question.nation, question.on)
        lowest = min((c.hit.score for c in candidates), default=0.0)
        for key, (passage, version) in self.snapshot.passages_by_id(wanted).items():
            if not where.allows(version):
                continue
            if key in known:
                if not known[key].used:
                    known[key] = replace(known[key], used=True, reason=CARRIED)
                continue
            hit = Hit(
                key,
                lowest,
                passage.text,
                passage.section,
                reference(version, question.on),
                passage.page,
                place=passage.place,
            )
            known[key] = Candidate(hit, len(known) + 1, True, CARRIED)
        return tuple(known.values())


CARRIED = "cited by the answer before"


def _merged(found: list[Retrieval]) -> tuple[Candidate, ...]:
    """The candidates of several searches, taken in turn; a passage that any of them would use is used."""
    if len(found) == 1:
        return found[0].candidates
    best: dict[str, Candidate] = {}
    for candidates in zip(*(_padded(r, found) for r in found), strict=True):
        for candidate in candidates:
            if candidate is None:
                continue
            known = best.get(candidate.hit.passage_id)
            if known is None:
                best[candidate.hit.passage_id] = candidate
            elif candidate.used and not known.used:
                best[candidate.hit.passage_id] = replace(candidate, rank=known.rank)
    return tuple(replace(c, rank=rank) for rank, c in enumerate(best.values(), start=1))


def _padded(retrieval: Retrieval, found: list[Retrieval]) -> list[Candidate | None]:
    longest = max(len(r.candidates) for r in found)
    return [*retrieval.candidates, *[None] * (longest - len(retrieval.candidates))]
