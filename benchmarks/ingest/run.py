"""Ingestion against plain LangChain and LlamaIndex pipelines: same texts, same MiniLM weights, one run, medians.

    python -m venv PEERS && PEERS/bin/python -m pip install --no-deps -r benchmarks/ingest/peers.txt
    python benchmarks/ingest/run.py --peers PEERS/bin/python --passages 3000 --rounds 5

The project's own environment is lent to the peers through ``PYTHONPATH``, so that torch, transformers and Chroma are the
same. ``--first`` times the first ingest alone, beside LangChain alone: most of an hour goes to the rest. Contenders take
turns within a round; each is a process of its own, timed whole, with its peak memory (that of
its children with it). What is printed: passages a second of the work alone (from when libraries and model are loaded),
seconds of the whole process, and ratios. Each contender cuts the texts in its own way, ours into the fewest and longest
passages, so the ratio to hold to is of the seconds that the same texts take; that of passages a second stands beside it.
``frontline-nameless`` is ours without the look for claimants' names.
Texts come from ``corpus.py``; the models must be installed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
MODELS = Path(os.environ.get("FRONTLINE_MODELS_DIR", CACHE / "frontline" / "models"))
CONTENDERS = ("frontline", "frontline-nameless", "langchain", "llamaindex")
STEPS = ("first", "unchanged", "changed")


def main() -> None:
    """Run every contender in turn and print the medians as a table and as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True, help="Python of the peers' environment")
    parser.add_argument("--passages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--first", action="store_true", help="The first ingest alone, beside LangChain alone."
    )
    given = parser.parse_args()
    sys.path.insert(0, str(HERE))
    import corpus

    contenders = CONTENDERS[:-1] if given.first else CONTENDERS
    steps = STEPS[:1] if given.first else STEPS
    found: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        texts = Path(scratch) / "texts"
        corpus.write(texts, given.passages)
        for turn in range(given.rounds):
            now = Path(scratch) / f"now{turn}"
            shutil.copytree(texts, now)
            for step in steps:
                if step == "changed":
                    corpus.change(now, 0.01)
                for who in contenders:
                    work = Path(scratch) / f"{who}{turn}"
                    if who == "frontline-nameless" and step != "first":
                        continue
                    python = Path(sys.executable) if who.startswith("frontline") else given.peers
                    found[who, step].append(_one(python, who, step, now, work))
                    print(
                        json.dumps({"round": turn, "who": who, "step": step, **found[who, step][-1]}),
                        file=sys.stderr,
                    )
            for who in contenders:
                shutil.rmtree(Path(scratch) / f"{who}{turn}")
            shutil.rmtree(now)
    _print(found)


def _one(python: Path, who: str, step: str, texts: Path, work: Path) -> dict[str, float]:
    before = time.perf_counter()
    path = os.pathsep.join((str(ROOT), sysconfig.get_paths()["purelib"]))
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "FRONTLINE_MODELS_DIR": str(MODELS),
        "HF_HUB_OFFLINE": "1",
    }
    command = [
        str(python),
        str(HERE / "contender.py"),
        who,
        step,
        str(texts),
        str(work),
        str(MODELS / "minilm"),
    ]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{who} failed at {step}")
    made: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    made["process_seconds"] = round(time.perf_counter() - before, 2)
    return made


def _print(found: dict[tuple[str, str], list[dict[str, float]]]) -> None:
    def median(who: str, step: str, field: str) -> float:
        return statistics.median(row[field] for row in found[who, step])

    rows: dict[str, Any] = {}
    for who in dict.fromkeys(who for who, _ in found):
        rows[who] = {
            "passages_a_second": round(median(who, "first", "passages") / median(who, "first", "seconds"), 1),
            "peak_mb": median(who, "first", "peak_mb"),
            "seconds": median(who, "first", "seconds"),
            "passages": median(who, "first", "passages"),
            **{
                f"{step}_process_seconds": median(who, step, "process_seconds")
                for step in STEPS
                if found[who, step]
            },
            **{f"{step}_embedded": median(who, step, "embedded") for step in STEPS if found[who, step]},
        }
    ours, chain, index = rows["frontline"], rows["langchain"], rows.get("llamaindex")
    nameless = rows["frontline-nameless"]
    ratios = {
        "the same texts, times as fast as LangChain (at least 2)": chain["seconds"] / ours["seconds"],
        "the same, without the look for names (at least 2.5)": chain["seconds"] / nameless["seconds"],
        "passages a second, each by its own cut, of LangChain's": ours["passages_a_second"] / chain["passages_a_second"],
        "peak memory, of LangChain's (at most 1)": ours["peak_mb"] / chain["peak_mb"],
    }  # fmt: skip
    if index:
        ratios |= {
            "unchanged, of LlamaIndex's process (at most 0.25)": ours["unchanged_process_seconds"] / index["unchanged_process_seconds"],
            "1 % changed, of LangChain's process (at most 0.5)": ours["changed_process_seconds"] / chain["changed_process_seconds"],
        }  # fmt: skip
    print(json.dumps({"medians": rows, "ratios": {k: round(v, 3) for k, v in ratios.items()}}, indent=2))


def peak_mb() -> float:
    """Peak memory of this process and, beside it, of its largest child, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024, 1)


if __name__ == "__main__":
    main()
