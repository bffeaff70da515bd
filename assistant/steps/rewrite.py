"""Step 5. Why: a colleague asks on, as they would of a colleague; what is searched must still be a whole question.

History is the last answer of the same conversation to the same person, as the ledger has it: redacted, and read with
the right to read it. What the question became is shown with the answer and can be changed and asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Answer, Question, Run
from assistant.conversation import FollowUp, followed_up
from assistant.glossary import Glossary
from assistant.named_time import as_named
from assistant.retold import unfaithful
from assistant.steps.step import noted
from governance.egress import about
from governance.errors import ModelFailed

if TYPE_CHECKING:
    from assistant.chat.rewriting import Rewriter

Before = Callable[[Question], Answer | None]
"""The last answer of a question's conversation, or None."""


@dataclass(frozen=True)
class Rewrite:
    """Makes a follow-up stand on its own."""

    before: Before
    glossary: Glossary
    rewriter: Callable[[], Rewriter | None] = lambda: None
    cancelled: Callable[[], bool] = lambda: False
    name: str = "rewrite"

    def __call__(self, run: Run) -> Run:
        """The run with ``rewritten`` set where the question leans on the one before it, of the day that it names."""
        noticed = as_named(run.question)
        said = (noticed.caution,) if noticed.caution else ()
        run = replace(run, question=noticed.question, cautions=(*run.cautions, *said))
        leans = bool(run.question.conversation) and not run.question.whole
        before = self.before(run.question) if leans else None
        found = followed_up(run.question, before, self.glossary) if before is not None else None
        if found is None or before is None:
            return noted(run, self.name, carried=[], after="", taken_as_day=noticed.taken)
        text, facts = self._by_model(run, found)
        question = replace(run.question, nation=found.nation)
        run = replace(run, question=question, rewritten=text, cautions=(*run.cautions, *found.noticed))
        return noted(
            run, self.name, carried=list(found.carried), after=before.id, taken_as_day=noticed.taken, **facts
        )

    def _by_model(self, run: Run, found: FollowUp) -> tuple[str, dict[str, str]]:
        """The chat model's wording where there is one that may be used, else that of the rules; and which, and why."""
        by_rules = {"by": "rules"}
        try:
            rewriter = self.rewriter()
            if rewriter is None:
                return found.text, by_rules
            with about(run.question.id):
                text = rewriter.rewrite(found.topic, run.question.text, self.cancelled).strip()
        except ModelFailed as error:
            return found.text, {**by_rules, "fallback": error.message}
        if why := unfaithful(text, run.question.text, found.topic):
            return found.text, {**by_rules, "fallback": f"The chat model's wording was not used: {why}."}
        prompt = rewriter.prompt
        return text, {"by": rewriter.model, "prompt": f"{prompt.id} {prompt.version} {prompt.sha256}"}
