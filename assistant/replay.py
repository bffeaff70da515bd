"""Why: "it would say the same again" is a claim, so it is tried: an answer's stages are run again on what is stored, and each
is said to be identical, to differ (and in what), or not to be replayable (and why).

The question is the redacted one: the text as it was typed is kept nowhere. The guidance is the very snapshot that the
answer was made from, opened or built again from the catalogue under the same root hash. What a chat model said is
recorded and never called reproduced; its sentences are held to the evidence contract again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.answers import Outcome, Person, Question, Role, Run
from assistant.beside import FETCHED, fetched_again
from assistant.named_time import taken_then
from assistant.pipeline import Parts, steps
from assistant.record import NOTICED, REWRITING, REWRITTEN, entry_of, explain, read
from assistant.replay_compare import candidates, fields, sentences
from assistant.steps.retrieve import CARRIED
from assistant.steps.step import noted
from governance.errors import Failed, FrontlineError, LedgerBroken, ModelFailed, NotPermitted
from governance.explanation import Explanation
from governance.ledger import Entry, Ledger
from governance.ledger.types import REPLAYED
from governance.sealed_text import ERASED, opened
from governance.uses import Concerned, Use
from ingest.documents import Nation
from ingest.rebuild import TOLD

if TYPE_CHECKING:
    from assistant.assembly import Assembly
    from ingest.snapshot import Snapshot

Verdict = Literal["identical", "differs", "not replayable"]
NOT_AGAIN = frozenset({"receive", "permit", "redact", "switch"})
"""Steps that are not run again: they were about the moment at which it was asked, or are looked at on their own."""


@dataclass(frozen=True)
class Stage:
    """What came of one stage."""

    name: str
    verdict: Verdict
    why: str = ""
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replayed:
    """What came of an answer that was made again."""

    answer_id: str
    verdict: Verdict
    """``differs`` where any stage does; ``identical`` where all that could be made again were."""
    stages: tuple[Stage, ...]
    entry_index: int
    """The ledger's entry that records it."""


def replay(assistant: Assembly, answer_id: str, *, by: Person, reason: str, authority: str = "") -> Replayed:
    """Make an answer again, and record what came of it.

    Raises ``AnswerUnknown``, and ``NotPermitted`` where the agreement of whoever asked does not cover audit and no other
    ``authority`` is named; that it was refused is recorded too.
    """
    ledger = assistant.ledger
    entry = entry_of(ledger, answer_id)
    explanation = Explanation.from_body(opened(entry.body, assistant.vault))
    decisions = assistant.records.uses.decide(Use.REPLAY, Concerned.by(entry.body))
    refused = [decision for decision in decisions if not decision.allowed]
    note = {
        "reason": reason, "authority": authority, "role": by.role.value, "allowed": not refused,
        "decisions": [asdict(decision) for decision in decisions],
    }  # fmt: skip
    if refused and not authority.strip():
        ledger.append(REPLAYED, {**note, "verdict": "refused", "stages": []}, actor=by.id, subject=answer_id)
        raise NotPermitted(
            f"This answer may not be used for audit: {refused[0].reason}",
            do="Name the authority on which it is done all the same (--authority), which is recorded.",
        )
    stages = (_recorded(ledger, entry), *_again(assistant, explanation, entry))
    verdict: Verdict = "differs" if any(stage.verdict == "differs" for stage in stages) else "identical"
    body = {
        **note, "verdict": verdict,
        "stages": [
            {"name": s.name, "verdict": s.verdict, "why": s.why, "differences": list(s.differences)} for s in stages
        ],
    }  # fmt: skip
    kept = ledger.append(REPLAYED, body, actor=by.id, subject=answer_id)
    return Replayed(answer_id, verdict, stages, kept.index)


def _recorded(ledger: Ledger, entry: Entry) -> Stage:
    try:
        ledger.prove(entry.index)
    except LedgerBroken as error:
        return Stage("record", "differs", error.message)
    return Stage("record", "identical", "The entry is in the tree that was signed.")


def _again(assistant: Assembly, explanation: Explanation, entry: Entry) -> Iterator[Stage]:
    if explanation.input.question in ("", ERASED):
        erased = explanation.input.question == ERASED
        said = (
            "The words of the question were erased."
            if erased
            else "The question was withheld: nothing of it was kept."
        )
        for name in ("redaction", "retrieval", "composition", "grounding", "decision"):
            yield Stage(name, "not replayable", said)
        return
    yield _redaction(assistant, explanation)
    with contextlib.ExitStack() as stack:
        try:
            parts, why = _parts(assistant, explanation, stack)
        except Failed as error:
            parts, why = None, error.message
        if parts is None:
            for name in ("retrieval", "composition", "grounding", "decision"):
                yield Stage(name, "not replayable", why)
            return
        try:
            run = _run(parts, explanation, entry)
        except FrontlineError as error:
            yield Stage("retrieval", "differs", f"It cannot be made again: {error.message}")
            return
        answer = replace(read(entry), outcome=run.outcome or Outcome.FAILED)
        made = explain(run, answer, assistant.maker, explanation.identity.answered_at)
        yield from _compared(explanation, made, run, why)


def _redaction(assistant: Assembly, explanation: Explanation) -> Stage:
    again = assistant.redactor.redact(explanation.input.question)
    if again.policy_hash != explanation.input.policy_hash:
        why = (
            f"The policy then was {explanation.input.policy_version}; {again.policy_version} is in force now."
        )
        if again.text != explanation.input.question:
            more = ", ".join(sorted({span.type for span in again.spans}))
            return Stage("redaction", "differs", why, (f"The policy of today would take out more: {more}.",))
        return Stage("redaction", "not replayable", f"{why} It finds nothing more.")
    if again.text != explanation.input.question:
        kinds = sorted({span.type for span in again.spans})
        return Stage("redaction", "differs", "", (f"The same policy now takes out: {', '.join(kinds)}.",))
    return Stage(
        "redaction", "identical", "On the text as it was kept; the text as it was typed is kept nowhere."
    )


def _parts(
    assistant: Assembly, explanation: Explanation, stack: contextlib.ExitStack
) -> tuple[Parts | None, str]:
    """The parts over the snapshot the answer was made from; None, and why, where there is none any more."""
    wanted = explanation.retrieval
    by_rules = replace(assistant.parts, proposer=_as_then(explanation))
    if not wanted.snapshot_id:
        return by_rules, ""
    held, why = assistant.snapshots.current(), ""
    if (held.id, held.root_hash) != (wanted.snapshot_id, wanted.root_hash):
        found, built = stack.enter_context(
            assistant.snapshots.as_it_was(
                wanted.snapshot_id, wanted.root_hash, lambda: _history(assistant, explanation)
            )
        )
        if found is None:
            return None, (
                f"The snapshot {wanted.snapshot_id} is not kept any more, and the catalogue no longer makes one with its root hash."
            )
        held = found
        if built:
            why = "The snapshot was retired; it was built again from the catalogue, under the same root hash."
    return replace(by_rules, snapshots=_Fixed(held)), why  # type: ignore[arg-type]


def _as_then(explanation: Explanation) -> Callable[[], None]:
    """No chat model is asked again. One whose place rules took is met as it was met then, with the reason on record."""

    def none() -> None:
        if reason := explanation.decision.signals.get("chat model"):
            raise ModelFailed(str(reason))

    return none


@dataclass(frozen=True)
class _Fixed:
    snapshot: Snapshot

    def current(self) -> Snapshot:
        return self.snapshot


def _history(assistant: Assembly, explanation: Explanation) -> list[tuple[str, dict[str, Any]]]:
    """What was taken in, and what ended, until the snapshot was published; as the ledger tells it."""
    from governance.ledger import Wanted

    told: list[tuple[str, dict[str, Any]]] = []
    until = explanation.identity.asked_at + dt.timedelta(seconds=1)
    for entry in assistant.ledger.scan(Wanted(until=until)):
        if entry.type in TOLD:
            told.append((entry.type, entry.body))
        if entry.type == "snapshot.published" and entry.body["snapshot"] == explanation.retrieval.snapshot_id:
            return told
    return told


def _run(parts: Parts, explanation: Explanation, entry: Entry) -> Run:
    """The run again, from routing on; a chat model's sentences are taken from the record."""
    given = explanation.input
    nation = Nation(given.nation) if given.nation else None
    person = Person(explanation.people.person, Role(explanation.people.role))
    question = Question(
        id=explanation.identity.answer_id, text=given.question, person=person, on=given.on,
        asked_at=explanation.identity.asked_at, nation=nation, conversation=explanation.identity.conversation,
    )  # fmt: skip
    run = noted(
        Run(question), "redact", spans=[r.model_dump() for r in given.redactions],
        policy_version=given.policy_version, policy_hash=given.policy_hash,
    )  # fmt: skip
    run = noted(run, "receive", noticed=explanation.decision.signals.get(NOTICED, ""))
    for step in steps(parts):
        if step.name in NOT_AGAIN:
            continue
        if step.name == "rewrite":
            run = _rewritten(run, explanation, read(entry).rewritten)
            continue
        if step.name == "compose" and explanation.model.kind == "chat":
            fetched = [c for c in explanation.retrieval.candidates if c.reason == FETCHED]
            run = replace(run, sentences=read(entry).sentences)
            run = fetched_again(run, parts.snapshots.current(), {c.passage_id: c.score for c in fetched})
            continue
        if step.name == "decide" and explanation.model.kind == "chat":
            break
        run = step(run)
        if run.outcome is not None:
            break
    return run


def _rewritten(run: Run, then: Explanation, text: str) -> Run:
    """How a follow-up was read is taken from the record: what was asked before it may be forgotten by now."""
    carried = [c.passage_id for c in then.retrieval.candidates if c.reason == CARRIED]
    signals = then.decision.signals
    kept = {n: signals[f"{REWRITTEN}{n}"] for n in REWRITING if f"{REWRITTEN}{n}" in signals}
    day = taken_then(run.question)
    run = replace(run, rewritten=text)
    return noted(run, "rewrite", carried=carried, after="", taken_as_day=day, **kept)


def _compared(then: Explanation, now: Explanation, run: Run, why: str) -> Iterator[Stage]:
    if then.retrieval.snapshot_id:
        differences = (
            *fields(then.retrieval, now.retrieval, besides=("candidates",)),
            *candidates(then, now),
        )
        yield _stage("retrieval", differences, why)
    else:
        yield Stage("retrieval", "not replayable", "Nothing was searched for this answer.")
    if then.model.kind == "chat":
        yield Stage(
            "composition", "not replayable",
            f"What {then.model.responding or then.model.requested} said is recorded (SHA-256 "
            f"{then.model.raw_output_sha256[:16]}…); a model's words are never called reproduced.",
        )  # fmt: skip
        stood = tuple(f"“{d.text}” falls now: {d.reason}" for d in run.dropped)
        yield _stage("grounding", stood, "The recorded sentences, held to the evidence contract again.")
        yield Stage("decision", "not replayable", "It was taken from what the model composed.")
        return
    if then.decision.outcome in ("failed", "search_only"):
        yield Stage("composition", "not replayable", "Something broke then, or answers were stopped.")
        return
    if then.model.kind == "extractive":
        yield _stage("composition", sentences(then, run))
        yield _stage("grounding", fields_of_checks(then, now))
    yield _stage("decision", fields(then.decision, now.decision))


def fields_of_checks(then: Explanation, now: Explanation) -> tuple[str, ...]:
    """Checks that did not come out as they did."""
    before = {(c.sentence, c.name): c.passed for c in then.checks}
    after = {(c.sentence, c.name): c.passed for c in now.checks}
    return tuple(
        f"Check {name} on sentence {number + 1}: {before.get((number, name))} then, {after.get((number, name))} now"
        for number, name in sorted({*before, *after})
        if before.get((number, name)) != after.get((number, name))
    )


def _stage(name: str, differences: tuple[str, ...], why: str = "") -> Stage:
    return Stage(name, "differs" if differences else "identical", why, differences)
