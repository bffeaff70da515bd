"""Why: a record that lacks a field explains less than was promised, and nobody would notice until it is needed. So what
a whole record says is written down here, tests hold every kind of answer to it, and ``audit fsck`` every answer there is.
"""

from __future__ import annotations

from governance.explanation import Explanation

_SAID_ONCE_PERMITTED = ("identity.stages", "people.authorisation", "people.consents")


def _broke_before_permission(explanation: Explanation) -> bool:
    """Whether the run broke, and gave nothing, before anybody's agreement could be looked up."""
    taken = {stage.name for stage in explanation.identity.stages}
    return (
        explanation.decision.outcome == "failed"
        and "permit" not in taken
        and not explanation.answer.get("sentences")
    )


def missing_fields(explanation: Explanation) -> list[str]:
    """Fields that should say something and do not; an empty list is a complete record."""
    missing = []
    for name, value in (
        ("identity.answer_id", explanation.identity.answer_id),
        ("identity.code_version", explanation.identity.code_version),
        ("identity.configuration_hash", explanation.identity.configuration_hash),
        ("identity.stages", explanation.identity.stages),
        ("people.person", explanation.people.person),
        ("people.authorisation", explanation.people.authorisation),
        ("people.consents", explanation.people.consents),
        ("input.policy_version", explanation.input.policy_version),
        ("input.policy_hash", explanation.input.policy_hash),
        ("decision.reason", explanation.decision.reason),
        ("decision.outcome", explanation.decision.outcome),
        ("model.provider", explanation.model.provider),
        ("answer", explanation.answer),
    ):
        if not value and not (name in _SAID_ONCE_PERMITTED and _broke_before_permission(explanation)):
            missing.append(name)
    missing += _missing_of_redactions(explanation)
    missing += _missing_of_sentences(explanation)
    if explanation.model.kind != "none":
        missing += _missing_of_search(explanation)
    if explanation.model.kind == "chat":
        missing += _missing_of_chat(explanation)
    return missing


def _missing_of_redactions(explanation: Explanation) -> list[str]:
    return [
        f"input.redactions[{n}]"
        for n, made in enumerate(explanation.input.redactions)
        if not made.type or not made.recogniser
    ]


def _missing_of_sentences(explanation: Explanation) -> list[str]:
    """Each sentence says what it rests on: a passage, and where in it its quote stands."""
    missing = []
    for n, sentence in enumerate(explanation.answer.get("sentences", [])):
        cited = sentence.get("citations", [])
        whole = cited and all(
            c.get("passage_id") and c.get("quote") and c.get("end", 0) > c.get("start", 0) for c in cited
        )
        if not sentence.get("text") or not whole:
            missing.append(f"answer.sentences[{n}].citations")
    missing += [f"checks[{n}]" for n, c in enumerate(explanation.checks) if not c.name or not c.evidence]
    missing += [f"dropped[{n}].reason" for n, d in enumerate(explanation.dropped) if not d.reason]
    return missing


def _missing_of_search(explanation: Explanation) -> list[str]:
    retrieval = explanation.retrieval
    needed = {
        "retrieval.query": retrieval.query, "retrieval.snapshot_id": retrieval.snapshot_id,
        "retrieval.root_hash": retrieval.root_hash, "retrieval.embedder": retrieval.embedder,
        "retrieval.filters": retrieval.filters,
    }  # fmt: skip
    missing = [name for name, value in needed.items() if not value]
    missing += [f"retrieval.candidates[{c.rank}].reason" for c in retrieval.candidates if not c.reason]
    if explanation.answer.get("sentences") and not explanation.checks:
        missing.append("checks")
    return missing


def _missing_of_chat(explanation: Explanation) -> list[str]:
    model = explanation.model
    needed = {
        "prompt": explanation.prompt, "model.requested": model.requested, "model.responding": model.responding,
        "model.finish_reason": model.finish_reason, "model.raw_output_sha256": model.raw_output_sha256,
    }  # fmt: skip
    return [name for name, value in needed.items() if not value]
