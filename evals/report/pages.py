"""Fills the templates. Everything that varies is escaped by Jinja; plots are drawn here and hold no given text
but labels, which are escaped too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from evals.compare import Compared
from evals.evaluate import SLICED, Evaluation, StageTime
from evals.gate import Verdict
from evals.report import plots
from evals.results import About

SHOWN = 200
"""Failing cases on the page; the rest are in cases.csv."""
ROWS = 12
"""Rows of the table beside a curve, about."""


def run_page(
    about: About,
    evaluation: Evaluation,
    verdict: Verdict,
    times: Sequence[StageTime],
    spent: Mapping[str, float | None],
    asked_at: str,
) -> str:
    """The report of one run."""
    found = evaluation.confidence
    never = frozenset(r.metric for r in verdict.rules if r.rule == "never")
    shown = evaluation.failing[:SHOWN]
    step = max(1, len(found.curve) // ROWS)
    return _render(
        "run.html",
        about=about,
        evaluation=evaluation,
        verdict=verdict,
        never=never,
        broke=frozenset(f.case_id for f in shown if never & f.scores.keys()),
        compared={r.metric: r for r in verdict.rules if r.rule == "margin"},
        times=times,
        spent=spent,
        asked_at=asked_at,
        shown=shown,
        curve=[p for n, p in enumerate(found.curve, start=1) if n % step == 0 or n in (1, len(found.curve))],
        plots={
            "risk": Markup(plots.risk_coverage(found)),  # noqa: S704  drawn here, labels escaped
            "calibration": Markup(plots.calibration(found)),  # noqa: S704
            "latency": Markup(plots.latency(times)),  # noqa: S704
        },
        slices=[
            (metric, by, Markup(plots.slices(evaluation.slices, metric, by)), part)  # noqa: S704
            for metric in SLICED
            for by in ("kind", "nation")
            if (part := [s for s in evaluation.slices if s.metric == metric and s.by == by]) and len(part) > 1
        ],
    )


def comparison_page(compared: Compared) -> str:
    """The report of two runs, case by case."""
    return _render("compare.html", compared=compared)


@cache
def _environment() -> Environment:
    folder = files("evals.report")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath("templates", name).read_text("utf-8")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _figure
    return environment


def _render(name: str, **given: object) -> str:
    page: str = _environment().get_template(name).render(**given)
    return page


def _figure(value: float | None, places: int = 3) -> str:
    return "not scored" if value is None else f"{value:.{places}f}"
