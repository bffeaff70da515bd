"""Whether the same question in other words gets the same answer."""

from __future__ import annotations

from collections.abc import Sequence

from evals.results import Result
from evals.scorers.answers import ANSWERED
from evals.statistics import Share


def stability(results: Sequence[Result]) -> dict[str, Share]:
    """Case id → of the other cases that ask the same (one family, one gold, one date), those treated alike.

    Alike: both answered or neither, and the same expected passages cited. Nations may differ within a
    family, as long as the same passages are expected.
    """
    groups: dict[tuple[object, ...], list[Result]] = {}
    for r in results:
        if r.case.answerable and r.relevant:
            # By documents and dates rather than by words: paraphrases may accept more or fewer passages.
            key = (r.case.family_id, r.case.as_of, tuple(g.uri for g in r.case.gold), r.case.facts)
            groups.setdefault(key, []).append(r)
    return {
        one.case.id: Share(
            sum(_treated(one) == _treated(other) for other in group if other is not one), len(group) - 1
        )
        for group in groups.values()
        if len(group) > 1
        for one in group
    }


def _treated(result: Result) -> tuple[bool, tuple[bool, ...]]:
    return result.outcome in ANSWERED, result.gold_cited
