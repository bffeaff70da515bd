"""Why: the settings of search and abstention are chosen where anyone can choose them again, on data that anyone can see."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.abstain import calibration
from assistant.glossary import glossary
from assistant.retrieve import LEXICAL_WEIGHT, Retriever
from assistant.settings import Settings
from evals.cases import Suite
from evals.generate import run
from evals.loaders import load
from evals.loaders.texts import fitted
from evals.optimise import (
    THRESHOLDS,
    WEIGHTS,
    Chosen,
    abstention_scores,
    choose,
    covering,
    retrieval_scores,
)
from evals.results import read_results
from evals.statistics import SEED
from evals.workbench import workbench


def sweep(
    settings: Settings, data: Path, *, most: int | None, workers: int, done: Callable[[int, int], None]
) -> list[Chosen]:
    """Choose the weight of the words on OR-ShARC and on CLAPNQ, and the threshold of abstention on CLAPNQ."""
    return list(_sweep(settings, data, most, workers, done))


def _sweep(
    settings: Settings, data: Path, most: int | None, workers: int, done: Callable[[int, int], None]
) -> Iterator[Chosen]:
    for name in ("or_sharc", "clapnq"):
        loaded = load(name, data)
        suite = part_of(loaded.suite, most)
        with workbench(settings, texts=loaded.texts) as bench:
            snapshot = bench.first.snapshots.current()
            suite = fitted(
                suite, (v.metadata.uri for v in snapshot.documents() if snapshot.passages_of(v.id))
            )
            family = {c.id: c.family_id for c in suite.cases}
            scores = retrieval_scores(
                Retriever(bench.first.embedder, glossary()), snapshot, suite, _with(WEIGHTS, LEXICAL_WEIGHT)
            )
            yield choose(f"lexical weight ({name})", "RR@10", scores, family, LEXICAL_WEIGHT)
            if name == "clapnq":
                with tempfile.TemporaryDirectory() as folder:
                    run(bench.make, suite, Path(folder), source="third_party", workers=workers, done=done)
                    results = read_results(Path(folder))
                threshold = calibration().threshold
                answerable = {r.case.id: r.case.answerable for r in results}
                yield choose(
                    "abstention threshold (clapnq)", "treated rightly",
                    abstention_scores(results, _with(THRESHOLDS, threshold)), family, threshold, pick=covering(answerable),
                )  # fmt: skip


def _with(values: tuple[float, ...], current: float) -> tuple[float, ...]:
    return tuple(sorted({*values, current}))


def part_of(suite: Suite, most: int | None) -> Suite:
    """A part of a suite, drawn by a fixed seed: the first cases of a file are often of one kind."""
    if most is None or most >= len(suite.cases):
        return suite
    kept = sorted(random.Random(SEED).sample(range(len(suite.cases)), most))
    return suite.model_copy(update={"cases": tuple(suite.cases[n] for n in kept)})
