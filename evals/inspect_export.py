"""Why: evaluators who work with Inspect (UK AI Security Institute) can open a run in its viewer, beside their own.

Needs the extra ``inspect``. What is exported is what is stored: a sample a case, with the assistant's explanation,
its quotes and every score. A case that a scorer does not apply to has no score of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.evaluate import Evaluation
from evals.results import About, Latency, Result
from evals.scorers import score
from evals.statistics import shares
from governance.errors import OptionInvalid


def export(
    about: About,
    evaluation: Evaluation,
    results: Sequence[Result],
    latencies: Sequence[Latency],
    asked_at: str,
    path: Path,
) -> int:
    """Write a run as an Inspect log (``.eval`` or ``.json``); gives the number of samples.

    Raises ``OptionInvalid`` where Inspect is not installed or the file's name ends otherwise.
    """
    if path.suffix not in (".eval", ".json"):
        raise OptionInvalid(f"{path.name} is no log of Inspect's.", do="Let its name end in .eval or .json.")
    try:
        from inspect_ai import log
        from inspect_ai.model import ModelOutput
        from inspect_ai.scorer import Score
    except ImportError as error:
        raise OptionInvalid(
            "Inspect is not installed.", do="Install the extra: frontline-assistant[inspect]."
        ) from error
    took = {latency.case_id: latency.milliseconds / 1000 for latency in latencies}
    by_case: dict[str, dict[str, Any]] = {r.case.id: {} for r in results}
    for metric, scores in score(results).items():
        for case_id, share in shares(scores).items():
            if share.of:
                by_case[case_id][metric] = Score(value=share.hits / share.of)
    samples = [
        log.EvalSample(
            id=r.case.id,
            epoch=1,
            input=r.case.question,
            target=[g.contains for g in r.case.gold] or list(r.case.outcome) or "",
            output=ModelOutput.from_content("frontline/assistant", _said(r)),
            scores=by_case[r.case.id],
            metadata={
                "outcome": r.outcome, "explanation": r.explanation, "reason": r.reason, "kind": r.case.kind,
                "nation": r.case.nation or "any", "on": r.on.isoformat(), "family": r.case.family_id,
                "quotes": [{"uri": c.uri, "quote": c.quote} for s in r.sentences for c in s.citations],
            },
            total_time=took.get(r.case.id),
        )
        for r in results
    ]  # fmt: skip
    metrics = {
        m.name: log.EvalMetric(name=m.name, value=m.estimate.mean)
        for m in evaluation.metrics
        if m.estimate.mean is not None
    }
    made = log.EvalLog(
        status="success",
        eval=log.EvalSpec(
            created=asked_at,
            task=f"frontline/{about.suite}",
            dataset=log.EvalDataset(
                name=about.suite, samples=len(results), sample_ids=[r.case.id for r in results]
            ),
            model="frontline/assistant",
            config=log.EvalConfig(),
            metadata={
                "snapshot": about.snapshot,
                "guidance": about.guidance,
                "configuration": about.configuration,
            },
        ),
        results=log.EvalResults(
            total_samples=len(results),
            completed_samples=len(results),
            scores=[log.EvalScore(name="frontline", scorer="frontline", metrics=metrics)],
        ),
        samples=samples,
    )
    log.write_eval_log(made, str(path))
    return len(samples)


def _said(result: Result) -> str:
    return "\n".join(s.text for s in result.sentences) or f"({result.outcome})"
