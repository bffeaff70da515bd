"""Why: the answer is already written, in guidance. Composing is choosing the statements that answer, with the
conditions that belong to them, in an order a person would read.

Extractive: every sentence is a verbatim quote. A statement is scored by its meaning (cosine with the
question), by the question's words that it speaks of (weighed by rarity), by how well its passage was
retrieved, and by whether it holds the kind of figure that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import Hit
from assistant.circumstances import Circumstances
from assistant.coverage import Focus, said
from assistant.glossary import Entry, Glossary
from assistant.kinds import answers_kind
from assistant.neighbours import Scored, carries_on, repeats, with_neighbours
from assistant.outside import stands_outside
from assistant.parts import Part
from assistant.statements import Statement, statements
from assistant.vocabulary import Vocabulary
from assistant.weighed import Weighed, around, signals

if TYPE_CHECKING:
    from assistant.encoding import Encoding
    from ingest.embed import Embedder


@dataclass(frozen=True)
class Weights:
    """How much each signal counts in choosing a statement; tuned on the sample questions (docs/retrieval.md)."""

    meaning: float = 1.0
    coverage: float = 0.4
    passage: float = 0.25
    figure: float = 0.3
    other_subject: float = 0.35
    """Taken off where the passage names another benefit and not the one asked about."""
    no_subject: float = 0.15
    """Taken off where it names no benefit at all, and the question does."""
    cannot: float = 0.15
    """Given where question and statement both speak of what somebody cannot do."""
    line: float = 0.15
    """Given where it draws a line by age or distance on whose right side the claimant is."""
    other_line: float = 0.45
    """Taken off where the claimant is on the wrong side of it."""
    outside: float = 0.35
    """Taken off where it speaks of what lies outside the place asked about ("outside Greater London")."""
    near_best: float = 0.3
    """A further statement is taken while its score is within this of the best one's."""
    same_passage: float = 0.1
    """Given to statements of the best statement's passage: an answer in one place reads better."""


_ONLY = re.compile(r"\b(?:only|unless|must\s+be)\b", re.IGNORECASE)
_CANNOT = re.compile(r"\b(?:can(?:not|['’]?t)|unable\s+to|not\s+able\s+to)\b", re.IGNORECASE)
PER_PART = 4
COUNTED = 0.5
"""Least share of the words that say what is counted ("waiting days") that a sentence with the number speaks of."""
KEPT_VECTORS = 20_000
"""Vectors of statements kept in memory: 30 MB at 384 dimensions."""


@dataclass(frozen=True)
class Composed:
    """What was chosen for one part, and the signals that say whether it answers."""

    part: Part
    chosen: tuple[Scored, ...]
    signals: dict[str, float]
    missing: tuple[str, ...]
    """Words of the part that the passages found do not speak of, rarest first."""
    unnamed: tuple[str, ...] = ()
    """Benefits that the part names and no passage found does."""


@dataclass
class Composer:
    """Chooses statements. Keeps the vectors of statements it has met, bounded."""

    embedder: Embedder | Encoding
    glossary: Glossary
    weights: Weights = field(default_factory=Weights)
    _vectors: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    _naming: dict[str, bool] = field(default_factory=dict, repr=False)

    def compose(self, part: Part, hits: Sequence[Hit], vocabulary: Vocabulary) -> Composed:
        """Choose the statements of some hits that answer one part of a question."""
        weighed = self.weigh(part, hits, vocabulary)
        return self.composed(weighed, self.choose(weighed))

    def weigh(self, part: Part, hits: Sequence[Hit], vocabulary: Vocabulary) -> Weighed:
        """Score every statement of some hits for one part of a question."""
        expansions = self.glossary.expand(part.search)
        subjects = tuple(dict.fromkeys(e.entry for e in expansions if e.entry.names))
        focus = Focus.of(part.text, self.glossary, vocabulary)
        if not focus.words:  # "and if they are under 25?": what it is about stands before it
            focus = Focus.of(part.search, self.glossary, vocabulary)
        focus = focus.without_circumstances_beside(said(around(hit) for hit in hits))
        query = np.asarray(
            self.embedder.embed_query(self.glossary.query(part.search, expansions)), dtype=np.float32
        )
        scored = self._score(part, hits, query, focus, subjects)
        beyond = Focus.of(self.glossary.less(subjects, part.text), self.glossary, vocabulary)
        counted = Focus.of(self.glossary.less(subjects, part.counted), self.glossary, vocabulary).known(
            vocabulary
        )
        return Weighed(part, tuple(hits), tuple(scored), focus, subjects, beyond, counted)

    def choose(self, weighed: Weighed) -> tuple[Scored, ...]:
        """The best statement and those close to it that add something, with what they lean on."""
        return self._choose(weighed.scored)

    def composed(self, weighed: Weighed, chosen: tuple[Scored, ...]) -> Composed:
        """What was chosen, by whomever, with the signals that say whether it answers."""
        part, hits, focus = weighed.part, weighed.hits, weighed.focus
        return Composed(
            part,
            chosen,
            signals(weighed, chosen, self._figured(weighed, chosen)),
            focus.missing(said(around(hit) for hit in hits[:3])),
            tuple(
                s.mean
                for s in weighed.subjects
                if not any(self.glossary.mentions(s, around(hit)) for hit in hits)
            ),
        )

    def _score(
        self,
        part: Part,
        hits: Sequence[Hit],
        query: np.ndarray,
        focus: Focus,
        subjects: tuple[Entry, ...],
    ) -> list[Scored]:
        of_whom, cannot = Circumstances.of(part), bool(_CANNOT.search(part.search))
        read = [(hit, statements(hit.text)) for hit in hits]
        vectors = self._embed(read)
        scored = []
        top, low = max((h.score for h in hits), default=0.0), min((h.score for h in hits), default=0.0)
        for hit, found in read:
            prior = (hit.score - low) / (top - low) if top > low else 1.0
            context = said([hit.section])
            for position, statement in enumerate(found):
                meaning = float(query @ vectors[_key(hit, statement)])
                own = said([statement.text])
                after = found[position + 1].text if position + 1 < len(found) else ""
                on = _carried_on(statement.text, after, own | context, focus, of_whom)
                if on:
                    own = own | said([on])
                coverage = 0.7 * focus.covered_by(own | context) + 0.3 * focus.covered_by(own)
                kind = answers_kind(part.wanted, statement.text)
                # A figure belongs to what its own sentence or heading names, not to what stands nearby.
                spoken = f"{hit.section}\n{statement.text if part.wanted.required else hit.text}"
                on_subject, other = self._subject(spoken, subjects)
                score = (
                    self.weights.meaning * meaning
                    + self.weights.coverage * coverage
                    + self.weights.passage * prior
                    + (self.weights.figure if kind and part.wanted else 0.0)
                    + self._by_lines(part, of_whom, f"{statement.text} {on}")
                    + (self.weights.cannot if cannot and _CANNOT.search(statement.text) else 0.0)
                    - (self.weights.outside if stands_outside(part.search, statement.text) else 0.0)
                    - (self.weights.other_subject if other else 0.0)
                    - (self.weights.no_subject if not (on_subject or other) else 0.0)
                )
                scored.append(
                    Scored(hit, statement, position, score, meaning, coverage, kind, on_subject, on)
                )
        return sorted(scored, key=lambda s: (-s.score, s.hit.passage_id, s.position))

    def _by_lines(self, part: Part, of_whom: Circumstances, text: str) -> float:
        """What a line drawn by age or distance gives: whether somebody can is answered by it on either side of it, and "only
        for claimants aged 18 or over" tells those who are younger too.
        """
        suits = of_whom.suit(text)
        if suits == -1 and not (part.yes_or_no or _ONLY.search(text)):
            return -self.weights.other_line
        return self.weights.line * abs(suits)

    def _subject(self, text: str, subjects: tuple[Entry, ...]) -> tuple[bool, bool]:
        """Whether a text names what the question names; whether it names only something else."""
        if not subjects or any(self.glossary.mentions(s, text) for s in subjects):
            return True, False
        return False, self._names_one(text)

    def _names_one(self, text: str) -> bool:
        """Whether a text of guidance names any benefit; worked out once for each, bounded."""
        if text not in self._naming:
            if len(self._naming) > KEPT_VECTORS:
                self._naming = {}
            self._naming[text] = any(e.entry.names for e in self.glossary.expand(text))
        return self._naming[text]

    def _embed(self, read: Iterable[tuple[Hit, Sequence[Statement]]]) -> dict[str, np.ndarray]:
        """Vectors of statements by key: those met before from memory, the rest embedded together."""
        texts = {
            _key(hit, statement): f"{_leaf(hit)}: {statement.text}"
            for hit, found in read
            for statement in found
        }
        kept = self._vectors
        known = {key: kept[key] for key in texts if key in kept}
        wanted = [key for key in texts if key not in known]
        if not wanted:
            return known
        made = dict(zip(wanted, self.embedder.embed_array([texts[key] for key in wanted]), strict=True))
        self._vectors = made if len(kept) + len(made) > KEPT_VECTORS else {**kept, **made}
        return {**known, **made}

    def _figured(self, weighed: Weighed, chosen: Sequence[Scored]) -> float:
        """How much of the question the statement speaks of that holds the kind of figure asked for; 0 where none does.

        That a benefit is named does not say which of its figures is asked for, so the rest of the question must be spoken
        of as well; and what is counted, by the words that say what it is.
        """
        best = 0.0
        for s in chosen:
            if not (s.answers_kind and s.on_subject):
                continue
            text = f"{s.hit.section}\n{s.statement.text}\n{s.carried_on}"
            rest = said([self.glossary.less(weighed.subjects, text)])
            if weighed.counted.covered_by(rest) >= COUNTED:
                best = max(best, min(s.coverage, weighed.beyond.covered_by(rest)))
        return best

    def _choose(self, scored: Sequence[Scored]) -> tuple[Scored, ...]:
        """The best statement and those close to it that add something, with what they lean on."""
        if not scored:
            return ()
        best = scored[0]
        chosen: list[Scored] = []
        for candidate in scored:
            bonus = self.weights.same_passage if candidate.hit.passage_id == best.hit.passage_id else 0.0
            if candidate.score + bonus < best.score - self.weights.near_best or len(chosen) == PER_PART:
                continue
            if not candidate.on_subject and best.on_subject:
                continue
            if (
                candidate.score < best.score - self.weights.near_best / 2
                and candidate.hit.document.id != best.hit.document.id
                and candidate.coverage < best.coverage / 2
            ):
                continue  # from elsewhere, not near the best, and saying half of what is asked at most: another matter
            if not any(repeats(candidate, other) for other in chosen):
                chosen.append(candidate)
        return with_neighbours(chosen, scored)


def _carried_on(text: str, after: str, own: frozenset[str], focus: Focus, of_whom: Circumstances) -> str:
    """The statement after one, where it goes on about the same and speaks of what is asked, or of that age, as it does not."""
    if not after or not carries_on(text, after):
        return ""
    suits = of_whom.suit(after) == 1 and not of_whom.suit(text)
    speaks = focus.covered_by(own | said([after])) > focus.covered_by(own)
    return after if suits or speaks else ""


def _leaf(hit: Hit) -> str:
    return hit.section.rsplit(" > ", 1)[-1]


def _key(hit: Hit, statement: Statement) -> str:
    return f"{hit.passage_id}:{statement.start}"
