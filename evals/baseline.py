"""Why: "worse than before" needs a before that is kept with the code, small enough to be read in a review."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.results import About, Result, write_whole
from evals.scorers import Score, score
from evals.statistics import Share
from governance.errors import RunIncomplete


class Scored(BaseModel):
    """One case of a baseline: which case it was, and what each metric gave it as (hits, of)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    sha256: str
    """First 16 digits of the case's hash."""
    scores: dict[str, tuple[float, float]]


class Baseline(BaseModel):
    """The scores of a run, by case: what a later run is compared with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    guidance: str
    snapshot: str
    configuration: str
    cases: dict[str, Scored]

    def scores(self) -> dict[str, dict[str, Score]]:
        """Metric → case id → score."""
        found: dict[str, dict[str, Score]] = {}
        for case_id, case in self.cases.items():
            for metric, (hits, of) in case.scores.items():
                found.setdefault(metric, {})[case_id] = Share(hits, of)
        return found


def baseline(about: About, results: Sequence[Result], judged: Mapping[str, float] | None = None) -> Baseline:
    """What a run becomes when later runs are compared with it."""
    of_case: dict[str, dict[str, tuple[float, float]]] = {r.case.id: {} for r in results}
    for metric, by_case in score(results, judged).items():
        for case_id, one in by_case.items():
            share = one if isinstance(one, Share) else Share(one, 1.0)
            of_case[case_id][metric] = (round(share.hits, 4), share.of)
    return Baseline(
        suite=about.suite,
        guidance=about.guidance,
        snapshot=about.snapshot,
        configuration=about.configuration,
        cases={
            r.case.id: Scored(family=r.case.family_id, sha256=r.case.sha256[:16], scores=of_case[r.case.id])
            for r in results
        },
    )


def write_baseline(path: Path, made: Baseline) -> None:
    """Write a baseline, one case a line, so that a change of it can be reviewed."""
    cases = ",\n".join(
        f"  {json.dumps(case_id)}: {case.model_dump_json()}" for case_id, case in sorted(made.cases.items())
    )
    head = {k: v for k, v in made.model_dump(mode="json").items() if k != "cases"}
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    write_whole(path, "{" + ",\n".join(lines) + ',\n"cases": {\n' + cases + "\n}}\n")


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises ``RunIncomplete`` where there is none or it is damaged."""
    if not path.is_file():
        raise RunIncomplete(
            f"There is no baseline {path}.", do="Make one: `frontline eval baseline RUN --to FILE`."
        )
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise RunIncomplete(
            f"The baseline {path} is damaged: {error.errors()[0]['msg']}.",
            do="Put it back, or make it again.",
        ) from error
