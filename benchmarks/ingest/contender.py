"""One contender's one step, in a process of its own; prints one line of JSON. See ``run.py``.

``seconds`` begins when libraries are imported and the embedder is loaded, for every contender alike (each would do so
once for any number of documents); the whole process is timed outside. An unchanged source loads no embedder of ours.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

TOKENS = 180
"""Tokens (cl100k_base) a passage is filled to, for everyone."""

NAMES = True
"""Whether our door looks for claimants' names."""


def frontline(texts: Path, work: Path, _model: Path) -> dict[str, Any]:
    """The product's own ingest, ledger and every check at the door included."""
    from assistant.governing import open_ledger
    from assistant.ingestion import embedder_for, ingestor_for
    from assistant.settings import Settings
    from ingest.sources import Folder

    settings = Settings.load(data_dir=work)
    embedder = embedder_for(settings)
    if not work.exists():
        import chromadb  # noqa: F401  - as the others', before the clock starts

        embedder.warm()
    if not NAMES:
        _without_names()
    with open_ledger(settings) as ledger:
        began = time.perf_counter()
        report = ingestor_for(settings, ledger, embedder=embedder).run(Folder(texts, name="texts"))
    return {"passages": report.passages, "embedded": report.embedded, "seconds": time.perf_counter() - began}


def langchain(texts: Path, work: Path, model: Path) -> dict[str, Any]:
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings, langchain-chroma, and index() with a record manager."""
    from langchain_chroma import Chroma
    from langchain_classic.indexes import SQLRecordManager
    from langchain_core.documents import Document
    from langchain_core.indexing import index
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    _tiktoken(model)
    work.mkdir(exist_ok=True)
    counted = Counting(HuggingFaceEmbeddings(model_name=str(model)))
    began = time.perf_counter()
    store = Chroma("texts", embedding_function=counted, persist_directory=str(work / "chroma"))  # type: ignore[arg-type]
    manager = SQLRecordManager("texts", db_url=f"sqlite:///{work / 'records.db'}")
    manager.create_schema()
    cut = RecursiveCharacterTextSplitter.from_tiktoken_encoder(
        "cl100k_base", chunk_size=TOKENS, chunk_overlap=0
    )
    pages = [Document(f.read_text("utf-8"), metadata={"source": f.name}) for f in sorted(texts.glob("*.md"))]
    parts = cut.split_documents(pages)
    index(parts, manager, store, cleanup="incremental", source_id_key="source", key_encoder="sha256")
    return {"passages": len(parts), "embedded": counted.texts, "seconds": time.perf_counter() - began}


def llamaindex(texts: Path, work: Path, model: Path) -> dict[str, Any]:
    """IngestionPipeline with a docstore, SentenceSplitter, HuggingFaceEmbedding and Chroma."""
    import chromadb
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.ingestion.pipeline import DocstoreStrategy
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import Document
    from llama_index.core.storage.docstore import SimpleDocumentStore
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    _tiktoken(model)
    work.mkdir(exist_ok=True)
    kept = work / "docstore.json"
    model_of_it = HuggingFaceEmbedding(model_name=str(model))
    began = time.perf_counter()
    collection = chromadb.PersistentClient(str(work / "chroma")).get_or_create_collection("texts")
    docstore = SimpleDocumentStore.from_persist_path(str(kept)) if kept.exists() else SimpleDocumentStore()
    pipeline = IngestionPipeline(
        transformations=[
            SentenceSplitter(chunk_size=TOKENS, chunk_overlap=0, include_metadata=False),
            model_of_it,
        ],
        docstore=docstore, docstore_strategy=DocstoreStrategy.UPSERTS,
        vector_store=ChromaVectorStore(chroma_collection=collection),
    )  # fmt: skip
    files = sorted(texts.glob("*.md"))
    made = pipeline.run(documents=[Document(text=f.read_text("utf-8"), id_=f.name) for f in files])
    docstore.persist(str(kept))
    return {"passages": collection.count(), "embedded": len(made), "seconds": time.perf_counter() - began}


def _without_names() -> None:
    """Switch off the look for claimants' names at the door."""
    import re

    from ingest.quarantine import personal

    personal._CLAIMANT = re.compile(r"(?!)")


class Counting:
    """An embedder that counts what it is asked for."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.texts = 0

    def embed_documents(self, texts: list[str]) -> Any:
        """Vectors of texts."""
        self.texts += len(texts)
        return self.inner.embed_documents(texts)

    def embed_query(self, text: str) -> Any:
        """Vector of one text."""
        return self.inner.embed_query(text)


def _tiktoken(model: Path) -> None:
    import os

    os.environ["TIKTOKEN_CACHE_DIR"] = str(model.parent / "tiktoken")


if __name__ == "__main__":
    who, step, texts, work, model = sys.argv[1:]
    who, _, without = who.partition("-")
    NAMES = without != "nameless"
    from run import peak_mb

    made = globals()[who](Path(texts), Path(work), Path(model))
    print(json.dumps({**made, "seconds": round(made["seconds"], 3), "peak_mb": peak_mb()}))
