"""How an answer made again differs from the one that was recorded, in words that name what and where."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, TypeAdapter

from assistant.answers import Run, Sentence
from governance.explanation import Explanation

MOST = 12
"""Differences that are named of one kind; the rest are counted."""
_SENTENCES: TypeAdapter[tuple[Sentence, ...]] = TypeAdapter(tuple[Sentence, ...])


def fields(then: BaseModel, now: BaseModel, *, besides: Collection[str] = ()) -> tuple[str, ...]:
    """Fields of a record that are not what they were."""
    before, after = then.model_dump(mode="json"), now.model_dump(mode="json")
    return _few(
        [
            f"{name}: {_short(before[name])} then, {_short(after[name])} now"
            for name in before
            if name not in besides and before[name] != after[name]
        ]
    )


def candidates(then: Explanation, now: Explanation) -> tuple[str, ...]:
    """Passages whose place, scores or use are not what they were."""
    before = {c.passage_id: c for c in then.retrieval.candidates}
    after = {c.passage_id: c for c in now.retrieval.candidates}
    found = [f"{key} was found then and is not now" for key in before if key not in after]
    found += [f"{key} is found now and was not then" for key in after if key not in before]
    for key, one in before.items():
        if key in after and one != after[key]:
            found += [f"{key}: {difference}" for difference in fields(one, after[key])]
    return _few(found)


def sentences(then: Explanation, run: Run) -> tuple[str, ...]:
    """Sentences that were released and are not chosen now, and the other way round."""
    before = _SENTENCES.validate_python(then.answer.get("sentences", []))
    released, chosen = [_told(s) for s in before], [_told(s) for s in run.sentences]
    found = [f"“{text}” is not chosen now" for text, _ in released if (text, _) not in chosen]
    found += [f"“{text}” is chosen now" for text, _ in chosen if (text, _) not in released]
    if not found and released != chosen:
        found.append("The same sentences, in another order")
    return _few(found)


def _told(sentence: Sentence) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    return sentence.text, tuple((c.passage_id, c.start, c.end) for c in sentence.citations)


def _few(found: list[str]) -> tuple[str, ...]:
    more = [f"and {len(found) - MOST} more"] if len(found) > MOST else []
    return (*found[:MOST], *more)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
