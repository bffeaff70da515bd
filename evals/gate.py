"""Why: whether a change may be released is one question, and its answer must be the same whoever asks.

Three kinds of rule, from evals/suites/<suite>/suite.json. (1) *Zero tolerance*: one case in which something
that must never happen did, fails; the bound says what may still hide. (2) *Floors*: the mean must reach them.
(3) *Non-inferiority*: the lower end of the 95 % interval of the paired difference from the baseline must lie
above -δ. A difference that is significant over the whole family (Holm) but within its margin is reported, and
does not fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.baseline import Baseline
from evals.cases import Suite
from evals.results import Result
from evals.scorers import Scores, score
from evals.statistics import (
    RESAMPLES,
    Comparison,
    Estimate,
    clopper_pearson,
    cluster_bootstrap,
    compare,
    holm,
    shares,
)
from governance.errors import RunIncomplete, RunsDiffer

ALPHA = 0.05
VERBATIM = ("no word of its own",)
"""Not asked of a run in which a chat model composed everything: it may say the same in other words."""


@dataclass(frozen=True)
class Rule:
    """One rule of the gate and what it found."""

    rule: Literal["never", "floor", "margin"]
    metric: str
    passed: bool
    said: str
    """In words: the figure, the limit, and by how much."""
    value: float | None = None
    limit: float | None = None
    bound: float | None = None
    """For ``never``: the failure rate that cannot be ruled out, upper 95 % bound."""
    comparison: Comparison | None = None
    p_holm: float | None = None
    worse: bool = False
    """For ``margin``: significantly worse than the baseline over the whole family."""
    cases: tuple[str, ...] = ()
    """Cases that broke it, or that lost most against the baseline."""

    @property
    def better(self) -> bool:
        """For ``margin``: significantly better than the baseline over the whole family."""
        return self.comparison is not None and (self.p_holm or 0.0) < ALPHA and self.comparison.difference > 0


@dataclass(frozen=True)
class Verdict:
    """Whether a run may pass, with every rule's reason."""

    suite: str
    rules: tuple[Rule, ...]
    notes: tuple[str, ...]
    """What a reader should know of the comparison itself."""

    @property
    def passed(self) -> bool:
        """Whether every rule holds."""
        return all(rule.passed for rule in self.rules)

    @property
    def compared(self) -> tuple[Rule, ...]:
        """Metrics that were held to a baseline; empty: floors and what must never happen only."""
        return tuple(rule for rule in self.rules if rule.rule == "margin")

    @property
    def failed(self) -> tuple[str, ...]:
        """Metrics that failed, in order, each once."""
        return tuple(dict.fromkeys(rule.metric for rule in self.rules if not rule.passed))


def judge(
    suite: Suite,
    results: Sequence[Result],
    against: Baseline | None,
    *,
    guidance: str = "",
    across_guidance: bool = False,
    resamples: int = RESAMPLES,
    judged: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
) -> Verdict:
    """Hold a run to its suite's rules. Without a baseline only ``never`` and ``floor`` are judged.

    ``judged`` is what a judge model adds to the scores, and ``notes`` what else a reader should know.

    Raises ``RunIncomplete`` where the run lacks cases of the baseline or is of another suite, and
    ``RunsDiffer`` where the guidance differs and ``across_guidance`` was not asked for.
    """
    scores = score(results, judged)
    family = {r.case.id: r.case.family_id for r in results}
    chat = any(r.sentences for r in results) and all(r.composed_by == "chat" for r in results if r.sentences)
    rules = [*_never(suite, scores, skip=VERBATIM if chat else ()), *_floors(suite, scores, family)]
    said = list(notes)
    if against is not None:
        kept, compared = _comparable(suite, results, against, guidance, across_guidance)
        said += compared
        rules += _margins(suite, scores, against.scores(), family, kept, resamples)
    return Verdict(suite.name, tuple(rules), tuple(said))


def _never(suite: Suite, scores: Scores, *, skip: Sequence[str]) -> Iterator[Rule]:
    for metric in suite.never:
        if metric in skip:
            continue
        found = shares(scores.get(metric, {}))
        broke = tuple(sorted(case_id for case_id, s in found.items() if s.hits < s.of))
        bound = clopper_pearson(len(broke), len(found))
        said = (
            f"{len(broke)} of {len(found)} cases; the true rate may be up to {bound:.1%}"
            if found
            else "nothing was scored"
        )
        yield Rule(
            "never", metric, bool(found) and not broke, said,
            1 - len(broke) / len(found) if found else None, 1.0, bound, cases=broke,
        )  # fmt: skip


def _floors(suite: Suite, scores: Scores, family: Mapping[str, str]) -> Iterator[Rule]:
    for metric, floor in suite.floors.items():
        if metric in suite.never:
            continue
        mean = _mean(cluster_bootstrap(scores.get(metric, {}), family, resamples=1))
        passed = mean is not None and mean >= floor
        said = "nothing was scored" if mean is None else f"{mean:.3f}, at least {floor:.2f} wanted"
        yield Rule("floor", metric, passed, said, mean, floor)


def _mean(estimate: Estimate) -> float | None:
    return estimate.mean


def _margins(
    suite: Suite,
    scores: Scores,
    before: Scores,
    family: Mapping[str, str],
    kept: frozenset[str],
    resamples: int,
) -> list[Rule]:
    compared: dict[str, Comparison] = {}
    rules = []
    for metric in suite.margins:
        old = {k: v for k, v in before.get(metric, {}).items() if k in kept}
        new = {k: v for k, v in scores.get(metric, {}).items() if k in kept}
        found = compare(old, new, family, resamples=resamples)
        if found is not None:
            compared[metric] = found
        elif old:
            rules.append(Rule("margin", metric, False, "the baseline scored it, this run did not"))
    adjusted = holm({metric: c.p for metric, c in compared.items()})
    for metric, c in compared.items():
        margin = suite.margins[metric]
        passed = c.low > -margin
        worse = adjusted[metric] < ALPHA and c.difference < 0
        said = (
            f"{c.old:.3f} → {c.new:.3f}, difference {c.difference:+.3f} ({c.low:+.3f} to {c.high:+.3f}), "
            f"margin {margin:.2f}; {c.n} cases see {c.visible:.3f}"
        )
        lost = _lost(scores[metric], before[metric], kept) if worse or not passed else ()
        rules.append(
            Rule(
                "margin", metric, passed, said, c.difference, -margin, None, c, adjusted[metric], worse, lost
            )
        )
    return rules


def _lost(new: Mapping[str, object], old: Mapping[str, object], kept: frozenset[str]) -> tuple[str, ...]:
    after, before = shares(new), shares(old)  # type: ignore[arg-type]
    return tuple(
        sorted(
            k for k in kept & after.keys() & before.keys()
            if after[k].hits * before[k].of < before[k].hits * after[k].of
        )
    )  # fmt: skip


def _comparable(
    suite: Suite, results: Sequence[Result], against: Baseline, guidance: str, across: bool
) -> tuple[frozenset[str], list[str]]:
    """The cases that may be compared, and what a reader should know."""
    if against.suite != suite.name:
        raise RunIncomplete(
            f"The baseline is of the suite {against.suite}, the run of {suite.name}.",
            do="Compare like with like.",
        )
    asked = {r.case.id: r.case.sha256[:16] for r in results}
    current = {c.id for c in suite.cases} or against.cases.keys()
    if missing := sorted((against.cases.keys() & current) - asked.keys()):
        raise RunIncomplete(
            f"{len(missing)} cases of the baseline were not asked, {missing[0]} first.",
            do="Generate the run again to its end.",
        )
    notes = []
    if guidance and guidance != against.guidance:
        if not across:
            raise RunsDiffer(
                "The run and the baseline were made over different guidance.",
                do="Make a baseline over this guidance, or compare with --across-guidance and read the warning.",
            )
        notes.append(
            "Warning: the guidance has changed since the baseline, so a difference may be the guidance's."
        )
    changed = sorted(k for k in asked.keys() & against.cases.keys() if asked[k] != against.cases[k].sha256)
    if changed:
        notes.append(
            f"Changed since the baseline, and not compared: {len(changed)} of the cases ({', '.join(changed[:5])})."
        )
    if new := asked.keys() - against.cases.keys():
        notes.append(f"Not in the baseline, and held to floors only: {len(new)} of the cases.")
    return frozenset(asked.keys() & against.cases.keys()) - frozenset(changed), notes
