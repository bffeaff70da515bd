"""Why: chosen statements become an answer when they stand in the order in which a person would read them, each
with the quotes that carry it.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answers import Citation, Hit, Sentence
from assistant.compose import Composed
from assistant.neighbours import Scored, leans_back
from ingest.links import opens_at, paragraph_at

MOST_SENTENCES = 5
"""More is a page, not an answer, for someone with a claimant waiting."""


def ordered(composed: Iterable[Composed], *, most: int = MOST_SENTENCES) -> tuple[Scored, ...]:
    """The statements of every part in reading order: part by part, best passage first; in a passage the statement that
    answers best first (after what it leans on), then those that stand next to it, then the others.

    Cut to ``most`` by dropping the lowest scores, never the best of a part.
    """
    groups = [list(c.chosen) for c in composed]
    best = {id(max(group, key=lambda s: s.score)) for group in groups if group}
    flat: dict[tuple[str, int], Scored] = {}
    for group in groups:
        by_passage: dict[str, float] = {}
        for s in group:
            by_passage[s.hit.passage_id] = max(by_passage.get(s.hit.passage_id, -9.0), s.score)
        for run in sorted(_runs(group), key=lambda run: (-by_passage[run[0].hit.passage_id], -_best(run))):
            for s in _best_first(run):
                flat.setdefault((s.hit.passage_id, s.position), s)
    kept = list(flat.values())
    while len(kept) > most:
        spare = [s for s in kept if id(s) not in best]
        kept.remove(min(spare or kept, key=lambda s: s.score))
    return tuple(kept)


def _runs(group: Iterable[Scored]) -> list[list[Scored]]:
    """Statements that stand next to one another in their passage belong together, in their order."""
    runs: list[list[Scored]] = []
    for s in sorted(group, key=lambda s: (s.hit.passage_id, s.position)):
        last = runs[-1][-1] if runs else None
        if last and (last.hit.passage_id, last.position + 1) == (s.hit.passage_id, s.position):
            runs[-1].append(s)
        else:
            runs.append([s])
    return runs


def _best_first(run: list[Scored]) -> list[Scored]:
    """The run from its best statement on, with what that leans on before it, and what else stood before it after all."""
    at = max(range(len(run)), key=lambda n: run[n].score)
    while at and leans_back(run[at].statement.text):
        at -= 1
    return [*run[at:], *run[:at]]


def _best(run: list[Scored]) -> float:
    return max(s.score for s in run)


def sentence(scored: Scored) -> Sentence:
    """A statement as a sentence of the answer, with a citation for each of its quotes."""
    hit = scored.hit
    return Sentence(
        scored.statement.text,
        tuple(citation(hit, start, end) for start, end in scored.statement.quotes),
    )


def citation(hit: Hit, start: int, end: int) -> Citation:
    """A quote from a passage, with its page or paragraph and what opens its source there."""
    quote = hit.text[start:end]
    return Citation(
        hit.passage_id, quote, start, end, hit.document, hit.section, hit.page,
        paragraph=paragraph_at(hit.text, start),
        link=opens_at(hit.document.uri, quote, place=hit.place, page=hit.page),
    )  # fmt: skip
