"""Why: whatever composed a sentence, a person, a rule or a model, it is released only if guidance carries it.

The evidence contract, checked afresh against the snapshot and never against what the composer says of
itself. A sentence stands when

1. ``cited``      it has at least one citation;
2. ``retrieved``  each cited passage was retrieved, and marked used, for this question;
3. ``verbatim``   each quote is the passage's text at the span given, and holds a word;
4. ``whole``      each quote is a whole statement of it, or the heading or lead-in of one, never a fragment;
5. ``in force``   each cited version is in force on the date asked about;
6. ``in nation``  each cited version applies in the nation asked about;
7. ``figures``    every figure in it stands in one of its quotes;
8. ``polarity``   it denies what its quotes deny, and nothing else;
9. ``modality``   what is "must", "should", "may", "can" or "will" in its quotes is so in it;
10. ``conditions`` it keeps every "if", "unless", "only if", limit and "or" of its quotes, and adds none;
11. ``carried``   its words are those of its quotes, in their order (see ``wording``);
12. ``supported`` where it is not its quotes to the letter, the checker of support agrees.

A sentence that passes the first six and fails in its wording is replaced by the statement it cites, in the source's
own words, where that can be done; what was proposed, and why it was not released, is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import Check, Dropped, Sentence
from assistant.contract import Support, carried, checked
from assistant.statements import statements
from ingest.documents import Filter, Passage, Version

if TYPE_CHECKING:
    from ingest.snapshot import Snapshot

__all__ = ["CHECKS", "VERSION", "WORDING", "Grounded", "carried", "ground", "in_its_own_words"]

CHECKS = (
    "cited", "retrieved", "verbatim", "whole", "in force", "in nation",
    "figures", "polarity", "modality", "conditions", "carried", "supported",
)  # fmt: skip
WORDING = frozenset(CHECKS[CHECKS.index("figures") :])
"""Checks of what a sentence says; those before them are of what it cites."""
VERSION = "2"
"""Raised when a check changes meaning; every record names it."""


@dataclass(frozen=True)
class Grounded:
    """What the contract let through, what it did not, and every check it made."""

    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]
    checks: tuple[Check, ...]


def ground(
    sentences: tuple[Sentence, ...],
    *,
    retrieved: frozenset[str],
    snapshot: Snapshot,
    where: Filter,
    support: Support | None = None,
) -> Grounded:
    """Check sentences against the snapshot; those that fail are dropped with the first check they failed.

    ``support`` is asked only of sentences that are not their quotes to the letter.
    """
    cited = {c.passage_id for s in sentences for c in s.citations}
    evidence = snapshot.passages_by_id(cited & retrieved)
    kept: list[Sentence] = []
    dropped: list[Dropped] = []
    checks: list[Check] = []

    def check(number: int, sentence: Sentence) -> Check | None:
        made = [
            Check(number, name, not wrong, wrong or good)
            for name, wrong, good in checked(sentence, retrieved, evidence, where, support)
        ]
        checks.extend(made)
        return next((one for one in made if not one.passed), None)

    for number, sentence in enumerate(sentences):
        failed = check(number, sentence)
        if failed is None:
            kept.append(sentence)
            continue
        reason = failed.evidence
        if failed.name in WORDING:
            instead = in_its_own_words(sentence, evidence)
            if instead and all(check(number, one) is None for one in instead):
                kept += [one for one in instead if one not in kept]
                reason += "; the source's own words are given instead"
        dropped.append(Dropped(sentence.text, failed.name, reason))
    return Grounded(tuple(kept), tuple(dropped), tuple(checks))


def in_its_own_words(
    sentence: Sentence, evidence: Mapping[str, tuple[Passage, Version]]
) -> tuple[Sentence, ...]:
    """The statements that a sentence cites, each as a sentence; none where its quotes are not such statements."""
    left = list(sentence.citations)
    made = []
    while left:
        first = left[0]
        found = next(
            (
                s
                for s in statements(evidence[first.passage_id][0].text)
                if s.quotes == tuple((c.start, c.end) for c in left[: len(s.quotes)])
                and {c.passage_id for c in left[: len(s.quotes)]} == {first.passage_id}
            ),
            None,
        )
        if found is None:
            return ()
        made.append(Sentence(found.text, tuple(left[: len(found.quotes)])))
        del left[: len(found.quotes)]
    return tuple(made)
