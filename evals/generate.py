"""Why: asking is slow and needs models; scoring is neither. So asking is done once, and stored."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evals.cases import Case, Gold, Place, Suite
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
    relevant = tuple(_matches(snapshot, gold, case, on) for gold in case.gold)
    hits = assistant.search(case.question, nation=case.nation, as_at=on, k=DEPTH) if relevant else []
    began = time.perf_counter()
    answer = assistant.ask(case.question, nation=case.nation, as_at=on)
    took = (time.perf_counter() - began) * 1000
    cited = {c.passage_id for s in answer.sentences for c in s.citations}
    explanation = assistant.explanation(answer.id)
    record = _bare(json.dumps(explanation.to_body(), ensure_ascii=False))
    stages = {stage.name: stage.milliseconds for stage in explanation.identity.stages}
    result = Result(
        case=case,
        on=on,
        outcome=answer.outcome.value,
        sentences=_said(answer, snapshot, on),
        uncovered=answer.uncovered,
        retrieved=tuple(hit.passage_id for hit in hits),
        relevant=relevant,
        gold_cited=tuple(bool(cited & set(ids)) for ids in relevant),
        kept=tuple(words for words in case.personal if _bare(words) in record),
        snapshot=snapshot.root_hash,
    )
    return result, Latency(case_id=case.id, milliseconds=took, stages=stages)


def _matches(snapshot: Snapshot, gold: Gold, case: Case, on: dt.date) -> tuple[str, ...]:
    allowed = Filter(case.nation, on)
    return tuple(
        passage_id for place in (gold, *gold.or_in) for passage_id in _held(snapshot, place, case, allowed)
    )


def _held(snapshot: Snapshot, place: Place, case: Case, allowed: Filter) -> list[str]:
    wanted = _bare(place.contains)
    found = [
        passage.id
        for version in snapshot.documents()
        if version.metadata.uri == place.uri and allowed.allows(version)
        for passage in snapshot.passages_of(version.id)
        if wanted in _bare(passage.text)
    ]
    if not found:
        raise CaseInvalid(
            f"{case.id}: no passage of {place.uri} in force on {allowed.on} holds {place.contains!r}.",
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
