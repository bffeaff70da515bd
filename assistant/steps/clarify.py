"""Why: "PIP" is a subject, not a question, and any answer to it is a guess at what was meant. So two or three questions
are offered instead, and each was run first: it finds the passage that it was made from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Outcome, Run
from assistant.retrieve import Retriever
from assistant.steps.step import noted, stopped
from assistant.words import content_words

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot

OFFERED = 3
"""Questions that are offered at most."""
LEAST_OFFERED = 2
"""With fewer, there is nothing to choose between, and the question is worked through as it stands."""
_ASKED = re.compile(
    r"\?|^\W*(?:how|what|when|who|whose|where|which|why|can|could|do|does|did|is|are|was|will|should|may|must|has|have"
    r"|tell|explain|define|describe)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clarify:
    """Stops at a question that names a subject and asks nothing of it."""

    retriever: Retriever
    snapshot: Snapshot
    name: str = "clarify"

    def __call__(self, run: Run) -> Run:
        """The run, or the run stopped as ``needs_clarification`` with questions that find something."""
        read_as = str(run.facts["retrieve"]["read_as"])  # type: ignore[index]
        if run.rewritten or not self._unclear(read_as):
            return noted(run, self.name, unclear=False)
        offered = self._offered(run)
        run = noted(run, self.name, unclear=True, offered=len(offered))
        if len(offered) < LEAST_OFFERED:
            return run
        said = "The question names a subject and does not say what is asked about it."
        return stopped(replace(run, suggestions=offered), Outcome.NEEDS_CLARIFICATION, said)

    def _unclear(self, text: str) -> bool:
        if _ASKED.search(text):
            return False
        named = self.retriever.glossary.expand(text)
        left = text
        for expansion in named:
            left = left.replace(expansion.said, " ")
        return len(content_words(left)) + len(named) <= 1

    def _offered(self, run: Run) -> tuple[str, ...]:
        """Questions made of the headings found, those only that find their own passage again."""
        found: dict[str, None] = {}
        for candidate in run.candidates:
            hit = candidate.hit
            heading = hit.section.rsplit(" > ", 1)[-1]
            if not candidate.used or hit.lexical is None or heading == hit.document.title:
                continue
            about = _within(heading, hit.text)
            question = f"What does the guidance on {hit.document.title} say about {about}?"
            if question not in found and self._finds(question, hit.passage_id, run):
                found[question] = None
            if len(found) == OFFERED:
                break
        return tuple(found)

    def _finds(self, question: str, passage_id: str, run: Run) -> bool:
        asked = run.question
        hits = self.retriever.search(self.snapshot, question, nation=asked.nation, on=asked.on, use=3).used
        return passage_id in {hit.passage_id for hit in hits}


def _within(heading: str, text: str) -> str:
    """A heading as it stands inside a sentence; "PIP" and "Housing Payments" keep their capital, as in the text below."""
    first = heading.partition(" ")[0].strip(",:;")
    if first.isupper() or re.search(rf"[a-z,] {re.escape(first)}\b", text):
        return heading
    return f"{heading[:1].lower()}{heading[1:]}"
