"""Step 9. Why: one place says what came of a question, in words that a colleague can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.abstain import Calibration, Verdict, judge
from assistant.answers import Dropped, Outcome, Run, Sentence
from assistant.cautions import cautions
from assistant.holding import weigh_risk
from assistant.named_time import taken
from assistant.risks import Risks
from assistant.steps.step import noted


@dataclass(frozen=True)
class Decide:
    """Judges each part, keeps what answers, and names the outcome."""

    calibration: Calibration
    risks: Risks
    name: str = "decide"

    def __call__(self, run: Run) -> Run:
        """The run with its outcome; an answer on a topic of risk is held or cautioned."""
        return weigh_risk(self._decided(run), self.risks)

    def _decided(self, run: Run) -> Run:
        composed: list[dict[str, Any]] = run.facts["compose"]["parts"]  # type: ignore[index]
        verdicts = [_grounded(_told(judge(part, self.calibration), part), part, run) for part in composed]
        answered = [p for p, v in zip(composed, verdicts, strict=True) if v.answers]
        kept = tuple(s for s in run.sentences if any(_belongs(s, part) for part in answered))
        put_aside = tuple(
            Dropped(s.text, "decide", "it belongs to a part that the guidance does not answer")
            for s in run.sentences
            if s not in kept
        )
        uncovered = [part["text"] for part, v in zip(composed, verdicts, strict=True) if not v.answers]
        uncovered += [name for part in answered for name in part["unnamed"]]
        run = noted(
            run, self.name, calibration=self.calibration.version, threshold=self.calibration.threshold,
            parts=[{"text": p["text"], "probability": round(v.probability, 4), "answers": v.answers, "reason": v.reason}
                   for p, v in zip(composed, verdicts, strict=True)],
        )  # fmt: skip
        run = replace(run, sentences=kept, dropped=(*run.dropped, *put_aside))
        if not kept:
            reason = next((v.reason for v in verdicts if v.reason), "No sentence passed its checks.")
            return replace(
                run,
                outcome=Outcome.NOT_IN_GUIDANCE,
                reason=f"{reason}{_instead_of_a_model(run)}",
                suggestions=_suggestions(run, composed),
            )
        reasons = [v.reason for v in verdicts if v.reason]
        return replace(
            run,
            outcome=Outcome.PARTLY_ANSWERED if uncovered else Outcome.ANSWERED,
            reason=" ".join([_how(kept), *reasons]),
            uncovered=tuple(dict.fromkeys(uncovered)),
            cautions=(*run.cautions, *cautions(run.question, kept, day_told=bool(taken(run)))),
        )


def _told(verdict: Verdict, part: Mapping[str, Any]) -> Verdict:
    """Of what a chat model chose it is said that the choice does not answer; of the guidance, what rules find of it."""
    by_rules = part.get("by_rules")
    if verdict.answers or by_rules is None:
        return verdict
    return replace(verdict, reason=f"What the chat model chose does not answer this. {by_rules}".strip())


def _instead_of_a_model(run: Run) -> str:
    """Why rules chose where a chat model was to; "" where none was, or where it did."""
    fallback = run.facts["compose"].get("fallback")  # type: ignore[attr-defined]
    return f" Rules chose because: {fallback}" if fallback else ""


def _grounded(verdict: Verdict, part: Mapping[str, Any], run: Run) -> Verdict:
    """A part whose statements all fell to the contract is not answered, however probable."""
    if verdict.answers and not any(_belongs(s, part) for s in run.sentences):
        return replace(verdict, answers=False, reason="No sentence found for this passed its checks.")
    return verdict


def _belongs(sentence: Sentence, part: Mapping[str, Any]) -> bool:
    last = sentence.citations[-1]
    return any(s["passage_id"] == last.passage_id and s["start"] == last.start for s in part["statements"])


def _how(sentences: tuple[Sentence, ...]) -> str:
    documents = {c.document.id for s in sentences for c in s.citations}
    n, d = len(sentences), len(documents)
    return (
        f"{n} sentence{'s' if n > 1 else ''} quoted word for word from {d} document{'s' if d > 1 else ''}; "
        "every quote and figure was checked against its source."
    )


NEAR = 0.35
"""Least cosine at which a passage is worth suggesting; off-topic questions stay below it."""


def _suggestions(run: Run, composed: list[dict[str, Any]]) -> tuple[str, ...]:
    """Up to three sections that lie near a question that was not answered."""
    if max((part["signals"]["coverage"] for part in composed), default=0.0) < 0.3:
        return ()
    near = (c.hit for c in run.candidates if c.used and (c.hit.dense or 0.0) >= NEAR)
    sections = dict.fromkeys((h.document.title, h.section.rsplit(" > ", 1)[-1]) for h in near)
    return tuple(
        title if section == title else f"{title}: {section}" for title, section in list(sections)[:3]
    )
