"""Why: a setting chosen and praised on the same questions is praised too much.

Nested resampling: the documents are dealt into folds; for each fold the best setting is chosen on the others and
measured on it alone. What is stated as the gain is what the *procedure* reaches on documents it never saw. The
setting written is the one chosen on all of them. Abstention's threshold is chosen the same way, on questions that
a text answers and questions that none does.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from evals.cases import Case, Suite
from evals.results import Result
from evals.statistics import SEED, Estimate, cluster_bootstrap

if TYPE_CHECKING:
    from assistant.retrieve import Retriever
    from ingest.snapshot import Snapshot

FOLDS = 5
WEIGHTS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0)
"""Weights of the words, that of the meaning being 1, which are tried."""
THRESHOLDS = tuple(round(0.02 * n, 2) for n in range(41))
COVERAGE = 0.85
"""Share of answerable questions that must be answered, whatever else a threshold gains."""
Setting = TypeVar("Setting", bound=Hashable)


@dataclass(frozen=True)
class Chosen:
    """A setting, and the evidence for it."""

    name: str
    current: float
    chosen: float
    measure: str
    cases: int
    at_current: float
    """Mean of the measure with the current setting, on all cases."""
    at_chosen: float
    """With the chosen setting on the same cases it was chosen on: too good, and shown for that."""
    gain: Estimate
    """Gain of the procedure over the current setting on folds that it did not choose on: the honest one."""
    by_fold: tuple[float, ...]
    """What was chosen without each fold: how steady the choice is."""
    tried: Mapping[str, float]

    @property
    def worth_it(self) -> bool:
        """Whether the gain is beyond chance: its interval lies above nought."""
        return self.gain.low is not None and self.gain.low > 0


def retrieval_scores(
    retriever: Retriever, snapshot: Snapshot, suite: Suite, weights: Sequence[float] = WEIGHTS
) -> dict[float, dict[str, float]]:
    """Weight → case → reciprocal rank of the first right passage among the ten best; 0 where there is none."""
    remembering = replace(retriever, embedder=_Remembering(retriever.embedder))  # type: ignore[arg-type]
    right = {c.id: _right(snapshot, c) for c in suite.cases if c.gold}
    return {
        weight: {
            c.id: _reciprocal_rank(replace(remembering, weight=weight), snapshot, c, right[c.id], suite.on)
            for c in suite.cases
            if c.gold
        }
        for weight in weights
    }


def abstention_scores(
    results: Sequence[Result], thresholds: Sequence[float] = THRESHOLDS
) -> dict[float, dict[str, float]]:
    """Threshold → case → 1 where it would be treated rightly: answerable ones answered, others declined."""
    sure = {r.case.id: -1.0 if r.confidence is None else r.confidence for r in results}
    return {
        t: {r.case.id: float((sure[r.case.id] >= t) == r.case.answerable) for r in results}
        for t in thresholds
    }


def choose(
    name: str,
    measure: str,
    scores: Mapping[float, Mapping[str, float]],
    family: Mapping[str, str],
    current: float,
    *,
    pick: Callable[[Mapping[float, Mapping[str, float]], Sequence[str]], float] | None = None,
    folds: int = FOLDS,
    seed: int = SEED,
) -> Chosen:
    """Choose a setting by nested resampling over families. ``scores`` maps setting → case → score.

    ``pick`` chooses a setting from scores and case ids; by default the best mean, nearest the current on a tie.
    """
    best = pick or (lambda given, ids: _best(given, ids, current))
    families = sorted(set(family.values()))
    random.Random(seed).shuffle(families)
    fold_of = {name_: n % folds for n, name_ in enumerate(families)}
    ids = sorted(next(iter(scores.values())))
    gains: dict[str, float] = {}
    by_fold = []
    for fold in range(folds):
        held = [i for i in ids if fold_of[family[i]] == fold]
        rest = [i for i in ids if fold_of[family[i]] != fold]
        found = best(scores, rest)
        by_fold.append(found)
        gains.update({i: scores[found][i] - scores[current][i] for i in held})
    chosen = best(scores, ids)
    return Chosen(
        name=name, current=current, chosen=chosen, measure=measure, cases=len(ids),
        at_current=_mean(scores[current], ids), at_chosen=_mean(scores[chosen], ids),
        gain=cluster_bootstrap(gains, family, seed=seed), by_fold=tuple(by_fold),
        tried={str(setting): round(_mean(by_case, ids), 4) for setting, by_case in scores.items()},
    )  # fmt: skip


def covering(
    answerable: Mapping[str, bool], least: float = COVERAGE
) -> Callable[[Mapping[float, Mapping[str, float]], Sequence[str]], float]:
    """Picks the threshold that declines most of what nobody answers while answering ``least`` of what is answered."""

    def pick(scores: Mapping[float, Mapping[str, float]], ids: Sequence[str]) -> float:
        yes, no = [i for i in ids if answerable[i]], [i for i in ids if not answerable[i]]
        enough = [t for t in scores if _mean(scores[t], yes) >= least] or [min(scores)]
        return max(enough, key=lambda t: (_mean(scores[t], no), -t))

    return pick


def _best(scores: Mapping[float, Mapping[str, float]], ids: Sequence[str], current: float) -> float:
    return max(scores, key=lambda s: (round(_mean(scores[s], ids), 6), -abs(s - current)))


def _mean(by_case: Mapping[str, float], ids: Sequence[str]) -> float:
    return float(np.mean([by_case[i] for i in ids])) if ids else 0.0


def _right(snapshot: Snapshot, case: Case) -> frozenset[str]:
    uris = {place.uri for gold in case.gold for place in (gold, *gold.or_in)}
    return frozenset(
        p.id for v in snapshot.documents() if v.metadata.uri in uris for p in snapshot.passages_of(v.id)
    )


def _reciprocal_rank(
    retriever: Retriever, snapshot: Snapshot, case: Case, right: frozenset[str], on: dt.date
) -> float:
    found = retriever.search(snapshot, case.question, nation=case.nation, on=case.as_of or on, use=10).used
    return next((1 / rank for rank, hit in enumerate(found, start=1) if hit.passage_id in right), 0.0)


class _Remembering:
    """An embedder that embeds each query once."""

    def __init__(self, embedder: object) -> None:
        self._embedder = embedder
        self._known: dict[str, list[float]] = {}

    def embed_query(self, text: str) -> list[float]:
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)  # type: ignore[attr-defined]
        return self._known[text]
