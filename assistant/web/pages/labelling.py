"""The pages on which people say what they think of an evaluation's answers.

They are blind: no score, nothing that was expected, no case's name, and of what others said only where the rater has
labelled the same answer. Each rater has an order of their own.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from assistant.labels import MEANING, answer_hash
from assistant.labels.runs import Labelling, Rating, Run
from assistant.outcomes import outcomes
from assistant.web.desk import desk_of, require, signed_in
from assistant.web.pages.listing import Column, listing
from assistant.web.tasks.labelling import RATERS, differing, keep
from governance.errors import FrontlineError

router = APIRouter()


class Choice(BaseModel):
    """The form: what is thought of the answer that was shown."""

    number: int = 0
    answer: str = ""
    """Hash of the answer that was shown: a label is bound to it."""
    value: str = ""
    token: str = ""


@router.get("/labelling")
def runs(request: Request) -> Response:
    """Every run that may be labelled."""
    rater = _rater(request)
    made = listing(
        request,
        "Runs to label",
        (
            Column[Run]("name", "Run", lambda run: run.name, lambda run: f"/labelling/{run.name}"),
            Column[Run]("suite", "Suite", lambda run: run.suite),
            Column[Run]("answers", "Answers", lambda run: run.answers),
            Column[Run]("mine", "Labelled by you", lambda run: run.by.get(rater, 0)),
            Column[Run]("others", "Others who label", lambda run: len(run.by.keys() - {rater})),
        ),
        Labelling(desk_of(request).assistant.settings.data_dir).all(),
        sort="name",
    )
    if isinstance(made, Response):
        return made
    return desk_of(request).page(request, "labelling.html", listing=made)


@router.get("/labelling/{name}")
def run(request: Request, name: str) -> Response:
    """One run: how far the rater is, what they said, and where another differs."""
    before = _before(request, name)
    mine = before.mine
    said = [
        (number, answer.case.question, mine[answer.case.id].value)
        for number, answer in enumerate(before.answers, start=1)
        if answer.case.id in mine
    ]
    made = listing(
        request,
        "What you said",
        (
            Column[tuple[int, str, str]]("number", "Answer", lambda row: row[0]),
            Column[tuple[int, str, str]](
                "question", "Question", lambda row: row[1], lambda row: _address(name, row[0])
            ),
            Column[tuple[int, str, str]]("value", "Your label", lambda row: row[2]),
        ),
        said,
        sort="number",
    )
    if isinstance(made, Response):
        return made
    return desk_of(request).page(
        request, "labelling_run.html", before=before, listing=made, differ=differing(before)
    )


@router.get("/labelling/{name}/answer")
def form(request: Request, name: str, number: int = 0) -> Response:
    """The next answer that waits, or the one of a number."""
    before = _before(request, name)
    wanted = number or before.next
    if wanted is None:
        return RedirectResponse(f"/labelling/{name}", status_code=303)
    return _page(request, before, wanted)


@router.post("/labelling/{name}/answer")
def label(request: Request, name: str, given: Annotated[Choice, Form()]) -> Response:
    """Keep a label, record that it was given, and lead to the next answer."""
    desk = desk_of(request)
    before = _before(request, name)
    answer = before.one(given.number)
    try:
        desk.sessions.check(signed_in(request), given.token)
        keep(desk, before, answer, given.value, given.answer, channel="page")
    except FrontlineError as error:
        return _page(request, before, given.number, error)
    return RedirectResponse(_address(name, 0), status_code=303)


def _page(request: Request, before: Rating, number: int, error: FrontlineError | None = None) -> Response:
    answer = before.one(number)
    own = before.mine.get(answer.case.id)
    return desk_of(request).page(
        request, "labelling_answer.html", status=error.status if error else 200, before=before, number=number,
        answer=answer, sha256=answer_hash(answer), own=own.value if own else "", meaning=MEANING, error=error,
        outcome=next((w.label for o, w in outcomes().items() if o.value == answer.outcome), "Not taken in"),
    )  # fmt: skip


def _rater(request: Request) -> str:
    session = signed_in(request)
    require(session, RATERS, "label answers")
    return session.person_id


def _before(request: Request, name: str) -> Rating:
    return Labelling(desk_of(request).assistant.settings.data_dir).of(name, _rater(request))


def _address(name: str, number: int) -> str:
    return f"/labelling/{name}/answer" + (f"?number={number}" if number else "")
