"""Why: a suite says how good answers were on the day it was written; a sample of real ones says how they are now.

A small sample of the last day's answers is drawn by a fixed seed and scored by the same scorers, where everyone
concerned agreed to that use (each decision is recorded). Only what needs no expected answer is scored. No question
is kept: a row names the answer's reference and nothing of what was asked.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from assistant.answers import Answer
from evals.cases import Case
from evals.evaluate import Metric
from evals.results import Quoted, Result, Said, Withheld
from evals.scorers import SCORERS
from evals.statistics import cluster_bootstrap
from governance.errors import AgreementMissing
from governance.explanation import Explanation
from governance.uses import Concerned, Use

if TYPE_CHECKING:
    from assistant.app import Assistant
    from governance.ledger import Entry
    from ingest.snapshot import Snapshot

SCORED = (
    "citation recall (proxy)", "citation precision (proxy)", "sentences that stood", "quotes verbatim",
    "figures in the quote", "no word of its own", "no personal data kept", "no wrong nation", "no stale source",
)  # fmt: skip
"""Metrics that need no expected answer."""
WITHHELD = "(a real question, not kept)"
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_PAGE = 500


@dataclass(frozen=True)
class Sample:
    """What was drawn, and what became of it."""

    drawn: int
    """Answers taken of those recorded, within the budget."""
    refused: int
    """Drawn, and not used: somebody concerned did not agree."""
    unscored: int
    """Agreed to, and not scored: a passage it cites is no longer in the snapshot."""
    results: tuple[Result, ...]


def sample(
    assistant: Assistant, *, since: dt.datetime, until: dt.datetime, most: int, seed: int, actor: str
) -> Sample:
    """Draw at most ``most`` of the answers recorded in a time, and score what may be scored."""
    answers = list(_answers(assistant, since, until))
    drawn = random.Random(seed).sample(answers, min(most, len(answers)))
    refused = unscored = 0
    results: list[Result] = []
    snapshot = assistant.snapshots.current()
    for entry in sorted(drawn, key=lambda e: e.index):
        try:
            assistant.records.uses.make(
                Use.EVALUATE, Concerned.by(entry.body), lambda _: None, about=entry.subject, actor=actor
            )
        except AgreementMissing:
            refused += 1
            continue
        result = _result(assistant, snapshot, entry)
        if result is None:
            unscored += 1
        else:
            results.append(result)
    return Sample(len(drawn), refused, unscored, tuple(results))


def metrics(results: Sequence[Result]) -> tuple[Metric, ...]:
    """Figures of a sample, with their intervals; no floors: they are compared with the suite's by a person."""
    family = {r.case.id: r.case.id for r in results}
    made = []
    for name in SCORED:
        scores = {r.case.id: one for r in results if (one := SCORERS[name](r)) is not None}
        made.append(Metric(name, cluster_bootstrap(scores, family), None))
    return tuple(made)


def _answers(assistant: Assistant, since: dt.datetime, until: dt.datetime) -> Iterator[Entry]:
    after = -1
    while page := assistant.ledger.entries(type="answer", since=since, until=until, after=after, limit=_PAGE):
        yield from page
        after = page[-1].index


def _result(assistant: Assistant, snapshot: Snapshot, entry: Entry) -> Result | None:
    explanation = Explanation.from_body(entry.body)
    answer = _ANSWER.validate_python(entry.body["answer"])
    cited = {c.passage_id for s in answer.sentences for c in s.citations}
    passages = snapshot.passages_by_id(cited)
    if cited - passages.keys():
        return None
    texts = [explanation.input.question, *(s.text for s in answer.sentences)]
    said = []
    for sentence in answer.sentences:
        quotes = [c.quote for c in sentence.citations]
        together = assistant.supports(sentence.text, quotes) if quotes else 0.0
        said.append(
            Said(
                text=sentence.text,
                support=round(together, 3),
                citations=tuple(
                    Quoted(
                        passage_id=c.passage_id, uri=c.document.uri, quote=c.quote,
                        verbatim=passages[c.passage_id][0].text[c.start : c.end] == c.quote,
                        nations=tuple(passages[c.passage_id][1].metadata.nations),
                        in_force=passages[c.passage_id][1].in_force(answer.on),
                        alone=round(assistant.supports(sentence.text, [c.quote]), 3), without=0.0,
                    )
                    for c in sentence.citations
                ),
            )
        )  # fmt: skip
    left = [f"{span.type}" for text in texts if text for span in assistant.redactor.find(text)]
    case = Case(
        id=f"live-{entry.index}", family_id=f"live-{entry.index}", question=WITHHELD, kind="personal_data",
        answerable=False, nation=answer.nation, as_of=answer.on, personal=("any",),
    )  # fmt: skip
    return Result(
        case=case,
        on=answer.on,
        outcome=answer.outcome.value,
        sentences=tuple(said),
        uncovered=(),
        retrieved=(),
        relevant=(),
        gold_cited=(),
        withheld=tuple(Withheld(text="", check=d.check) for d in explanation.dropped),
        kept=tuple(left),
        composed_by=explanation.model.kind,
        snapshot=snapshot.root_hash,
    )
