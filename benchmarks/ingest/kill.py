"""Kills an ingest at random points and checks what the next run makes of it. Prints one line of JSON.

Each round changes some documents, starts a run in a process of its own, kills it (SIGKILL) after a random time, and
goes on; the last run is left alone. A log outside the data directory holds the key of every vector at the moment it
was kept: no key may be there twice. Vectors at the embedder when the kill comes are lost, and are counted as such.
Embeds by hashing words, so that the hundred rounds take minutes: what is tested is the sync, not the model.

    python benchmarks/ingest/kill.py --kills 100
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from ingest.catalogue import Catalogue  # noqa: E402
from ingest.reconcile import reconcile  # noqa: E402
from ingest.sources import Folder  # noqa: E402
from ingest.sync import Ingestor  # noqa: E402
from ingest.vectors import VectorStore  # noqa: E402
from tests.fakes import CountingEmbedder  # noqa: E402

DOCUMENTS = 60


@dataclass(frozen=True)
class Done:
    """What a hundred kills left."""

    kills: int
    seconds: float
    kept: int
    """Vectors kept in all runs."""
    made_again: int
    """Vectors kept more than once; must be 0."""
    differences: int
    """What reconcile names after the last run; must be 0."""
    documents: int
    expected: int
    audit: str = "every document in force says what its file says"


def kills(folder: Path, number: int, *, seed: int = 1) -> Done:
    """Do it. Raises ``CalledProcessError`` where the run that is left alone fails."""
    chance = random.Random(seed)
    source, data, log = folder / "guidance", folder / "data", folder / "kept.log"
    source.mkdir()
    for n in range(DOCUMENTS):
        _write(source, n, 0)
    began = time.perf_counter()
    longest = _run(folder) * 1.1  # the first run, whole: how long one takes here
    killed = 0
    for turn in range(1, number + 1):
        for n in chance.sample(range(DOCUMENTS), 12):
            _write(source, n, turn)
        if turn % 5 == 0:
            (source / f"d{chance.randrange(DOCUMENTS)}.md").unlink(missing_ok=True)
        running = subprocess.Popen(_command(folder), cwd=ROOT, env=_environment())
        time.sleep(chance.uniform(0, longest))
        running.send_signal(signal.SIGKILL)
        running.wait()
        killed += 1
    _run(folder)
    keys = log.read_text(encoding="ascii").split()
    with contextlib.closing(Catalogue.open(data)) as catalogue:
        vectors = VectorStore.open(data, CountingEmbedder().identity)
        with contextlib.closing(vectors):
            differences = reconcile(data, catalogue, vectors, [Folder(source, name="folder")])
        standing = sum(row.version_id is not None for row in catalogue.files("folder").values())
    return Done(
        killed, round(time.perf_counter() - began, 1), len(keys), len(keys) - len(set(keys)), len(differences),
        standing, len(list(source.glob("*.md"))),
    )  # fmt: skip


class LoggedVectors(VectorStore):
    """Writes down the key of every vector once it has been kept."""

    log: Path

    def add(self, keys: Any, vectors: Any) -> None:
        """Keep them, then say so. A kill in between loses the line, never the vector."""
        super().add(keys, vectors)
        with self.log.open("a", encoding="ascii") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())


def work(folder: Path) -> None:
    """One run, in the process that is to be killed."""
    embedder = CountingEmbedder()

    def vectors() -> VectorStore:
        store = LoggedVectors.open(folder / "data", embedder.identity)
        store.log = folder / "kept.log"  # type: ignore[attr-defined]
        return store

    ingestor = Ingestor(folder / "data", embedder, tokens=lambda text: len(text.split()), vectors=vectors)
    report = ingestor.run(Folder(folder / "guidance", name="folder"))
    if report.failed:
        raise SystemExit(f"not taken in: {report.failed}")


def _write(folder: Path, n: int, turn: int) -> None:
    parts = "\n\n".join(
        f"## Part {p}\n\n" + " ".join(f"Rule {n}.{p}.{s} of turn {turn} is applied weekly." for s in range(9))
        for p in range(6)
    )
    (folder / f"d{n}.md").write_text(
        f"---\ntitle: d{n}\nuri: test:d{n}\n---\n# d{n}\n\n{parts}\n", encoding="utf-8"
    )


def _run(folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(_command(folder), cwd=ROOT, env=_environment(), check=True)
    return time.perf_counter() - began


def _command(folder: Path) -> list[str]:
    return [sys.executable, str(Path(__file__)), "--work", str(folder)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            print(json.dumps(asdict(kills(Path(scratch), given.kills, seed=given.seed))))
