"""How long the ledger takes when it is large: to append, to verify everything, to prove one entry.

    python -m benchmarks.ledger [--entries 100000] [--url sqlite:////tmp/x/governance.db]

Entries are filled like those of answers: a body of about 3,600 characters, much of it candidates. They are added in
transactions of 500, because it is the tree that is measured and not the disk; the cost of a commit is measured
apart, on single appends. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from governance.ledger import Ledger, Signer
from governance.store import Store

BATCH = 500


def main() -> None:
    """Fill a ledger, time it, print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--url", help="default: a new SQLite file in the temporary folder")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(given.url or f"sqlite:///{folder}/governance.db")
        ledger = Ledger(store, signer=Signer.at(Path(folder) / "keys" / "ledger.pem"))
        print(json.dumps(measure(store, ledger, given.entries), indent=2))
        store.close()


def measure(store: Store, ledger: Ledger, entries: int) -> dict[str, Any]:
    """Figures of one ledger, filled to ``entries``."""
    chance = random.Random(7)
    began = time.perf_counter()
    slices = []
    while (size := ledger.size()) < entries:
        since = time.perf_counter()
        with store.write() as connection:
            for n in range(size, min(size + BATCH, entries)):
                ledger.append("answer", body(n), actor="p1", subject=f"a{n}", connection=connection)
        slices.append((time.perf_counter() - since) / BATCH)
    filled = time.perf_counter() - began
    worked = time.process_time()
    whole, verification = timed(ledger.verify)
    worked = time.process_time() - worked
    if not verification.ok:
        raise SystemExit(f"The ledger does not verify: {verification.problems[:3]}")
    note = ledger.checkpoint()
    indices = [chance.randrange(entries) for _ in range(200)]
    return {
        "database": store.dialect,
        "entries": entries,
        "bytes_an_entry": len(ledger.entry(0).data),
        "append_in_a_batch_ms": {
            "first_slice": ms(slices[0]), "last_slice": ms(slices[-1]), "all": ms(filled / entries)
        },
        "append_and_commit_ms": spread(lambda: ledger.append("answer", body(0), actor="p1"), 200),
        "verify_everything_s": {"wall": round(whole, 2), "processor": round(worked, 2)},
        "inclusion_proof_ms": spread(lambda: ledger.inclusion_proof(indices.pop(), entries), 200),
        "exported_proof_ms": spread(lambda: ledger.prove(chance.randrange(entries), checkpoint=note), 200),
        "consistency_proof_ms": spread(lambda: ledger.consistency_proof(chance.randrange(1, entries), entries), 200),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def body(n: int) -> dict[str, Any]:
    """What an answer's entry holds, in kind and size."""
    return {
        "form": 1, "identity": {"answer_id": f"a{n}", "code_version": "0.1.0", "configuration_hash": "0" * 64},
        "input": {"question": "What is the standard allowance for a couple, one of them under 25?", "redactions": []},
        "retrieval": {
            "snapshot_id": "s1", "root_hash": "0" * 64,
            "candidates": [
                {"passage_id": f"p{rank:024x}", "version_id": f"v{n:024x}", "title": "Universal Credit: what you get",
                 "rank": rank, "dense": 0.731 - rank / 100, "lexical": 12.5 - rank, "score": 1 / (60 + rank),
                 "used": rank < 3, "reason": "Not as close to the question as those that were used."}
                for rank in range(12)
            ],
        },
        "answer": {"outcome": "answered", "sentences": [{"text": "£497.55 if one or both of you are over 25"}]},
    }  # fmt: skip


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that something took, and what it gave."""
    since = time.perf_counter()
    result = work()
    return time.perf_counter() - since, result


def spread(work: Callable[[], Any], times: int) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    took = sorted(timed(work)[0] for _ in range(times))
    return {"median": ms(statistics.median(took)), "p95": ms(took[int(0.95 * times)])}


def ms(seconds: float) -> float:
    """Milliseconds, to three places."""
    return round(seconds * 1000, 3)


if __name__ == "__main__":
    main()
