"""Steps 10 and 11. Why: no record, no answer. What is released is what was recorded, read back from it.

The explanation is filled from what each step noted and committed to the ledger; only then is there an
answer. If it cannot be committed, ``RecordFailed`` is raised and nothing is released.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import SQLAlchemyError

from assistant.answers import Answer, Candidate, Outcome, Run, Sentence
from assistant.keeping import Keeping
from assistant.outcomes import outcomes
from assistant.steps.permit import BY_OPERATOR
from assistant.steps.step import facts_of, noticed
from governance import explanation as ex
from governance.errors import AnswerUnknown, RecordFailed, StorageFull, StorageUnwritable
from governance.explaining import one_line
from governance.ledger import Entry, Ledger
from governance.sealed_text import opened, taken_out
from governance.vault import Vault

ENTRY_TYPE = "answer"
NOTICED = "noticed as typed"
"""The route that was noticed before redaction, where one was."""
REWRITTEN = "rewritten "
REWRITING = ("by", "fallback", "prompt")
"""What is kept of a follow-up's rewriting, each under a signal of its own."""
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_SENTENCES: TypeAdapter[tuple[Sentence, ...]] = TypeAdapter(tuple[Sentence, ...])


@dataclass(frozen=True)
class Maker:
    """What code, settings and embedder make the answers of this process."""

    code_version: str
    configuration_hash: str
    embedder: ex.EmbedderUsed
    policy_version: str
    policy_hash: str


def release(run: Run, ledger: Ledger, keeping: Keeping, maker: Maker, answered_at: dt.datetime) -> Answer:
    """Record a finished run and give the answer that was recorded. Raises ``RecordFailed``.

    Whether it may be kept is decided in the transaction that records it.
    """
    try:
        with keeping.transaction() as connection:
            run = keeping.decided(run, connection)
            body = _body(run, maker, answered_at)
            entry = ledger.append(
                ENTRY_TYPE, keeping.sealed(run, body, connection), actor=run.question.person.id,
                subject=run.question.id, connection=connection,
            )  # fmt: skip
            keeping.turns.note(run.question, connection)
            if run.outcome is Outcome.NEEDS_EXPERT:
                keeping.hold(entry, run.reason, by=run.question.person, connection=connection)
    except (SQLAlchemyError, StorageFull, StorageUnwritable, OSError) as error:
        raise RecordFailed(
            "The answer could not be recorded, so it is not given.",
            do="Tell whoever runs this service; your question is lost.",
        ) from error
    return replace(_ANSWER.validate_python(body["answer"]), entry_index=entry.index)


def read(entry: Entry, vault: Vault | None = None) -> Answer:
    """The answer that an entry records; with the words of a question about a person only where a vault is given."""
    body = opened(entry.body, vault) if vault is not None else entry.body
    return replace(_ANSWER.validate_python(body["answer"]), entry_index=entry.index)


def draft(entry: Entry) -> tuple[Sentence, ...]:
    """The sentences of an answer that wait, or waited, for an expert."""
    return _SENTENCES.validate_python(entry.body.get("held", ()))


def without_words(answer: Answer) -> Answer:
    """The answer as the ledger has it where its question is about a person: its words are in the vault."""
    bare, _ = taken_out({"answer": _ANSWER.dump_python(answer, mode="json")})
    return _ANSWER.validate_python(bare["answer"])


def _body(run: Run, maker: Maker, answered_at: dt.datetime) -> dict[str, Any]:
    answer = _answer(run)
    explanation = explain(run, answer, maker, answered_at)
    answer = replace(answer, explanation=one_line(explanation))
    return explanation.model_copy(update={"answer": _ANSWER.dump_python(answer, mode="json")}).to_body()


def entry_of(ledger: Ledger, answer_id: str) -> Entry:
    """The entry that records an answer. Raises ``AnswerUnknown``."""
    for entry in ledger.about(answer_id):
        if entry.type == ENTRY_TYPE:
            return entry
    raise AnswerUnknown(
        f"No answer has the reference {answer_id!r}.", do="Copy the reference from under the answer."
    )


def _answer(run: Run) -> Answer:
    question = run.question
    outcome = run.outcome or Outcome.FAILED
    return Answer(
        id=question.id,
        outcome=outcome,
        question=question.text,
        rewritten=run.rewritten,
        nation=question.nation,
        on=question.on,
        sentences=run.sentences,
        uncovered=run.uncovered,
        next_step=outcomes()[outcome].next_step,
        cautions=run.cautions,
        suggestions=run.suggestions,
        found=tuple(c.hit for c in run.candidates if c.used) if outcome is Outcome.SEARCH_ONLY else (),
        asked_at=question.asked_at,
        conversation=question.conversation,
        snapshot_id=str(facts_of(run, "snapshot").get("id", "")),
    )


def explain(run: Run, answer: Answer, maker: Maker, answered_at: dt.datetime) -> ex.Explanation:
    """The explanation of a run, filled from what each step noted."""
    question = run.question
    permit, redact, decide = facts_of(run, "permit"), facts_of(run, "redact"), facts_of(run, "decide")
    compose = facts_of(run, "compose")
    return ex.Explanation(
        identity=ex.Identity(
            answer_id=answer.id,
            conversation=question.conversation,
            code_version=maker.code_version,
            configuration_hash=maker.configuration_hash,
            asked_at=question.asked_at,
            answered_at=answered_at,
            stages=tuple(
                ex.StageTaken(name=s.name, milliseconds=round(s.milliseconds, 3), said=s.said)
                for s in run.stages
            ),
        ),
        people=ex.People(
            person=question.person.id,
            role=question.person.role.value,
            authorisation=str(permit.get("reason", "")),
            citizen=question.citizen,
            consents=_consents(permit),
        ),
        input=ex.Input(
            question=question.text,
            nation=question.nation.value if question.nation else None,
            on=question.on,
            redactions=tuple(
                ex.RedactionMade(type=s["type"], recogniser=s["recogniser"], score=s["score"])
                for s in redact.get("spans", [])
            ),
            policy_version=str(redact.get("policy_version") or maker.policy_version),
            policy_hash=str(redact.get("policy_hash") or maker.policy_hash),
        ),
        retrieval=_retrieval(run, maker),
        prompt=ex.Prompt(**compose["model"]["prompt"]) if "model" in compose else None,
        model=_model(compose),
        checks=tuple(
            ex.CheckMade(sentence=c.sentence, name=c.name, passed=c.passed, evidence=c.evidence)
            for c in run.checks
        ),
        dropped=tuple(ex.SentenceDropped(text=d.text, check=d.check, reason=d.reason) for d in run.dropped),
        decision=ex.Decision(outcome=answer.outcome.value, reason=run.reason, signals=_signals(run, decide)),
        answer=_ANSWER.dump_python(answer, mode="json"),
        held=_SENTENCES.dump_python(run.held, mode="json"),
        replay=ex.Replay(composition="recorded only") if "model" in compose else ex.Replay(),
    )


def _consents(permit: Mapping[str, Any]) -> tuple[ex.ConsentTaken, ...]:
    taken = tuple(
        ex.ConsentTaken(
            purpose=d["purpose"], allowed=d["allowed"], reason=d["reason"], record_id=d["record_id"],
            notice_version=d["notice_version"], use=d["use"], whose=d["role"],
        )
        for d in permit.get("decisions", [])
    )  # fmt: skip
    if permit.get("basis") != "operator":
        return taken
    operator = ex.ConsentTaken(purpose="answer", allowed=True, reason=BY_OPERATOR)
    return (operator, *taken)


def _model(compose: Mapping[str, Any]) -> ex.Model:
    """What composed the sentences: nothing, rules, or a chat model."""
    if "model" in compose:
        return ex.Model(kind="chat", **{k: v for k, v in compose["model"].items() if k != "prompt"})
    return ex.Model(kind="extractive" if compose else "none")


def _retrieval(run: Run, maker: Maker) -> ex.Retrieval:
    facts, snapshot = facts_of(run, "retrieve"), facts_of(run, "snapshot")
    if not facts:
        return ex.Retrieval()
    nation = run.question.nation
    return ex.Retrieval(
        query=" / ".join(facts["queries"]),
        expansions=tuple(f"{e['said']}: {e['meant']}" for e in facts["expansions"]),
        snapshot_id=snapshot["id"],
        root_hash=snapshot["root_hash"],
        embedder=maker.embedder,
        filters={"nation": nation.value if nation else "any", "in force on": run.question.on.isoformat()},
        candidates=tuple(_candidate(c) for c in run.candidates),
    )


def _candidate(candidate: Candidate) -> ex.CandidateSeen:
    hit = candidate.hit
    return ex.CandidateSeen(
        passage_id=hit.passage_id,
        version_id=hit.document.version_id,
        uri=hit.document.uri,
        title=hit.document.title,
        section=hit.section,
        rank=candidate.rank,
        dense=hit.dense,
        lexical=hit.lexical,
        proximity=hit.proximity,
        score=hit.score,
        used=candidate.used,
        reason=candidate.reason,
    )


def _signals(run: Run, decide: Mapping[str, Any]) -> dict[str, float | int | str | bool | None]:
    route = facts_of(run, "route")
    signals: dict[str, float | int | str | bool | None] = {
        "route": route.get("route", ""), "routes": route.get("version", ""),
    }  # fmt: skip
    if seen := noticed(run):
        signals[NOTICED] = seen
    rewrite = facts_of(run, "rewrite")
    signals |= {f"{REWRITTEN}{name}": rewrite[name] for name in REWRITING if name in rewrite}
    if decide:
        compose = facts_of(run, "compose")
        if compose.get("fallback"):
            signals["chat model"] = compose["fallback"]
        signals |= {"calibration": decide["calibration"], "threshold": decide["threshold"]}
        risk = facts_of(run, "risk")
        signals |= {"risks": risk.get("version", ""), "risk": ", ".join(risk.get("topics", []))}
        for number, part in enumerate(decide["parts"], start=1):
            signals[f"part {number} probability"] = part["probability"]
        for number, part in enumerate(facts_of(run, "compose")["parts"], start=1):
            signals |= {f"part {number} {name}": value for name, value in part["signals"].items()}
    return signals
