"""Why: a vector is the dearest thing here to make, so it is kept in Chroma under a key of what was embedded,
and is never made twice: not after a kill, not when a heading moves, not when a text comes back.

Telemetry is off, and vectors are always given: Chroma's own embedding function, which would download a
model, is never used. Searches do not read Chroma; see ingest/snapshot.py and docs/adr/0002.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from governance.errors import VectorsUnreachable
from ingest.embedder_files import EmbedderIdentity

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 1000
"""Ids in one call: below SQLite's limit on variables, which Chroma runs into."""


def vector_key(identity: EmbedderIdentity, indexed_text: str) -> str:
    """SHA-256 over the embedder and the exact text embedded."""
    return hashlib.sha256(f"{identity.key}\0{indexed_text}".encode()).hexdigest()


class VectorStore:
    """Vectors of one embedder in a Chroma collection of a data directory."""

    def __init__(self, client: Any, identity: EmbedderIdentity, owner: str = "") -> None:
        self._client = client
        self.identity = identity
        self._then: list[Callable[[], object]] = []
        self._collection = client.get_or_create_collection(
            f"vectors-{identity.key}{owner}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
        self._dimensions = identity.dimensions

    @classmethod
    def open(cls, data_dir: Path, identity: EmbedderIdentity, url: str = "") -> VectorStore:
        """Open or create the collection for this embedder: in the data directory, or on the Chroma server at a url.

        Raises ``VectorsUnreachable`` where the server does not answer.
        """
        import chromadb
        from chromadb.config import Settings

        if not url:
            settings = Settings(anonymized_telemetry=False, is_persistent=True)
            return cls(chromadb.PersistentClient(path=str(data_dir / "chroma"), settings=settings), identity)
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        with _reachable(url):
            client = chromadb.HttpClient(
                host=parts.hostname or "", port=parts.port or (443 if secure else 80), ssl=secure,
                settings=Settings(anonymized_telemetry=False),
            )  # fmt: skip
            return cls(client, identity, f"-{_owner(data_dir)}")

    def close(self) -> None:
        """Let go of the store. Chroma keeps one system a path in a process; one that met a full disk must not stay."""
        session = getattr(getattr(self._client, "_server", None), "_session", None)
        self._client.close()
        if session is not None:
            session.close()  # Chroma's client for a server leaves its sockets open (1.5)
        for then in self._then:
            then()

    def on_close(self, then: Callable[[], object]) -> None:
        """Have something done when the store has been closed."""
        self._then.append(then)

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those keys that have no vector yet, in order, each once."""
        wanted = list(dict.fromkeys(keys))
        known: set[str] = set()
        for part in _parts(wanted):
            known.update(self._collection.get(ids=part, include=[])["ids"])
        return [key for key in wanted if key not in known]

    def add(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors under their keys."""
        for start in range(0, len(keys), BATCH):
            part = list(keys[start : start + BATCH])
            with _full_disk():
                self._collection.upsert(ids=part, embeddings=vectors[start : start + len(part)])

    def get(self, keys: Sequence[str]) -> NDArray[np.float32]:
        """Vectors in the order of their keys. Raises KeyError, naming a key that has none."""
        rows: dict[str, Any] = {}
        for part in _parts(list(dict.fromkeys(keys))):
            found = self._collection.get(ids=part, include=["embeddings"])
            rows.update(zip(found["ids"], found["embeddings"], strict=True))
        out = np.empty((len(keys), self._dimensions), dtype=np.float32)
        for n, key in enumerate(keys):
            out[n] = rows[key]
        return out

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    def keys(self) -> Iterator[str]:
        """Every key, a page at a time."""
        start = 0
        while ids := self._collection.get(include=[], limit=BATCH, offset=start)["ids"]:
            yield from ids
            start += len(ids)

    def delete(self, keys: Sequence[str]) -> None:
        """Forget vectors. What was deleted stays on disk until the store is rebuilt elsewhere."""
        for part in _parts(list(keys)):
            self._collection.delete(ids=part)


def _owner(data_dir: Path) -> str:
    """A name for a data directory on a server that others may use too: it lets go of its own vectors only."""
    file = data_dir / "chroma-owner"
    if not file.is_file():
        data_dir.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_hex(8), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


@contextlib.contextmanager
def _reachable(url: str) -> Iterator[None]:
    """Say of a server that does not answer which one it is."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (httpx.HTTPError, ChromaError, ValueError) as error:
        raise VectorsUnreachable(
            f"The Chroma server at {url} does not answer as one: {error}.",
            do="Start it (`chroma run`), or mend the setting chroma_url.",
        ) from error


@contextlib.contextmanager
def _full_disk() -> Iterator[None]:
    """Say of a full disk what the operating system would, which callers know how to report."""
    from chromadb.errors import InternalError

    try:
        yield
    except InternalError as error:
        if "disk is full" in str(error) or "No space left" in str(error):
            raise OSError(errno.ENOSPC, "No space left on device", "chroma") from error
        raise


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
