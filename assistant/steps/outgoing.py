"""Step 9. Why: personal data is taken out of questions on the way in; what a model makes of its own accord must be looked at
on the way out.

A sentence whose every word stands in the passages it was made from can tell nothing about the person who is asked
about, so it is not read again; sentences that rules quote are all of this kind. Any other is read by the redactor, and
withheld where it holds what looks like personal data and no quote of it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Dropped, Run, Sentence
from assistant.steps.step import noted

if TYPE_CHECKING:
    from governance.redaction import Redactor

CHECK = "personal data"
WITHHELD = "(withheld)"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Outgoing:
    """Withholds sentences with personal data that no quote carries."""

    redactor: Redactor
    name: str = "outgoing"

    def __call__(self, run: Run) -> Run:
        """The run without such sentences; each is recorded as dropped, without its text."""
        known = _words(*(f"{c.hit.text} {c.hit.section}" for c in run.candidates))
        kept: list[Sentence] = []
        dropped: list[Dropped] = []
        for sentence in run.sentences:
            kinds = [] if _words(sentence.text) <= known else self._kinds(sentence)
            if kinds:
                reason = f"It holds what looks like a {', '.join(kinds)} that no quote holds."
                dropped.append(Dropped(WITHHELD, CHECK, reason))
            else:
                kept.append(sentence)
        run = replace(run, sentences=tuple(kept), dropped=(*run.dropped, *dropped))
        return noted(run, self.name, withheld=len(dropped))

    def _kinds(self, sentence: Sentence) -> list[str]:
        quotes = " ".join(citation.quote for citation in sentence.citations).casefold()
        return sorted(
            {
                self.redactor.policy.entities[span.type].label
                for span in self.redactor.find(sentence.text)
                if sentence.text[span.start : span.end].casefold() not in quotes
            }
        )


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text.casefold())}
