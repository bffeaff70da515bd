"""Runs of evaluators: their figures and failing cases, two side by side, their files; and what people say of answers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import FileResponse

from assistant.answers import Person
from assistant.evaluated import FILES, Evaluated, Evaluations, Metric
from assistant.labels import MEANING, Value, answer_hash
from assistant.labels.answers import StoredSentence
from assistant.labels.runs import Labelling, Rating, Run
from assistant.web.api.callers import Caller, allow, may_answer
from assistant.web.api.once import Once, documented
from assistant.web.api.shapes import Given, Limit, Start, turned
from assistant.web.desk import desk_of
from assistant.web.tasks.evaluations import OF_A_REPORT, READERS, against_each, changed
from assistant.web.tasks.labelling import RATERS, differing, keep

router = APIRouter(tags=["evaluations"], route_class=Once)


class RunShown(BaseModel):
    """A scored run."""

    name: str
    suite: str
    cases: int
    passed: bool
    asked_at: str
    metrics: list[Metric]
    broken_rules: list[str]
    """What the gate holds against it, in words."""


class Runs(BaseModel):
    """A page of scored runs, the newest first."""

    runs: list[RunShown]
    next: int | None
    """Give it as ``start`` to get the next page; null: these are the last."""


class Beside(BaseModel):
    """One figure of two runs."""

    name: str
    now: float | None
    then: float | None
    difference: float | None
    """How much more it is now."""


class RunWhole(RunShown):
    """A run with the cases that fell short, and beside another where one is named."""

    failing: list[dict[str, Any]]
    against: list[Beside]
    changed: list[tuple[str, str]]
    """Cases that fall short in one of the two only, and in which."""


class ToLabel(BaseModel):
    """The runs that may be labelled, by name."""

    runs: list[Run]
    meaning: dict[Value, str]
    """What each label says."""


class Own(BaseModel):
    """What one said of one answer."""

    number: int
    question: str
    value: Value


class Differs(BaseModel):
    """An answer that one has labelled, and another otherwise."""

    question: str
    mine: Value
    others: list[Value]


class Progress(BaseModel):
    """How far a rater is with a run, and where another differs. Each rater has an order of their own."""

    run: str
    answers: int
    next: int | None
    """Number of the first answer that waits; null: none does."""
    said: list[Own]
    by_two: int
    """Answers that this rater and another have labelled."""
    differ: list[Differs]


class Blind(BaseModel):
    """An answer to be labelled: no score, nothing that was expected, no case's name."""

    number: int
    question: str
    before: list[str]
    """Questions asked before it in its conversation."""
    nation: str | None
    on: dt.date
    outcome: str
    sentences: list[StoredSentence]
    answer_sha256: str
    """A label is bound to it."""
    own: Value | None


class Label(Given):
    """What one thinks of the answer that was shown."""

    value: Value
    answer_sha256: str = Field(max_length=64)


Number = Annotated[int, Field(ge=0, le=2**31)]


@router.get("/evaluations", responses=may_answer())
def runs(request: Request, person: Caller, start: Start = 0, limit: Limit = 25) -> Runs:
    """Every scored run; for evaluators, administrators and officers."""
    shown, more = turned(_evaluations(request, person).all(), start, limit)
    return Runs(runs=[RunShown.model_validate(_about(run)) for run in shown], next=more)


@router.get("/evaluations/{name}", responses=may_answer(404))
def run(
    request: Request,
    name: str,
    person: Caller,
    against: Annotated[str, Query(max_length=128, description="Name of another run.")] = "",
) -> RunWhole:
    """One run with its failing cases; with `against`, beside another."""
    evaluations = _evaluations(request, person)
    now, then = evaluations.one(name), evaluations.one(against) if against else None
    beside = {"against": against_each(now, then), "changed": changed(now, then)} if then else {}
    whole = {"failing": now.failing, "against": [], "changed": [], **beside}
    return RunWhole.model_validate({**_about(now), **whole}, from_attributes=True)


@router.get(
    "/evaluations/{name}/files/{file}",
    response_class=FileResponse,
    responses={
        200: {"content": {kind.partition(";")[0]: {} for kind in sorted(set(FILES.values()))}}, **may_answer(404)
    },
)  # fmt: skip
def file(request: Request, name: str, file: str, person: Caller) -> FileResponse:
    """A file of a run, as it was written: `report.html`, `metrics.csv`, `cases.csv` or `evaluation.json`."""
    path = _evaluations(request, person).file(name, file)
    return FileResponse(path, media_type=FILES[file], headers={"Content-Security-Policy": OF_A_REPORT})


# --- what people say of answers -----------------------------------------------------------------------------


@router.get("/labelling", responses=may_answer())
def to_label(request: Request, person: Caller) -> ToLabel:
    """The runs that may be labelled; for evaluators and experts."""
    return ToLabel(runs=_labelling(request, person).all(), meaning=dict(MEANING))


@router.get("/labelling/{name}", responses=may_answer(404))
def progress(request: Request, name: str, person: Caller) -> Progress:
    """How far one is with a run, what one said, and where another differs."""
    before = _labelling(request, person).of(name, person.id)
    said = [
        Own(number=number, question=answer.case.question, value=before.mine[answer.case.id].value)
        for number, answer in enumerate(before.answers, start=1)
        if answer.case.id in before.mine
    ]
    differ = [
        Differs.model_validate({"question": question, "mine": mine, "others": others})
        for question, mine, others in differing(before)
    ]
    return Progress(
        run=name, answers=len(before.answers), next=before.next, said=said, by_two=before.by_two, differ=differ
    )  # fmt: skip


@router.get("/labelling/{name}/answers/{number}", responses=may_answer(404))
def blind(request: Request, name: str, number: Number, person: Caller) -> Blind:
    """One answer, by its number in one's own order."""
    return _blind(_labelling(request, person).of(name, person.id), number)


@router.post(
    "/labelling/{name}/answers/{number}/label",
    dependencies=[Depends(documented)],
    responses=may_answer(404, 413, 415),
)
def label(request: Request, name: str, number: Number, given: Label, person: Caller) -> Blind:
    """Keep what one thinks of the answer that was shown; a label given before is replaced."""
    labelling = _labelling(request, person)
    before = labelling.of(name, person.id)
    keep(desk_of(request), before, before.one(number), given.value, given.answer_sha256, channel="api")
    return _blind(labelling.of(name, person.id), number)


def _evaluations(request: Request, person: Person) -> Evaluations:
    allow(person, READERS, "read evaluations")
    return Evaluations(desk_of(request).assistant.settings.data_dir)


def _about(run: Evaluated) -> dict[str, Any]:
    return {name: getattr(run, name) for name in RunShown.model_fields}


def _labelling(request: Request, person: Person) -> Labelling:
    allow(person, RATERS, "label answers")
    return Labelling(desk_of(request).assistant.settings.data_dir)


def _blind(before: Rating, number: int) -> Blind:
    answer = before.one(number)
    own = before.mine.get(answer.case.id)
    return Blind(
        number=number, question=answer.case.question, before=list(answer.case.before), nation=answer.case.nation, on=answer.on, outcome=answer.outcome, sentences=list(answer.sentences),
        answer_sha256=answer_hash(answer), own=own.value if own else None,
    )  # fmt: skip
