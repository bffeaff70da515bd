"""Why: asking is slow and needs models; scoring is neither. So asking is done once, in parallel, and stored;
a run that was stopped goes on where it stood.

Cases are asked in blocks, each by an assistant that remembers nothing of other blocks and keeps a ledger of
its own that is thrown away: what one case leaves in a cache cannot change another, whatever the number of
workers and wherever a run was cut off, so two runs are equal byte for byte; and the officers' ledger is not
filled with made-up questions (that a run was made is entered there once).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from evals.asking import ask
from evals.cases import Case, Suite
from evals.results import ABOUT, LATENCY, RESULTS, About, Latency, Result, write_lines, write_whole
from governance.store import Store

if TYPE_CHECKING:
    from assistant.app import Assistant
    from ingest.snapshot import Snapshot

BLOCK = 16
"""Cases of one block. Part of what a run is: another size may answer differently in the last digit."""
MAKER = Callable[[Store], "Assistant"]
"""Makes an assistant over a store of its own, sharing loaded models with the others."""


def generate(
    assistant: Assistant, suite: Suite, *, done: Callable[[int, int], None] = lambda _n, _of: None
) -> Iterator[tuple[Result, Latency]]:
    """Ask every case of a suite, one after the other, of one assistant."""
    snapshot = assistant.snapshots.current()
    for number, case in enumerate(suite.cases, start=1):
        yield ask(assistant, snapshot, case, case.as_of or suite.on)
        done(number, len(suite.cases))


def run(
    make: MAKER,
    suite: Suite,
    folder: Path,
    *,
    source: str = "packaged",
    released: bool = False,
    workers: int = 2,
    done: Callable[[int, int], None] = lambda _n, _of: None,
) -> About:
    """Ask a suite into a folder: ``results.jsonl``, ``latency.jsonl`` and, last of all, ``run.json``.

    What a stopped run of the same cases over the same guidance and configuration had finished is kept.
    ``done`` is called with the number of cases asked and their total. Raises ``CaseInvalid`` where a case
    does not fit the guidance, and whatever the assistant raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ABOUT).unlink(missing_ok=True)
    with stores(1) as one:
        about = describe(make(one.get()), suite, source=source, released=released)
    blocks = [suite.cases[at : at + BLOCK] for at in range(0, len(suite.cases), BLOCK)]
    parts = folder / "parts"
    parts.mkdir(exist_ok=True)
    kept: dict[int, Path] = {}
    waiting: list[int] = []
    for number, block in enumerate(blocks):
        path = parts / _name(about, block)
        kept[number] = path
        if not _finished(path):
            waiting.append(number)
    asked = sum(len(b) for n, b in enumerate(blocks) if n not in waiting)
    done(asked, about.cases)
    with stores(workers) as free, ThreadPoolExecutor(workers, thread_name_prefix="asking") as pool:
        running: dict[Future[None], int] = {
            pool.submit(_ask_block, make, free, suite, blocks[n], kept[n]): n for n in waiting
        }
        try:
            while running:
                ready, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ready:
                    future.result()
                    asked += len(blocks[running.pop(future)])
                    done(asked, about.cases)
        finally:
            for future in running:
                future.cancel()
    _gather([kept[n] for n in range(len(blocks))], folder)
    write_whole(folder / ABOUT, about.model_dump_json(indent=2) + "\n")
    shutil.rmtree(parts)
    return about


def describe(assistant: Assistant, suite: Suite, *, source: str, released: bool) -> About:
    """What a run of a suite by an assistant is a run of."""
    snapshot = assistant.snapshots.current()
    return About(
        suite=suite.name,
        source=source,
        on=suite.on,
        released=released,
        cases=len(suite.cases),
        snapshot=snapshot.root_hash,
        guidance=guidance_hash(snapshot),
        configuration=assistant.in_force()["Configuration"],
    )


def guidance_hash(snapshot: Snapshot) -> str:
    """Hash of the versions a snapshot holds: the same for any splitting and any embedder."""
    lines = sorted(f"{v.metadata.uri} {v.content_hash} {v.metadata}" for v in snapshot.documents())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@contextmanager
def stores(number: int) -> Iterator[SimpleQueue[Store]]:
    """Stores whose ledgers are thrown away, one for each worker.

    They are opened here, one after the other: migrations are not safe side by side in one process.
    """
    with tempfile.TemporaryDirectory(prefix="frontline-eval-") as folder:
        opened = [Store.open(f"sqlite:///{folder}/records-{n}.db") for n in range(number)]
        free: SimpleQueue[Store] = SimpleQueue()
        for store in opened:
            free.put(store)
        try:
            yield free
        finally:
            for store in opened:
                store.close()


def _ask_block(
    make: MAKER, free: SimpleQueue[Store], suite: Suite, cases: Sequence[Case], path: Path
) -> None:
    store = free.get()
    try:
        rows = list(generate(make(store), suite.model_copy(update={"cases": tuple(cases)})))
    finally:
        free.put(store)
    path.mkdir(exist_ok=True)
    # The results first: a block counts as finished by its latencies, which are written last.
    write_lines(path / RESULTS, [r for r, _ in rows])
    write_lines(path / LATENCY, [latency for _, latency in rows])


def _finished(path: Path) -> bool:
    return (path / LATENCY).is_file()


def _name(about: About, block: Sequence[Case]) -> str:
    of = [
        about.guidance,
        about.snapshot,
        about.configuration,
        about.on.isoformat(),
        *(c.sha256 for c in block),
    ]
    return hashlib.sha256("\n".join(of).encode()).hexdigest()[:24]


def _gather(parts: Sequence[Path], folder: Path) -> None:
    for name in (RESULTS, LATENCY):
        write_whole(folder / name, "".join((part / name).read_text(encoding="utf-8") for part in parts))
