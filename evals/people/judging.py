"""Why: a model that judges answers is one more rater, and is believed only as far as it has been shown to agree.

It gives the values that people give, of what people see, and is told nothing of scores, of what was expected or of
labels. Nothing is scored or gated by it until the lower end of the interval of its κ with what two people settled on
has reached .6, with this very model and this very prompt. The figure and every verdict are kept beside the run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.labels import VALUES, Value, answer_hash
from evals.results import Result, read_lines, write_lines

if TYPE_CHECKING:
    from assistant.chat.chat import Reply
    from assistant.chat.prompt import Messages, Prompt

PROMPT, VERDICTS = "judge", "verdicts.jsonl"
MOST_SAID = 300
"""Characters kept of a judge's reason."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "value": {"type": "string", "enum": list(VALUES)}},
    "required": ["reason", "value"],
    "additionalProperties": False,
}
"""The form asked for: the reason first, so that it is not made up for a value already given."""
_FENCED = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


class Asked(Protocol):
    """What a judge needs of a chat model."""

    def ask(self, messages: Messages, *, cancelled: Callable[[], bool]) -> Reply:
        """What the model says. Raises ``ModelFailed``."""
        ...


class Verdict(BaseModel):
    """What a judge said of one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: str
    answer_sha256: str
    """Of the answer that was judged, as of a label."""
    model: str
    """As the settings name it."""
    responding: str
    """As its server names it."""
    prompt_sha256: str
    value: Value | None
    """None where the reply could not be read."""
    reason: str
    reply_sha256: str


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")

    reason: str = ""
    value: Value


@dataclass(frozen=True)
class Judge:
    """A chat model with an instruction."""

    model: str
    prompt: Prompt
    chat: Asked
    redact: Callable[[str], str]
    """Takes personal data out: what is sent carries none, made up or not."""

    def verdict(self, result: Result) -> Verdict:
        """Judge one answer, seeing what a rater sees. Raises ``ModelFailed``."""
        reply = self.chat.ask(self._messages(result), cancelled=lambda: False)
        read = _read(reply.text)
        return Verdict(
            case_id=result.case.id, answer_sha256=answer_hash(result), model=self.model, responding=reply.responding,
            prompt_sha256=self.prompt.sha256, value=read.value if read else None,
            reason=read.reason[:MOST_SAID] if read else "", reply_sha256=reply.sha256,
        )  # fmt: skip

    def _messages(self, result: Result) -> Messages:
        return self.prompt.render(
            question=self.redact(result.case.question),
            nation=(result.case.nation or "any nation").replace("_", " "),
            on=result.on.isoformat(),
            outcome=result.outcome.replace("_", " "),
            answer="\n".join(s.text for s in result.sentences) or "(nothing was quoted)",
            quotes="\n".join(f"{c.uri}: {c.quote}" for s in result.sentences for c in s.citations)
            or "(none)",
        )


def judge_all(
    judge: Judge,
    results: Sequence[Result],
    folder: Path,
    *,
    done: Callable[[int, int], None] = lambda _n, _of: None,
) -> dict[str, Verdict]:
    """Case → verdict. What this judge said of these answers before is not asked again, and each is kept at once.

    Raises ``ModelFailed``; what was judged until then is kept, and is not asked again.
    """
    before = read_verdicts(folder)
    known = {(v.case_id, v.answer_sha256): v for v in before if _by(judge, v)}
    kept = {v.case_id: v for v in before if _by(judge, v)}
    found = {}
    for number, result in enumerate(results, start=1):
        verdict = known.get((result.case.id, answer_hash(result)))
        if verdict is None:
            verdict = kept[result.case.id] = judge.verdict(result)
            write_lines(folder / VERDICTS, [kept[k] for k in sorted(kept)])
        found[result.case.id] = verdict
        done(number, len(results))
    return found


def read_verdicts(folder: Path) -> tuple[Verdict, ...]:
    """Verdicts kept with a run; none: an empty tuple. Raises ``RunIncomplete`` where a line is damaged."""
    path = folder / VERDICTS
    return read_lines(path, Verdict) if path.is_file() else ()


def scores(verdicts: Mapping[str, Verdict]) -> dict[str, float]:
    """Case → 1 where the judge calls the answer right. A reply that could not be read leaves a case unscored."""
    return {case: float(v.value == "right") for case, v in verdicts.items() if v.value is not None}


def _by(judge: Judge, verdict: Verdict) -> bool:
    return (verdict.model, verdict.prompt_sha256) == (judge.model, judge.prompt.sha256)


def _read(text: str) -> _Reply | None:
    fenced = _FENCED.match(text)
    try:
        return _Reply.model_validate(json.loads(fenced[1] if fenced else text))
    except (ValueError, RecursionError, ValidationError):
        return None
