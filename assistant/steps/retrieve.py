"""Step 6. Why: everything that could answer is gathered once, from one snapshot, and the record shows what
was considered and why each passage was used or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Candidate, Outcome, Run
from assistant.parts import parts
from assistant.retrieve import Retrieval, Retriever
from assistant.spelling import misspelt, read_as
from assistant.steps.step import noted, stopped
from assistant.vocabulary import Vocabularies

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
        slips = misspelt(question.text, self.vocabularies.of(self.snapshot))
        text = read_as(question.text, slips)
        asked = parts(text)
        texts = [text] if len(asked) == 1 else [part.search for part in asked]
        found = [
            self.retriever.search(self.snapshot, each, nation=question.nation, on=question.on)
            for each in dict.fromkeys(texts)
        ]
        run = replace(run, candidates=_merged(found))
        expansions = {e.said: e.meant for retrieval in found for e in retrieval.expansions} | slips
        run = noted(
            run, self.name, read_as=text, queries=[r.query for r in found],
            expansions=[{"said": said, "meant": meant} for said, meant in expansions.items()],
            glossary=self.retriever.glossary.version, lexical_weight=self.retriever.weight,
            depth=self.retriever.depth,
        )  # fmt: skip
        if not any(c.used for c in run.candidates):
            return stopped(
                run, Outcome.NOT_IN_GUIDANCE, f"No guidance found applies there on {question.on.isoformat()}."
            )
        return run


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
