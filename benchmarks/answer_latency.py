"""Prints how long a whole governed answer takes beside a bare similarity search over the same passages and weights.

    python benchmarks/answer_latency.py --data-dir FOLDER [--rounds 3] [--out docs/latency.json]

FOLDER holds an ingested snapshot (``frontline ingest --sample``). The peer is LangChain's Chroma store with its
sentence-transformers embeddings of the same model (torch, fp32), as its tutorial puts them together: one embedding and
one search, nothing redacted, checked or recorded. A second line gives the peer our own int8 embedder. Questions are
asked in turn, ours and the peers' interleaved, so that a noisy minute falls on all; only the ratios mean anything.
``--out`` keeps the figures as a document, which ``frontline eval quality`` gives with its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.app import build
from assistant.settings import Settings

OURS, PEER, PEER_INT8 = "governed answer", "similarity_search, torch", "similarity_search, our int8"
CASES = Path(__file__).resolve().parent.parent / "evals" / "suites" / "sample" / "cases.jsonl"


class Ours:
    """Our embedder in the form that LangChain takes."""

    def __init__(self, embedder: Any) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed_array(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)  # type: ignore[no-any-return]


class Torch:
    """The model of the tutorial: sentence-transformers on torch."""

    def __init__(self, path: Path, threads: int) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        self._model = SentenceTransformer(str(path), device="cpu", local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._model.encode(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self._model.encode(text).tolist()  # type: ignore[no-any-return]


def store(embeddings: Any, texts: list[str], folder: Path) -> Any:
    """A LangChain Chroma store of some texts."""
    from langchain_chroma import Chroma

    made = Chroma("bench", embeddings, persist_directory=str(folder))
    for at in range(0, len(texts), 1_000):
        made.add_texts(texts[at : at + 1_000])
    return made


def timed(act: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def kept(p50: dict[str, float], questions: int, rounds: int, passages: int) -> dict[str, object]:
    """The figures as they are kept: ours, the peer's, and how many times the one is of the other."""
    ours, peer = p50[OURS], p50[PEER]
    return {
        "ours_p50_ms": round(ours, 1),
        "peer_p50_ms": round(peer, 1),
        "ratio": round(ours / peer, 2),
        "int8_peer_p50_ms": round(p50[PEER_INT8], 1),
        "peer": "LangChain Chroma similarity_search, k=4, all-MiniLM-L6-v2 by sentence-transformers (torch, fp32)",
        "questions": questions,
        "rounds": rounds,
        "passages": passages,
        "command": f"python benchmarks/answer_latency.py --data-dir FOLDER --rounds {rounds} --out docs/latency.json",
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--out", type=Path, help="Keep the figures in this JSON file.")
    given = parser.parse_args()
    settings = Settings.load(data_dir=given.data_dir)
    assistant = build(settings)
    assistant.warm()
    snapshot = assistant.snapshots.current()
    texts = [p.indexed_text for v in snapshot.documents() for p in snapshot.passages_of(v.id)]
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    questions = [c["question"] for c in cases if c["answerable"] and not c.get("before")][: given.questions]

    with tempfile.TemporaryDirectory() as folder:
        torch = store(Torch(settings.model_path("minilm"), settings.threads), texts, Path(folder) / "t")
        ours = store(Ours(assistant.embedder), texts, Path(folder) / "o")
        taken: dict[str, list[float]] = defaultdict(list)
        stages: dict[str, list[float]] = defaultdict(list)

        def answer(question: str) -> None:
            assistant.ask(
                question, nation="england", on_stage=lambda s: stages[s.name].append(s.milliseconds)
            )

        for number in range(given.rounds + 1):
            if number == 1:  # the first round warms every one of them
                taken.clear(), stages.clear()
            for question in questions:
                taken[PEER].append(timed(lambda q=question: torch.similarity_search(q, k=4)))
                taken[PEER_INT8].append(timed(lambda q=question: ours.similarity_search(q, k=4)))
                taken[OURS].append(timed(lambda q=question: answer(q)))

    p50 = {name: statistics.median(values) for name, values in taken.items()}
    for name, values in taken.items():
        print(
            f"{name:<30} p50 {p50[name]:7.1f} ms   p95 {statistics.quantiles(values, n=20)[-1]:7.1f} ms   n {len(values)}"
        )
    for peer in (PEER, PEER_INT8):
        print(f"{OURS} / {peer}: {p50[OURS] / p50[peer]:.2f}")
    print("stages, p50 ms: " + ", ".join(f"{n} {statistics.median(v):.1f}" for n, v in stages.items()))
    if given.out:
        figures = kept(p50, len(questions), given.rounds, len(texts))
        given.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    assistant.close()


if __name__ == "__main__":
    main()
