"""Why: one case is asked the way a colleague would ask it, and everything a scorer may want of the answer is
noted then and there, so that scoring needs no model.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evals.cases import Case, Gold, Place
from evals.results import Latency, Quoted, Result, Said, Withheld
from governance.errors import CaseInvalid, InputError
from ingest.documents import Filter

if TYPE_CHECKING:
    from assistant.answers import Citation, Hit, Sentence
    from assistant.app import Assistant
    from governance.explanation import Explanation
    from ingest.documents import Passage, Version
    from ingest.snapshot import Snapshot

DEPTH = 10
"""Passages kept of each search: nDCG@10 needs ten."""
DECIDED = "decide"
"""The check under which a statement is put aside because its part of the question is not answered."""


def ask(assistant: Assistant, snapshot: Snapshot, case: Case, on: dt.date) -> tuple[Result, Latency]:
    """Ask one case. Raises ``CaseInvalid`` where a gold passage is not in the snapshot there and then."""
    relevant = tuple(_matches(snapshot, gold, case, on) for gold in case.gold)
    hits = _searched(assistant, case, on) if relevant else []
    conversation = f"case-{case.id}" if case.before else None
    for earlier in case.before:
        assistant.ask(earlier, nation=case.nation, as_at=on, conversation=conversation)
    began = time.perf_counter()
    try:
        answer = assistant.ask(case.question, nation=case.nation, as_at=on, conversation=conversation)
    except InputError as error:
        took = (time.perf_counter() - began) * 1000
        return _refused(case, on, error, relevant, snapshot), Latency(
            case_id=case.id, milliseconds=took, stages={}, tokens=0, cost=0.0
        )
    took = (time.perf_counter() - began) * 1000
    explanation = assistant.explanation(answer.id)
    record = bare(json.dumps(explanation.to_body(), ensure_ascii=False))
    cited = {c.passage_id for s in answer.sentences for c in s.citations}
    gold_cited = tuple(bool(cited & set(ids)) for ids in relevant)
    passages = snapshot.passages_by_id(cited)
    result = Result(
        case=case,
        on=on,
        outcome=answer.outcome.value,
        sentences=tuple(_said(assistant, s, passages, on) for s in answer.sentences),
        uncovered=answer.uncovered,
        retrieved=tuple(hit.passage_id for hit in hits),
        relevant=relevant,
        gold_cited=gold_cited,
        gold_offered=_offered(explanation, snapshot, relevant, gold_cited),
        confidence=_confidence(explanation),
        withheld=tuple(Withheld(text=d.text, check=d.check) for d in explanation.dropped),
        kept=tuple(words for words in case.personal if bare(words) in record),
        explanation=answer.explanation,
        reason=explanation.decision.reason,
        composed_by=explanation.model.kind,
        snapshot=snapshot.root_hash,
    )
    return result, _latency(case, took, explanation)


def _searched(assistant: Assistant, case: Case, on: dt.date) -> list[Hit]:
    try:
        return assistant.search(case.question, nation=case.nation, as_at=on, k=DEPTH)
    except InputError:
        return []


def _refused(
    case: Case, on: dt.date, error: InputError, relevant: tuple[tuple[str, ...], ...], snapshot: Snapshot
) -> Result:
    """A question that was not taken in is a result too: its outcome is the error's code."""
    return Result(
        case=case, on=on, outcome=error.code, sentences=(), uncovered=(), retrieved=(), relevant=relevant,
        gold_cited=tuple(False for _ in relevant), gold_offered=tuple(False for _ in relevant),
        reason=error.message, composed_by="none", snapshot=snapshot.root_hash,
    )  # fmt: skip


def bare(text: str) -> str:
    """A text without regard to case and white space."""
    return " ".join(text.lower().split())


def _matches(snapshot: Snapshot, gold: Gold, case: Case, on: dt.date) -> tuple[str, ...]:
    allowed = Filter(case.nation, on)
    return tuple(
        passage_id for place in (gold, *gold.or_in) for passage_id in _held(snapshot, place, case, allowed)
    )


def _held(snapshot: Snapshot, place: Place, case: Case, allowed: Filter) -> list[str]:
    wanted = bare(place.contains)
    found = [
        passage.id
        for version in snapshot.documents()
        if version.metadata.uri == place.uri and allowed.allows(version)
        for passage in snapshot.passages_of(version.id)
        if wanted in bare(passage.text)
    ]
    if not found:
        raise CaseInvalid(
            f"{case.id}: no passage of {place.uri} in force on {allowed.on} holds {place.contains!r}.",
            do="Mend the case's gold, or ingest the guidance it was written for.",
        )
    return found


def _said(
    assistant: Assistant, sentence: Sentence, passages: Mapping[str, tuple[Passage, Version]], on: dt.date
) -> Said:
    quotes = [c.quote for c in sentence.citations]
    together = _support(assistant, sentence.text, quotes)
    several = len(quotes) > 1
    return Said(
        text=sentence.text,
        support=together,
        citations=tuple(
            _quoted(
                citation,
                passages,
                on,
                alone=_support(assistant, sentence.text, [citation.quote]) if several else together,
                without=_support(assistant, sentence.text, quotes[:n] + quotes[n + 1 :]) if several else 0.0,
            )
            for n, citation in enumerate(sentence.citations)
        ),
    )


def _support(assistant: Assistant, sentence: str, quotes: list[str]) -> float:
    return round(assistant.supports(sentence, quotes), 3) if quotes else 0.0


def _quoted(
    citation: Citation,
    passages: Mapping[str, tuple[Passage, Version]],
    on: dt.date,
    *,
    alone: float,
    without: float,
) -> Quoted:
    found = passages.get(citation.passage_id)
    return Quoted(
        passage_id=citation.passage_id,
        uri=citation.document.uri,
        quote=citation.quote,
        verbatim=found is not None and found[0].text[citation.start : citation.end] == citation.quote,
        nations=tuple(found[1].metadata.nations) if found else (),
        in_force=found is not None and found[1].in_force(on),
        alone=alone,
        without=without,
    )


def _offered(
    explanation: Explanation,
    snapshot: Snapshot,
    relevant: tuple[tuple[str, ...], ...],
    gold_cited: tuple[bool, ...],
) -> tuple[bool, ...]:
    """For each gold passage, whether a statement of it was chosen, released or put aside by the decision."""
    aside = [bare(d.text) for d in explanation.dropped if d.check == DECIDED]
    if not aside:
        return gold_cited
    texts = {
        i: bare(p.text) for i, (p, _) in snapshot.passages_by_id({i for g in relevant for i in g}).items()
    }
    return tuple(
        cited or any(words in texts.get(i, "") for i in ids for words in aside)
        for cited, ids in zip(gold_cited, relevant, strict=True)
    )


def _confidence(explanation: Explanation) -> float | None:
    """The least sure part's probability: an answer is no surer than its weakest part."""
    signals = explanation.decision.signals
    found: Iterable[object] = (
        v for k, v in signals.items() if k.startswith("part ") and k.endswith(" probability")
    )
    return min((round(float(v), 4) for v in found if isinstance(v, int | float)), default=None)


def _latency(case: Case, took: float, explanation: Explanation) -> Latency:
    parameters = explanation.model.parameters
    tokens = [int(v) for k, v in parameters.items() if k in ("input_tokens", "output_tokens")]
    cost = parameters.get("cost")
    return Latency(
        case_id=case.id,
        milliseconds=took,
        stages={stage.name: stage.milliseconds for stage in explanation.identity.stages},
        tokens=sum(tokens) if tokens else (0 if explanation.model.kind != "chat" else None),
        cost=float(cost) if cost is not None else (0.0 if explanation.model.kind != "chat" else None),
    )
