"""Why: the same question asked in a hurry, in capitals or with a remark in it is the same question.

Each perturbation changes how a case is put, by a fixed seed, and nothing of what is right. What is reported is how
many cases are treated as before, and what the change cost in expected citations, against the same cases unchanged.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from assistant.app import Assistant
from assistant.retrieve import Retrieval, Retriever
from evals.cases import Suite
from evals.results import Result
from evals.scorers import score
from evals.scorers.answers import ANSWERED
from evals.statistics import SEED, Comparison, Estimate, cluster_bootstrap, compare

_NEAR = {"a": "s", "e": "r", "i": "o", "o": "p", "t": "y", "n": "m", "s": "d", "r": "e", "l": "k", "c": "v"}
"""Keys beside one another."""
_REMARKS = (
    "It has been a busy morning here.", "The claimant came in by bus.", "My colleague is on leave this week.",
    "We spoke about the weather first.", "The printer is broken again.",
)  # fmt: skip
_PLAIN = {
    r"\bclaimant\b": "customer", r"\bhow long\b": "for how much time", r"\bhow much\b": "what amount",
    r"\bdeadline\b": "last day", r"\bget\b": "receive", r"\bask for\b": "request",
}  # fmt: skip


def typos(question: str, rng: random.Random) -> str:
    """One slip in about every sixth word of five letters or more: a key beside, or two letters the other way round."""
    words = question.split(" ")
    long = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha()]
    for i in rng.sample(long, min(len(long), max(1, len(words) // 6))):
        word, at = words[i], rng.randrange(1, len(words[i]) - 2)
        if rng.random() < 0.5:
            words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        else:
            words[i] = word[:at] + _NEAR.get(word[at].lower(), word[at]) + word[at + 1 :]
    return " ".join(words)


def capitals(question: str, _: random.Random) -> str:
    """The whole in capitals."""
    return question.upper()


def paraphrase(question: str, _: random.Random) -> str:
    """Plain synonyms, and a polite frame."""
    for pattern, other in _PLAIN.items():
        question = re.sub(pattern, other, question, flags=re.IGNORECASE)
    return f"Could you tell me: {question}"


def remark(question: str, rng: random.Random) -> str:
    """An irrelevant sentence before the question."""
    return f"{rng.choice(_REMARKS)} {question}"


PERTURBATIONS: Mapping[str, Callable[[str, random.Random], str]] = {
    "typing errors": typos,
    "capitals": capitals,
    "plain synonyms": paraphrase,
    "irrelevant sentence": remark,
}
REORDERED = "reordered passages"
"""Changes no question: the passages found are handed on in another order."""


def perturbed(suite: Suite, name: str) -> Suite:
    """The suite with every question put otherwise; ids stay, so that cases can be compared."""
    change = PERTURBATIONS[name]
    cases = tuple(
        c.model_copy(update={"question": change(c.question, random.Random(f"{SEED}{name}{c.id}"))})
        for c in suite.cases
    )
    return suite.model_copy(update={"cases": cases})


def fit(suite: Suite, most: int) -> Suite:
    """Cases whose question may be put otherwise: they ask guidance, stand alone and hold no identifier."""
    kept = [c for c in suite.cases if c.answerable and not c.before and not c.personal and c.kind != "typo"]
    kept = sorted(random.Random(SEED).sample(kept, min(most, len(kept))), key=lambda c: c.id)
    return suite.model_copy(update={"cases": tuple(kept)})


class Turned(Retriever):
    """A search that hands on its candidates worst first."""

    def search(self, *args: Any, **kwargs: Any) -> Retrieval:
        """As found, the other way round."""
        found = super().search(*args, **kwargs)
        return replace(found, candidates=tuple(reversed(found.candidates)))


class Reordered(Assistant):
    """An assistant whose search hands on what it found the other way round."""

    @cached_property
    def _retriever(self) -> Retriever:
        return Turned(**vars(super()._retriever))


@dataclass(frozen=True)
class Robustness:
    """What one perturbation came to."""

    name: str
    alike: Estimate
    """Share of cases with the same kind of outcome and the same expected passages cited."""
    citations: Comparison | None
    """Gold citation recall, unchanged and perturbed."""
    changed: tuple[str, ...]
    """Cases treated otherwise."""


def compare_perturbed(name: str, plain: Sequence[Result], other: Sequence[Result]) -> Robustness:
    """Compare a perturbed run with the plain one, case by case."""
    before, after = {r.case.id: r for r in plain}, {r.case.id: r for r in other}
    family = {k: r.case.family_id for k, r in before.items()}
    alike = {k: float(_treated(before[k]) == _treated(after[k])) for k in before.keys() & after.keys()}
    metric = "gold citation recall"
    return Robustness(
        name,
        cluster_bootstrap(alike, family),
        compare(score(plain)[metric], score(other)[metric], family),
        tuple(sorted(k for k, same in alike.items() if not same)),
    )


def _treated(result: Result) -> tuple[bool, tuple[bool, ...]]:
    return result.outcome in ANSWERED, result.gold_cited
