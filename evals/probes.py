"""Why: two parts can be measured on their own, on sets that ask nothing: the support checker on claims with
evidence, redaction on sentences with marked spans. What each row came to is stored, and scored offline.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.evaluate import Metric
from evals.loaders.texts import rows
from evals.scorers.citations import SUPPORTED
from evals.statistics import SEED, Share, cluster_bootstrap, resampled

if TYPE_CHECKING:
    from assistant.app import Assistant
    from governance.redaction import Redactor

EVIDENCE = 20_000
"""Characters of evidence that are read."""
GROUNDING = ("wice", "summedits", "expertqa")
POLICY_TYPES = frozenset(
    {"PERSON", "STREET_ADDRESS", "ZIP_CODE", "CREDIT_CARD", "EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS",
     "US_SSN", "US_DRIVER_LICENSE"}
)  # fmt: skip
"""Span types of the third-party set that the redaction policy covers (docs/governance.md says why not others)."""
NOT_OURS = frozenset({"DATE_TIME", "URL"})
"""Vector types that the policy leaves alone."""


class Claim(BaseModel):
    """One claim, whether people found it supported, and what the checker gave it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    family: str
    """Hash of the evidence: claims over one text are not independent."""
    set: str
    supported: bool
    score: float


class Redacted(BaseModel):
    """One text: characters of personal data hidden and leaked, and of other text hidden needlessly."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    part: str
    """``sentences``, or ``valid`` and ``look-alike`` for short vectors."""
    hidden: int = 0
    leaked: int = 0
    needless: int = 0
    right: bool | None = None
    """For a vector: hidden whole if valid, not taken for its type if not."""


def family_of(evidence: str) -> str:
    """What the claims over one text share: the first 16 hex digits of its hash."""
    return hashlib.sha256(evidence.encode()).hexdigest()[:16]


def held_out(family: str) -> bool:
    """Whether a text is kept for measuring, as two of five are: the checker's weights learnt from no claim over it."""
    return int(family[:8], 16) % 5 < 2


def grounding(
    assistant: Assistant, data: Path, *, most: int, done: Callable[[int, int], None], workers: int = 2
) -> list[Claim]:
    """Ask the checker about claims over texts it never learnt from: at most ``most`` of each set, drawn by the fixed seed."""
    taken: list[dict[str, Any]] = []
    for name in GROUNDING:
        given = [
            r for r in rows(data, "grounding", f"{name}.jsonl") if held_out(family_of(r["evidence_text"]))
        ]
        taken += random.Random(SEED).sample(given, min(most, len(given)))

    def one(row: dict[str, Any]) -> Claim:
        score = assistant.supports(row["claim"], [row["evidence_text"][:EVIDENCE]])
        family = family_of(row["evidence_text"])
        return Claim(
            id=row["id"],
            family=family,
            set=row["set"],
            supported=row["label"] == "supported",
            score=round(score, 4),
        )

    found = []
    with ThreadPoolExecutor(workers) as pool:
        for claim in pool.map(one, taken):
            found.append(claim)
            done(len(found), len(taken))
    return found


def grounding_metrics(claims: Sequence[Claim]) -> tuple[Metric, ...]:
    """Area under the ROC curve and balanced accuracy at the operating point, for each set."""
    metrics = []
    for name in dict.fromkeys(c.set for c in claims):
        part = [c for c in claims if c.set == name]
        truth = np.array([c.supported for c in part])
        scores = np.array([c.score for c in part])
        families = [c.family for c in part]
        for title, statistic in (
            (f"AUROC, {name}", partial(auroc, truth, scores)),
            (f"balanced accuracy at {SUPPORTED}, {name}", partial(balanced, truth, scores)),
        ):
            metrics.append(Metric(title, resampled(statistic, families), None))
    return tuple(metrics)


def auroc(all_truth: np.ndarray, all_scores: np.ndarray, at: np.ndarray) -> float | None:
    """Chance that a supported claim outranks another (Mann and Whitney, 1947); None with one class only."""
    from scipy.stats import rankdata

    truth, scores = all_truth[at], all_scores[at]
    n = int(truth.sum())
    m = len(truth) - n
    if not n or not m:
        return None
    return float((rankdata(scores)[truth].sum() - n * (n + 1) / 2) / (n * m))


def balanced(all_truth: np.ndarray, scores: np.ndarray, at: np.ndarray) -> float | None:
    """Mean of the shares of supported and of other claims told right; None with one class only."""
    truth, said = all_truth[at], scores[at] >= SUPPORTED
    if truth.all() or not truth.any():
        return None
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def redaction(redactor: Redactor, data: Path, *, done: Callable[[int, int], None]) -> list[Redacted]:
    """Find personal data in marked sentences and in short vectors."""
    sentences = list(rows(data, "pii", "presidio.jsonl"))
    vectors = [row for row in rows(data, "pii", "uk_vectors.jsonl") if row["type"] not in NOT_OURS]
    found: list[Redacted] = []
    for row in _each(sentences, redactor):
        found.append(row)
        done(len(found), len(sentences) + len(vectors))
    for given in vectors:
        found.append(_vector(given, redactor))
        done(len(found), len(sentences) + len(vectors))
    return found


def _each(sentences: Iterable[dict[str, Any]], redactor: Redactor) -> Iterator[Redacted]:
    for row in sentences:
        text = row["text"]
        hidden = {i for span in redactor.find(text) for i in range(span.start, span.end)}
        labelled = {i for s in row["spans"] for i in range(s["start"], s["end"]) if text[i].isalnum()}
        personal = {
            i
            for s in row["spans"]
            if s["type"] in POLICY_TYPES
            for i in range(s["start"], s["end"])
            if text[i].isalnum()
        }
        yield Redacted(
            id=row["id"],
            part="sentences",
            hidden=len(personal & hidden),
            leaked=len(personal - hidden),
            needless=sum(text[i].isalnum() for i in hidden - labelled),
        )


def _vector(row: dict[str, Any], redactor: Redactor) -> Redacted:
    text, spans = row["text"], redactor.find(row["text"])
    hidden = {i for span in spans for i in range(span.start, span.end)}
    wanted = {i for s in row["spans"] for i in range(s["start"], s["end"]) if text[i].isalnum()}
    right = wanted <= hidden if row["valid"] else all(span.type != row["type"] for span in spans)
    return Redacted(id=row["id"], part="valid" if row["valid"] else "look-alike", right=right)


def redaction_metrics(found: Sequence[Redacted]) -> tuple[Metric, ...]:
    """Recall and precision by character on sentences, and the share of vectors that came out right."""
    family = {r.id: r.id for r in found}
    recall = {r.id: Share(r.hidden, r.hidden + r.leaked) for r in found if r.part == "sentences"}
    precision = {r.id: Share(r.hidden, r.hidden + r.needless) for r in found if r.part == "sentences"}
    metrics = [
        Metric("redaction recall, characters", cluster_bootstrap(recall, family), None),
        Metric("redaction precision, characters", cluster_bootstrap(precision, family), None),
    ]
    for part, name in (("valid", "identifiers hidden"), ("look-alike", "look-alikes left alone")):
        right = {r.id: float(bool(r.right)) for r in found if r.part == part}
        metrics.append(Metric(name, cluster_bootstrap(right, family), None))
    return tuple(metrics)
