"""Whether answers are given, and what is in force, for administrators."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from assistant.answers import Outcome, Role
from assistant.switch import SwitchState
from assistant.trends import WEEKS, StageTime, Trends
from assistant.web.api.callers import Caller, allow, caller, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Given
from assistant.web.desk import desk_of
from assistant.web.tasks.figures import READERS
from governance.egress import DataClass, Destination
from governance.retention import Period, periods
from governance.vault import Kind

router = APIRouter(tags=["administration"], route_class=Once)


class Switching(Given):
    """Stopping answers, or letting them go on."""

    search_only: bool
    reason: str = Field(min_length=1, max_length=500)


class Limits(BaseModel):
    """What is asked of a person and of the whole; the names are those of the settings."""

    questions_each: int
    """Questions and searches of one person in a minute."""
    questions_together: int
    answers_at_once: int
    answer_seconds: int
    session_minutes: int
    """After which an idle session ends."""
    session_hours: int


class Leaves(BaseModel):
    """A place that may be reached, and what it may be sent."""

    name: str
    host: str
    port: int
    scheme: str
    region: str
    data: list[DataClass]


class InForce(BaseModel):
    """How things stand."""

    switch: SwitchState
    in_force: dict[str, str]
    limits: Limits
    destinations: list[Leaves]
    """None: nothing may leave this machine."""
    kept: dict[Kind, Period]
    """How long each class of personal data is kept, and why."""


class Weekly(BaseModel):
    """What became of the questions of a week."""

    begins: dt.date
    outcomes: dict[Outcome, int]


class Figures(BaseModel):
    """How the service is doing."""

    weeks: list[Weekly]
    stages: list[StageTime]
    """Milliseconds by step."""


@router.get("/administration", responses=may_answer())
def administration(request: Request, person: Caller) -> InForce:
    """What is in force; for administrators."""
    allow(person, {Role.ADMINISTRATOR}, "administer the service")
    assistant = desk_of(request).assistant
    settings = assistant.settings
    return InForce(
        switch=assistant.switch.state(), in_force=assistant.in_force(),
        limits=Limits.model_validate(settings, from_attributes=True),
        destinations=[_leaves(one) for one in settings.destinations], kept=periods(settings.retention),
    )  # fmt: skip


@router.get("/administration/figures", responses=may_answer())
def figures(request: Request, person: Caller) -> Figures:
    """Questions by outcome and week, and milliseconds by step; for administrators and officers. Counts alone."""
    allow(person, READERS, "see how the service is doing")
    trends = Trends(desk_of(request).assistant.store)
    now = dt.datetime.now(dt.UTC)
    weeks = [Weekly(begins=week.begins, outcomes=dict(week.outcomes)) for week in trends.weeks(now.date())]
    return Figures(weeks=weeks, stages=list(trends.stages(now - dt.timedelta(weeks=WEEKS))))


@router.get("/switch", dependencies=[Depends(caller)], responses=may_answer())
def switch(request: Request) -> SwitchState:
    """Whether answers are given."""
    return desk_of(request).assistant.switch.state()


@router.post("/switch", dependencies=[Depends(documented)], responses=may_answer(413, 415))
def throw(request: Request, given: Switching, person: Caller) -> SwitchState:
    """Stop answers from the next question on, or let them go on; for administrators."""
    return desk_of(request).assistant.switch.set(
        search_only=given.search_only, reason=given.reason, by=person
    )


def _leaves(one: Destination) -> Leaves:
    return Leaves.model_validate(one, from_attributes=True)
