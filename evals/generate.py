"""Why: asking is slow and needs models; scoring is neither. So asking is done once, and stored."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evals.cases import Case, Gold, Suite
from evals.results import Latency, Quoted, Result, Said
from governance.errors import CaseInvalid
from ingest.documents import Filter

if TYPE_CHECKING:
    from assistant.answers import Answer, Citation
    from assistant.app import Assistant
    from ingest.snapshot import Snapshot

DEPTH = 10
"""Passages kept of each search: nDCG@10 needs ten."""


def generate(
    assistant: Assistant, suite: Suite, *, done: Callable[[int, int], None] = lambda _n, _of: None
) -> Iterator[tuple[Result, Latency]]:
    """Ask every case of a suite. Raises ``CaseInvalid`` where a gold passage is not in the snapshot."""
    snapshot = assistant.snapshots.current()
    for number, case in enumerate(suite.cases, start=1):
        yield _ask(assistant, snapshot, case, case.as_of or suite.on)
        done(number, len(suite.cases))


def _ask(assistant: Assistant, snapshot: Snapshot, case: Case, on: dt.date) -> tuple[Result, Latency]:
    gold_ids = [_matches(snapshot, gold, case, on) for gold in case.gold]
    hits = assistant.search(case.question, nation=case.nation, as_at=on, k=DEPTH)
    stages: dict[str, float] = {}
    began = time.perf_counter()
    answer = assistant.ask(case.question, nation=case.nation, as_at=on)
    took = (time.perf_counter() - began) * 1000
    cited = {c.passage_id for s in answer.sentences for c in s.citations}
    for stage in assistant.explanation(answer.id).identity.stages:
        stages[stage.name] = stage.milliseconds
    result = Result(
        case=case,
        on=on,
        outcome=answer.outcome.value,
        sentences=_said(answer, snapshot, on),
        uncovered=answer.uncovered,
        retrieved=tuple(hit.passage_id for hit in hits),
        relevant=tuple(sorted({i for ids in gold_ids for i in ids})),
        gold_cited=tuple(bool(cited & set(ids)) for ids in gold_ids),
        snapshot=snapshot.root_hash,
    )
    return result, Latency(case_id=case.id, milliseconds=took, stages=stages)


def _matches(snapshot: Snapshot, gold: Gold, case: Case, on: dt.date) -> list[str]:
    wanted = _bare(gold.contains)
    allowed = Filter(case.nation, on)
    found = [
        passage.id
        for version in snapshot.documents()
        if version.metadata.uri in (gold.uri, *gold.also_in) and allowed.allows(version)
        for passage in snapshot.passages_of(version.id)
        if wanted in _bare(passage.text)
    ]
    if not found:
        raise CaseInvalid(
            f"{case.id}: no passage of {gold.uri} in force on {on} holds {gold.contains!r}.",
            do="Mend the case's gold, or ingest the guidance it was written for.",
        )
    return found


def _bare(text: str) -> str:
    return " ".join(text.lower().split())


def _said(answer: Answer, snapshot: Snapshot, on: dt.date) -> tuple[Said, ...]:
    return tuple(
        Said(text=s.text, citations=tuple(_quoted(c, snapshot, on) for c in s.citations))
        for s in answer.sentences
    )


def _quoted(citation: Citation, snapshot: Snapshot, on: dt.date) -> Quoted:
    found = snapshot.passages_by_id([citation.passage_id]).get(citation.passage_id)
    return Quoted(
        passage_id=citation.passage_id,
        uri=citation.document.uri,
        quote=citation.quote,
        verbatim=found is not None and found[0].text[citation.start : citation.end] == citation.quote,
        nations=tuple(found[1].metadata.nations) if found else (),
        in_force=found is not None and found[1].in_force(on),
    )
