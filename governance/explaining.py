"""Why: a record nobody can read explains nothing. The same record in one line, and in plain words.

The headings follow the six kinds of explanation of the ICO and Alan Turing Institute guidance. Nothing is
said here that the record does not hold.
"""

from __future__ import annotations

from governance.explanation import Explanation

Page = list[tuple[str, list[str]]]
"""Headings with their paragraphs."""


def one_line(explanation: Explanation) -> str:
    """How the answer was reached and how sure the checks are, in one line."""
    sentences = explanation.answer.get("sentences", [])
    if not sentences:
        return explanation.decision.reason
    considered = len(explanation.retrieval.candidates)
    sources = _count(len(_cited(explanation)), "passage")
    how = (
        f"chosen by the chat model {explanation.model.responding} from {sources}"
        if explanation.model.kind == "chat"
        else f"quoted word for word from {sources}"
    )
    return (
        f"{_count(len(sentences), 'sentence')} {how}, out of {considered} considered; each passed every check"
        + (f"; {_count(len(explanation.dropped), 'sentence')} held back" if explanation.dropped else "")
        + "."
        + _fallback(explanation)
    )


def _fallback(explanation: Explanation) -> str:
    """Why the chat model that was asked for did not choose; "" where none was, or where it did."""
    reason = explanation.decision.signals.get("chat model")
    return f" Rules chose because: {reason}" if reason else ""


def plain(explanation: Explanation) -> Page:
    """The page for a colleague: six headings, each rendered from the record; a seventh where later events are joined."""
    return [
        ("Rationale: why this answer", _rationale(explanation)),
        ("Responsibility: who answers for it", _responsibility(explanation)),
        ("Data: what was used", _data(explanation)),
        ("Fairness: the same question, the same answer", _fairness(explanation)),
        ("Safety and performance: what was checked", _safety(explanation)),
        ("Impact: what it means for the claimant", _impact()),
        *([("Since then: what was done with it", _since(explanation))] if explanation.human.events else []),
    ]


def _says_itself(expansion: str) -> bool:
    """Whether words and what they were read as are the same."""
    said, _, meant = expansion.casefold().partition(": ")
    return said == meant


def _rationale(explanation: Explanation) -> list[str]:
    paragraphs = [explanation.decision.reason]
    if explanation.retrieval.query:
        paragraphs.append(f"Searched for: {explanation.retrieval.query}")
    if added := [e for e in explanation.retrieval.expansions if not _says_itself(e)]:
        paragraphs.append(f"Words also looked for: {', '.join(added)}.")
    paragraphs += [f"Used: {c.section}. {c.reason}" for c in explanation.retrieval.candidates if c.used]
    unused = [c for c in explanation.retrieval.candidates if not c.used]
    if unused:
        paragraphs.append(
            f"Considered and not used: {_count(len(unused), 'passage')}, each with its reason in the record."
        )
    return paragraphs


def _responsibility(explanation: Explanation) -> list[str]:
    maker = {
        "extractive": "The sentences were chosen from the guidance by rules and similarity on this machine; no language model wrote them.",
        "chat": f"The sentences were proposed by the chat model {explanation.model.responding} and released only where a quote carries them.",
        "none": "Nothing that was found carried a sentence, so none was chosen."
        if explanation.retrieval.candidates
        else "A rule gave this answer, and no sentence was chosen.",
    }[explanation.model.kind]
    return [
        maker,
        "The guidance's owner answers for its words; the colleague who uses an answer decides.",
        f"Asked by {explanation.people.person} ({explanation.people.role}): {explanation.people.authorisation}",
    ]


def _data(explanation: Explanation) -> list[str]:
    paragraphs = []
    if explanation.input.redactions:
        kinds = sorted(
            {redaction.type.replace("_", " ").lower() for redaction in explanation.input.redactions}
        )
        paragraphs.append(f"Personal data was taken out before anything else was done: {', '.join(kinds)}.")
    else:
        paragraphs.append("No personal data was found in the question.")
    paragraphs.append(
        f"Asked about {_nation(explanation.input.nation)} on {explanation.input.on:%-d %B %Y}; only guidance that holds there and then was used."
    )
    if explanation.retrieval.snapshot_id:
        paragraphs.append(f"The guidance as it stood in snapshot {explanation.retrieval.snapshot_id}.")
    paragraphs += [
        f"Agreement for {c.purpose}: {'yes' if c.allowed else 'no'}. {c.reason}"
        for c in explanation.people.consents
    ]
    return paragraphs


def _fairness(explanation: Explanation) -> list[str]:
    return [
        "The answer depends on the question, the nation, the date and the guidance, and on nothing about the person who asks "
        "or the person it concerns.",
        "Asked again of the same snapshot, the search and the sentences come out the same."
        if explanation.replay.composition == "identical"
        else "Asked again, the search comes out the same; the model's wording may differ, and what it said is recorded.",
    ]


def _safety(explanation: Explanation) -> list[str]:
    passed = sum(check.passed for check in explanation.checks)
    paragraphs = (
        [f"{passed} of {_count(len(explanation.checks), 'check')} passed."] if explanation.checks else []
    )
    for name in dict.fromkeys(check.name for check in explanation.checks):
        of = [check for check in explanation.checks if check.name == name]
        paragraphs.append(f"{name}: {sum(check.passed for check in of)} of {len(of)}.")
    paragraphs += [f"Held back: “{dropped.text}” {dropped.reason}" for dropped in explanation.dropped]
    return paragraphs or ["Nothing was released that needed checking."]


def _impact() -> list[str]:
    return [
        "An answer is information for a colleague. It decides nothing about a claim; a person does.",
        "If it looks wrong, contest it: an expert rules, and the colleagues who relied on it are told.",
    ]


def _since(explanation: Explanation) -> list[str]:
    return [f"{e.time:%-d %B %Y %H:%M} UTC, {e.by}: {e.what}" for e in explanation.human.events]


def _cited(explanation: Explanation) -> set[str]:
    return {c["passage_id"] for s in explanation.answer.get("sentences", []) for c in s.get("citations", [])}


def _nation(nation: str | None) -> str:
    return nation.replace("_", " ").title() if nation else "no one nation"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
