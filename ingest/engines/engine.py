"""What a run asks of whatever does its heavy work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Any, Protocol

import numpy as np

from ingest.embedder_files import EmbedderIdentity
from ingest.reading import Job, Place, Reading

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Embeds(Protocol):
    """What ingestion needs of an embedder."""

    identity: EmbedderIdentity
    truncated: int

    def embed_array(self, texts: list[str]) -> Vectors:
        """Unit vectors, one a row."""
        ...

    def token_count(self, text: str) -> int:
        """Tokens by the model's own tokeniser."""
        ...


class Engine(Protocol):
    """Reads files and embeds passages, ahead of the run that asks for them."""

    @property
    def truncated(self) -> int:
        """Texts so far that were longer than the embedder reads."""
        ...

    def read(self, place: Place, jobs: Iterable[Job]) -> Iterator[Reading]:
        """Readings in the order of their jobs; a few jobs are taken ahead, never all of them."""
        ...

    def embed(self, texts: list[str]) -> Future[Vectors]:
        """Begin to embed a batch. The same batch has the same vectors whichever engine it is given to."""
        ...

    def close(self) -> None:
        """Stop what was begun and let everything go."""
        ...
