"""The runs of evaluators: a list, one run with its figures and failing cases, two runs side by side, and the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from assistant.evaluated import FILES, Evaluated, Evaluations
from assistant.outcomes import outcomes
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.pages import plots
from assistant.web.pages.listing import Column, listing
from assistant.web.tasks.evaluations import OF_A_REPORT, READERS, against_each, changed

router = APIRouter()


@router.get("/evaluations")
def runs(request: Request) -> Response:
    """Every scored run."""
    found = _evaluations(request).all()
    made = listing(
        request,
        "Runs",
        (
            Column[Evaluated]("name", "Run", lambda run: run.name, lambda run: f"/evaluations/{run.name}"),
            Column[Evaluated]("suite", "Suite", lambda run: run.suite),
            Column[Evaluated]("cases", "Cases", lambda run: run.cases),
            Column[Evaluated]("asked", "Asked", lambda run: run.asked_at[:16].replace("T", " ")),
            Column[Evaluated]("passed", "Gate", lambda run: "passed" if run.passed else "failed"),
        ),
        found,
        sort="asked",
        descending=True,
    )
    return (
        made
        if isinstance(made, Response)
        else desk_of(request).page(request, "evaluations.html", listing=made)
    )


@router.get("/evaluations/{name}")
def run(request: Request, name: str, against: str = "") -> Response:
    """One run; with ``against``, beside another."""
    evaluations = _evaluations(request)
    now = evaluations.one(name)
    then = evaluations.one(against) if against else None
    made = listing(
        request,
        "Cases that fell short",
        (
            Column[Mapping[str, Any]]("case", "Case", lambda case: str(case["case_id"])),
            Column[Mapping[str, Any]]("kind", "Kind", lambda case: str(case.get("kind", ""))),
            Column[Mapping[str, Any]]("question", "Question", lambda case: str(case["question"])),
            Column[Mapping[str, Any]]("outcome", "Outcome", lambda case: _label(str(case["outcome"]))),
            Column[Mapping[str, Any]]("short", "Fell short in", lambda case: ", ".join(case["scores"])),
            Column[Mapping[str, Any]]("why", "Why", lambda case: str(case.get("explanation", ""))),
        ),
        now.failing,
        sort="case",
    )
    if isinstance(made, Response):
        return made
    return desk_of(request).page(
        request, "evaluation.html", run=now, then=then, listing=made, files=sorted(FILES),
        others=[one for one in evaluations.all() if one.name != name],
        against=against_each(now, then) if then else (), changed=changed(now, then) if then else (),
        curve=_curve(now), stages=_stages(now),
    )  # fmt: skip


@router.get("/evaluations/{name}/{file}")
def file(request: Request, name: str, file: str) -> Response:
    """A file of a run, as it was written."""
    path = _evaluations(request).file(name, file)
    return FileResponse(path, media_type=FILES[file], headers={"Content-Security-Policy": OF_A_REPORT})


def _evaluations(request: Request) -> Evaluations:
    require(signed_in(request), READERS, "read evaluations")
    return Evaluations(desk_of(request).assistant.settings.data_dir)


def _label(outcome: str) -> str:
    return next((w.label for o, w in outcomes().items() if o.value == outcome), outcome)


def _curve(run: Evaluated) -> plots.Plot | None:
    curve = (run.body.get("confidence") or {}).get("curve") or []
    if not curve:
        return None
    return plots.line(
        "risk", "Risk and coverage",
        f"When every question is answered, {curve[-1]['risk']:.0%} of the answers are wrong; answering only the surest is safer. "
        "Up: share of the answers that are wrong.",
        "Share of questions answered", "Share of the answers that are wrong",
        [(point["coverage"], point["risk"]) for point in curve],
    )  # fmt: skip


def _stages(run: Evaluated) -> plots.Plot | None:
    stages = run.body.get("stages", [])
    slowest = max(
        (one for one in stages if one["stage"] != "whole"), key=lambda one: one["p50"], default=None
    )
    if slowest is None:
        return None
    return plots.bars(
        "stages", "Milliseconds by step",
        f"The step that takes longest is {slowest['stage']}, {slowest['p50']:.0f} ms. A bar is the median; the line goes on "
        "to what 95 of 100 stay under.",
        [plots.Value(one["stage"], one["p50"], one["p95"]) for one in stages],
        ("Step", "Median", "95 of 100 within"), "ms",
    )  # fmt: skip
