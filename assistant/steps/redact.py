"""Step 3. Why: what leaves this step carries no personal data, so nothing after it has to be trusted with any.

The redacted question is still answered where a question is left: the colleague has a claimant waiting. They
are told what was taken out, by kind and never by value.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Outcome, Run
from assistant.steps.step import noted, noticed, stopped, withheld
from assistant.words import content_words
from governance.errors import RedactionFailed

if TYPE_CHECKING:
    from governance.conversations import Conversations
    from governance.redaction import Redactor
    from governance.redaction.spans import Redaction, Tokens


@dataclass(frozen=True)
class Redact:
    """Replaces personal data by tokens."""

    redactor: Redactor
    conversations: Conversations
    name: str = "redact"

    def __call__(self, run: Run) -> Run:
        """The run on the redacted text, or stopped as ``blocked_personal_data`` with its text withheld."""
        tokens = self._tokens(run)
        try:
            redaction = self.redactor.redact(run.question.text, tokens=tokens)
        except RedactionFailed as error:
            run = noted(run, self.name, spans=[], policy_version="", policy_hash="", withheld=True)
            return withheld(stopped(run, Outcome.BLOCKED_PERSONAL_DATA, f"{error.message}."))
        run = replace(run, question=replace(run.question, text=redaction.text), tokens=dict(tokens.values))
        run = noted(run, self.name, **_facts(redaction))
        if not redaction.spans:
            return run
        run = replace(run, cautions=(*run.cautions, self._caution(redaction)))
        if not content_words(redaction.text) and not noticed(run):
            return stopped(
                run,
                Outcome.BLOCKED_PERSONAL_DATA,
                "Nothing but personal details was given; there is no question left.",
            )
        return run

    def _tokens(self, run: Run) -> Tokens:
        """The tokens of the conversation, where it is about a person who takes part; else new ones."""
        from governance.redaction.spans import Tokens

        question = run.question
        if not question.citizen or not question.conversation:
            return Tokens()
        return Tokens.holding(self.conversations.tokens(question.conversation, question.citizen))

    def _caution(self, redaction: Redaction) -> str:
        counted = Counter(span.type for span in redaction.spans)
        kinds = ", ".join(f"{self._label(t)}{f' ({n})' if n > 1 else ''}" for t, n in sorted(counted.items()))
        structural = any(self._structural(t) for t in counted)
        said = f"Taken out before anything was searched or kept: {kinds}."
        return f"{said} Do not put identifiers into a question." if structural else said

    def _label(self, entity: str) -> str:
        known = self.redactor.policy.entities.get(entity)
        return known.label if known else entity.replace("_", " ").lower()

    def _structural(self, entity: str) -> bool:
        known = self.redactor.policy.entities.get(entity)
        return known is None or known.structural


def _facts(redaction: Redaction) -> dict[str, object]:
    return {
        "spans": [
            {
                "start": s.start, "end": s.end, "type": s.type, "score": s.score, "recogniser": s.recogniser,
            }
            for s in redaction.spans
        ],
        "policy_version": redaction.policy_version,
        "policy_hash": redaction.policy_hash,
        "withheld": False,
    }  # fmt: skip
