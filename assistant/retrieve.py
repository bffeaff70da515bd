"""Why: a colleague's words and the guidance's words meet in two ways, by meaning (dense vectors) and by the
words themselves (BM25); each finds what the other misses, and what was found must be explainable. What both
bring is looked at a second time, for words that stand together (assistant.proximity).

Both searches filter by nation and date inside; what they return is filtered again here, against the
catalogue's own record of each version. Every passage that was considered keeps its scores and its fate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import Candidate, DocumentRef, Hit
from assistant.glossary import Expansion, Glossary
from assistant.proximity import second_reading, what_is_asked
from assistant.words import bare
from ingest.documents import Clearance, Filter, Kind, Nation, Passage, State, Version

if TYPE_CHECKING:
    from assistant.encoding import Encoding
    from ingest.embed import Embedder
    from ingest.snapshot import Snapshot

LEXICAL_WEIGHT = 0.6
"""Weight of the lexical z-score, that of the dense one being 1.

Chosen with benchmarks/retrieval.py, whose tables are in docs/retrieval.md. On 161 questions over 353 rule
texts (OR-ShARC, questions close to the texts' words) more is better up to about 1.5; on 245 questions over
245 passages (CLAPNQ, freer questions) less is, with the best at 0.5. 0.6 stays within a hundredth of the best of both.
"""
DEPTH = 200
"""Passages asked of each search before fusing: z-scores need more than the top of a list to be worth anything."""
PROXIMITY_WEIGHT = 5.0
"""Weight of ``assistant.proximity`` in the second look, over the passages considered.

Chosen with benchmarks/retrieval.py (tables in docs/retrieval.md): on OR-ShARC it lifts hit@1 from .74 to .80 and
nDCG@10 from .845 to .888, leaves CLAPNQ as it was, and costs the sample suite half a hundredth of nDCG@10.
"""
NOTE_BELOW = 0.3
"""Taken off the score of a note: where policy lies about as near, policy is read first. About the distance of two
neighbours in rank, so that a note which alone speaks of the matter, as an expert's ruling may, is still found first.
"""
CONSIDERED = 30
"""Passages kept as candidates, and in the record, after fusing."""
USED = 8
"""Passages handed on to compose an answer from."""


@dataclass(frozen=True)
class Retrieval:
    """What one search found, and how."""

    query: str
    """The text as searched: without redaction tokens, with the glossary's expansions."""
    expansions: tuple[Expansion, ...]
    vector: np.ndarray
    """Unit vector of the query, float32 of the embedder's dimensions."""
    candidates: tuple[Candidate, ...]
    """Every passage that was considered, best first."""
    passages: Mapping[str, tuple[Passage, Version]]
    """Passages that may be used, by id."""

    @property
    def used(self) -> tuple[Hit, ...]:
        """The hits that may be composed from, best first."""
        return tuple(c.hit for c in self.candidates if c.used)


def standardise(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as z-scores over the list they come in; a list that does not vary is all zeros."""
    if not scores:
        return {}
    values = np.fromiter(scores.values(), dtype=np.float64)
    spread = float(values.std())
    if spread == 0.0:
        return dict.fromkeys(scores, 0.0)
    mean = float(values.mean())
    return {key: (value - mean) / spread for key, value in scores.items()}


def fuse(
    dense: Mapping[str, float], lexical: Mapping[str, float], *, weight: float = LEXICAL_WEIGHT
) -> dict[str, float]:
    """Fused score by passage id: z(dense) + weight * z(lexical), best first, ties by id.

    A passage that one search did not return takes the lowest z-score of that search's list: it is no better
    than the worst that was returned.
    """
    z_dense, z_lexical = standardise(dense), standardise(lexical)
    low_dense = min(z_dense.values(), default=0.0)
    low_lexical = min(z_lexical.values(), default=0.0)
    fused = {
        key: z_dense.get(key, low_dense) + weight * z_lexical.get(key, low_lexical)
        for key in {*z_dense, *z_lexical}
    }
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))


def second_look(
    fused: Mapping[str, float], near: Mapping[str, float], *, weight: float = PROXIMITY_WEIGHT
) -> dict[str, float]:
    """The passages considered in a new order: fused score + weight * proximity, best first, ties by id."""
    looked = {key: score + weight * near.get(key, 0.0) for key, score in fused.items()}
    return dict(sorted(looked.items(), key=lambda item: (-item[1], item[0])))


def by_authority(
    scores: Mapping[str, float], found: Mapping[str, tuple[Passage, Version]], *, below: float = NOTE_BELOW
) -> dict[str, float]:
    """The passages considered with notes set ``below`` what they scored, best first, ties by id."""
    weighed = {
        key: score - below if key in found and _is_note(found[key][1]) else score
        for key, score in scores.items()
    }
    return dict(sorted(weighed.items(), key=lambda item: (-item[1], item[0])))


def _is_note(version: Version) -> bool:
    return version.metadata.kind is Kind.NOTE


def reference(version: Version, on: dt.date) -> DocumentRef:
    """A version as answers cite it."""
    m = version.metadata
    return DocumentRef(
        id=version.document_id,
        title=m.title,
        uri=m.uri,
        path=m.path,
        nations=tuple(n.value for n in m.nations),
        valid_from=m.valid_from,
        valid_to=m.valid_to,
        state=_state(version, on),
        kind=m.kind.value,
        publisher=m.publisher,
        version_id=version.id,
        published_at=m.published_at,
        review_due=m.review_due,
        notice=m.notice,
    )


def _state(version: Version, on: dt.date) -> str:
    if version.in_force(on):
        return State.CURRENT.value
    return State.WITHDRAWN.value if version.withdrawn else version.metadata.state.value


@dataclass(frozen=True)
class Retriever:
    """Search by meaning and by words, fused."""

    embedder: Embedder | Encoding
    glossary: Glossary
    weight: float = LEXICAL_WEIGHT
    depth: int = DEPTH
    proximity_weight: float = PROXIMITY_WEIGHT

    def search(
        self,
        snapshot: Snapshot,
        text: str,
        *,
        nation: Nation | None,
        on: dt.date,
        use: int = USED,
        clearance: Clearance = Clearance.OFFICIAL,
    ) -> Retrieval:
        """Find passages for a question; at most ``use`` of them are marked used.

        ``clearance`` is that of the person who asks: what is above it is neither returned nor named.
        """
        plain = bare(text) or text
        expansions = self.glossary.expand(plain)
        query = self.glossary.query(plain, expansions)
        vector = np.asarray(self.embedder.embed_query(query), dtype=np.float32)
        where = Filter(nation, on, clearance)
        depth = max(self.depth, use)
        dense = dict(snapshot.dense(vector.tolist(), depth, where))
        lexical = {key: score for key, score in snapshot.lexical(query, depth, where) if score > 0}
        ranked = fuse(dense, lexical, weight=self.weight)
        fused = dict(list(ranked.items())[: max(CONSIDERED, 2 * use)])
        found = snapshot.passages_by_id(fused)
        near = second_reading(
            query,
            query if (asked := what_is_asked(plain)) == plain else self._expanded(asked),
            {key: passage.indexed_text for key, (passage, _) in found.items()},
        )
        fused = by_authority(second_look(fused, near, weight=self.proximity_weight), found)
        candidates, passages = _judge(fused, _Scores(dense, lexical, near), found, where, use)
        return Retrieval(query, expansions, vector, candidates, passages)

    def _expanded(self, text: str) -> str:
        return self.glossary.query(text, self.glossary.expand(text))


@dataclass(frozen=True)
class _Scores:
    """What each search said of the passages it brought, by id."""

    dense: Mapping[str, float]
    lexical: Mapping[str, float]
    near: Mapping[str, float]


def _judge(
    fused: Mapping[str, float],
    scores: _Scores,
    found: Mapping[str, tuple[Passage, Version]],
    where: Filter,
    use: int,
) -> tuple[tuple[Candidate, ...], dict[str, tuple[Passage, Version]]]:
    """Every candidate with its fate, and the passages that may be used."""
    candidates: list[Candidate] = []
    passages: dict[str, tuple[Passage, Version]] = {}
    first_with: dict[str, str] = {}
    for key, score in fused.items():
        if key not in found:
            continue  # the index names a passage that the catalogue has not: there is nothing to show
        passage, version = found[key]
        if not where.cleared(version):
            continue  # not even that it exists may be told
        hit = Hit(
            passage_id=key,
            score=round(score, 4),
            text=passage.text,
            section=passage.section,
            document=reference(version, where.on),
            page=passage.page,
            dense=_rounded(scores.dense.get(key)),
            lexical=_rounded(scores.lexical.get(key)),
            proximity=_rounded(scores.near.get(key)),
            place=passage.place,
        )
        same = " ".join(passage.text.split()).casefold()
        used, reason = False, ""
        if not version.in_force(where.on):
            reason = f"not in force on {where.on.isoformat()}"
        elif not version.covers(where.nation):
            reason = f"does not apply in {(where.nation or '').replace('_', ' ').title()}"
        elif same in first_with:
            reason = f"says the same as {first_with[same]}"
        elif len(passages) >= use:
            reason = f"below the best {use}"
        else:
            used, reason = True, "among the best that apply there and then"
        if _is_note(version):
            reason += f"; a note and not policy, so {NOTE_BELOW} was taken off its score"
        if used:
            first_with[same] = key
            passages[key] = (passage, version)
        candidates.append(Candidate(hit, len(candidates) + 1, used, reason))
    return tuple(candidates), passages


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)
