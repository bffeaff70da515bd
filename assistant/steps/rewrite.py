"""Step 5. Why: a colleague asks on, as they would of a colleague; what is searched must still be a whole question.

History is the last answer of the same conversation to the same person, as the ledger has it: redacted, and read with
the right to read it. What the question became is shown with the answer and can be changed and asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.answers import Answer, Question, Run
from assistant.conversation import followed_up
from assistant.glossary import Glossary
from assistant.steps.step import noted

Before = Callable[[Question], Answer | None]
"""The last answer of a question's conversation, or None."""


@dataclass(frozen=True)
class Rewrite:
    """Makes a follow-up stand on its own."""

    before: Before
    glossary: Glossary
    name: str = "rewrite"

    def __call__(self, run: Run) -> Run:
        """The run with ``rewritten`` set where the question leans on the one before it."""
        leans = bool(run.question.conversation) and not run.question.whole
        before = self.before(run.question) if leans else None
        found = followed_up(run.question, before, self.glossary) if before is not None else None
        if found is None or before is None:
            return noted(run, self.name, carried=[], after="")
        question = replace(run.question, nation=found.nation)
        run = replace(run, question=question, rewritten=found.text, cautions=(*run.cautions, *found.noticed))
        return noted(run, self.name, carried=list(found.carried), after=before.id)
