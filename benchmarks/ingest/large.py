"""Takes in a large collection of short passages, then asks it: peak memory of the ingest, time and memory of a search.

Passages are one or two sentences (about 40 words) under a heading, fifty to a document, each with a number of its own,
so that no two are the same; a passage of full size costs five times as long to embed and is kept and searched as this
one is. The embedder hashes words into vectors as long as MiniLM's, unless ``--embedder own`` asks for the product's:
what is measured (memory but for some 150 MB of the model, and a search over so many rows) does not depend on it.

    python benchmarks/ingest/large.py --passages 200000 --keep FOLDER       # ingest, then search
    python benchmarks/ingest/large.py --search FOLDER                       # search alone, on a quiet machine
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(HERE)]

import corpus  # noqa: E402

from assistant.ingestion import embedder_for, token_counter  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from ingest.documents import Filter  # noqa: E402
from ingest.snapshot import SnapshotReader  # noqa: E402
from ingest.sources import Folder  # noqa: E402
from ingest.sync import Ingestor  # noqa: E402
from tests.fakes import CountingEmbedder  # noqa: E402

A_DOCUMENT = 50
WORDS = 40
QUESTIONS = 200
DEPTH = 50
"""Passages that each half of a search returns, as a question asks for."""


class Hashing(CountingEmbedder):
    """Vectors of MiniLM's length from words, without keeping what was embedded."""

    dimensions = 384

    def embed_array(self, texts: Sequence[str]) -> Any:
        """Vectors of texts."""
        self.embedded.clear()
        return super().embed_array(texts)


def write(folder: Path, passages: int) -> None:
    """Write the collection: a heading and some forty words for each passage."""
    folder.mkdir(parents=True)
    said = [text for text in corpus.paragraphs() if len(text.split()) >= WORDS]
    for first in range(0, passages, A_DOCUMENT):
        lines = [f"# Collection {first // A_DOCUMENT}"]
        for n in range(first, min(first + A_DOCUMENT, passages)):
            words = " ".join(said[n % len(said)].split()[:WORDS]).rstrip(".,;:")
            lines += [f"## Rule {n}", f"{words}. It is rule {n} of turn {n // len(said)}."]
        (folder / f"d{first:07}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def take_in(folder: Path, data: Path, embedder: str) -> dict[str, Any]:
    """Ingest it in this process."""
    settings = Settings.load(data_dir=data)
    made = Hashing() if embedder == "words" else embedder_for(settings)
    began = time.perf_counter()
    report = Ingestor(data, made, tokens=token_counter(settings)).run(Folder(folder, name="large"))
    return {
        "passages": report.passages, "failed": len(report.failed), "seconds": round(time.perf_counter() - began, 1),
        "peak_mb": _peak(resource.RUSAGE_SELF), "peak_of_a_reader_mb": _peak(resource.RUSAGE_CHILDREN),
    }  # fmt: skip


def search(data: Path, embedder: str) -> dict[str, Any]:
    """Open it and ask questions, each of both halves of a search; milliseconds each, and memory."""
    settings = Settings.load(data_dir=data)
    made = Hashing() if embedder == "words" else embedder_for(settings)
    opened = time.perf_counter()
    snapshot = SnapshotReader.open(data, made.identity).current()
    opened = time.perf_counter() - opened
    asked = [" ".join(text.split()[:12]) for text in corpus.paragraphs()[:QUESTIONS]]
    made.embed_array(asked[:1])
    snapshot.dense(made.embed_array(asked[:1])[0].tolist(), DEPTH, Filter())
    took: dict[str, list[float]] = {"vector": [], "dense": [], "lexical": [], "passages": [], "search": []}
    for question in asked:
        times = [time.perf_counter()]
        vector = made.embed_array([question])[0].tolist()
        times.append(time.perf_counter())
        near = snapshot.dense(vector, DEPTH, Filter())
        times.append(time.perf_counter())
        shared = snapshot.lexical(question, DEPTH, Filter())
        times.append(time.perf_counter())
        snapshot.passages_by_id({key for key, _ in (*near, *shared)})
        times.append(time.perf_counter())
        for name, at in zip(took, range(4), strict=False):
            took[name].append(1000 * (times[at + 1] - times[at]))
        took["search"].append(1000 * (times[-1] - times[0]))
    ms = {name: {"p50": _at(each, 0.5), "p95": _at(each, 0.95)} for name, each in took.items()}
    return {
        "passages": snapshot.passages, "open_seconds": round(opened, 2), "ms": ms,
        "peak_mb": _peak(resource.RUSAGE_SELF), "of_it_mapped_from_disk_mb": _mapped(),
    }  # fmt: skip


def _at(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 1)


def _peak(whose: int) -> float:
    return round(resource.getrusage(whose).ru_maxrss / 1024, 1)


def _mapped() -> float:
    """Memory that is a view of files, which the system takes back when it needs it (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("RssFile")) / 1024, 1)


def _part(step: str, folder: Path, embedder: str) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__)), f"--{step}", str(folder), "--embedder", embedder]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
    made: dict[str, Any] = json.loads(said.stdout.strip().splitlines()[-1])
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--embedder", choices=("own", "words"), default="words")
    parser.add_argument("--keep", type=Path, help="Where the collection and its index are made and left.")
    parser.add_argument("--search", type=Path, help="Only search what --keep left.")
    parser.add_argument("--take-in", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.take_in:
        print(json.dumps(take_in(given.take_in / "texts", given.take_in / "data", given.embedder)))
    elif given.search:
        print(json.dumps(search(given.search / "data", given.embedder)))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            place = given.keep or Path(scratch) / "large"
            write(place / "texts", given.passages)
            print(json.dumps({"ingest": _part("take-in", place, given.embedder)}), flush=True)
            print(json.dumps({"search": _part("search", place, given.embedder)}))
