"""How the service is doing: what became of questions, week by week, and how long each step takes. Counts alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.answers import Outcome, Role
from assistant.outcomes import outcomes
from assistant.plural import plural
from assistant.trends import NEWEST, WEEKS, StageTime, Trends, Week
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.pages import plots
from assistant.web.tasks.figures import READERS

router = APIRouter()


@router.get("/administration/figures")
def figures(request: Request) -> Response:
    """Both plots, each with its table."""
    session = signed_in(request)
    require(session, READERS, "see how the service is doing")
    desk = desk_of(request)
    now = dt.datetime.now(dt.UTC)
    trends = Trends(desk.assistant.store)
    return desk.page(
        request, "figures.html", becoming=becoming(trends.weeks(now.date())),
        taking=taking(trends.stages(now - dt.timedelta(weeks=WEEKS))), weeks=WEEKS, newest=NEWEST,
        administers=session.person.role is Role.ADMINISTRATOR,
    )  # fmt: skip


def becoming(weeks: Sequence[Week]) -> plots.Plot | None:
    """Questions by what became of them, those outcomes that there were."""
    had = [outcome for outcome in Outcome if any(week.outcomes[outcome] for week in weeks)]
    whole = sum(week.outcomes.total() for week in weeks)
    answered = sum(week.outcomes[Outcome.ANSWERED] for week in weeks)
    return plots.columns(
        "becoming", "Questions by outcome and week",
        f"{plural(whole, 'question')} in {plural(len(weeks), 'week')}, {answered:,} of them answered from guidance. "
        "Each column is a week; all rows have one measure.",
        [f"{week.begins.day} {week.begins:%b}" for week in weeks],
        [(outcomes()[outcome].label, [week.outcomes[outcome] for week in weeks]) for outcome in had],
        "Week from",
    )  # fmt: skip


def taking(stages: Sequence[StageTime]) -> plots.Plot | None:
    """How long each step takes: the median, and what 95 of 100 stay under."""
    if not stages:
        return None
    slowest = max(stages, key=lambda one: one.median)
    return plots.bars(
        "taking", "Milliseconds by step",
        f"The step that takes longest is {slowest.stage}: {slowest.median:,.0f} ms in the middle, and 95 of 100 take "
        f"{slowest.p95:,.0f} ms at most. A bar is the median; the line goes on to what 95 of 100 stay under.",
        [plots.Value(one.stage, one.median, one.p95) for one in stages],
        ("Step", "Median", "95 of 100 within"), "ms",
    )  # fmt: skip
