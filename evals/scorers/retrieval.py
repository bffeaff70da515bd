"""Rank metrics by ir-measures, the field's own implementation, on relevance judged by passage content."""

from __future__ import annotations

from collections.abc import Sequence

from evals.results import Result

MEASURES = {"recall@5": "R@5", "nDCG@10": "nDCG@10", "RR@10": "RR@10", "success@1": "Success@1",
            "success@5": "Success@5"}  # fmt: skip
"""Name in the report → measure in ir-measures' notation."""


def retrieval(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Metric → case id → score, over the cases that have a relevant passage. A missing query scores 0.

    A follow-up is not searched for as it stands, so it is left to the metrics of its answer.
    """
    import ir_measures

    scored = [r for r in results if r.relevant and not r.case.before]
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for r in scored:
        wanted, spare = _one_of_each(r)
        qrels[r.case.id] = dict.fromkeys(wanted, 1)
        ranked = [passage_id for passage_id in r.retrieved if passage_id not in spare]
        run[r.case.id] = {passage_id: float(-rank) for rank, passage_id in enumerate(ranked)}
    scores: dict[str, dict[str, float]] = {name: {r.case.id: 0.0 for r in scored} for name in MEASURES}
    measures = {str(ir_measures.parse_measure(notation)): name for name, notation in MEASURES.items()}
    parsed = [ir_measures.parse_measure(notation) for notation in MEASURES.values()]
    for metric in ir_measures.iter_calc(parsed, qrels, run):
        scores[measures[str(metric.measure)]][metric.query_id] = float(metric.value)
    return scores


def _one_of_each(result: Result) -> tuple[set[str], set[str]]:
    """Of each gold's equally right passages the best-ranked one, and the rest, which are no miss and no find."""
    rank = {passage_id: at for at, passage_id in enumerate(result.retrieved)}
    wanted = {min(ids, key=lambda one: (rank.get(one, len(rank)), one)) for ids in result.relevant}
    return wanted, {one for ids in result.relevant for one in ids} - wanted
