"""Why: only the newest snapshots are kept on disk, and an older answer must still be explainable. Versions and passages stay in
the catalogue and vectors in Chroma, so an older state can be made again, and its root hash says whether it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from governance.errors import IndexDamaged
from ingest import snapshot_files
from ingest.catalogue import Catalogue
from ingest.embedder_files import EmbedderIdentity
from ingest.snapshot_files import Contents, contents_of
from ingest.vectors import VectorStore

TOLD = frozenset({"document.added", "document.changed", "document.removed", "document.failed"})
"""Types of records by which documents begin and end."""
History = Sequence[tuple[str, Mapping[str, Any]]]
"""What was recorded of documents until then, oldest first: type, one of ``TOLD``, and body."""


def contents_then(catalogue: Catalogue, history: History) -> Contents:
    """What the catalogue held when that much had happened; its root hash says whether it is what was published."""
    current: dict[tuple[str, str], str] = {}
    begun: set[str] = set()
    ended: set[str] = set()
    for type_, body in history:
        place = (str(body["source"]), str(body["path"]))
        before = current.pop(place, None)
        if before is not None:
            ended.add(before)
        if type_ in ("document.added", "document.changed"):
            current[place] = str(body["version"])
            begun.add(current[place])
            ended.discard(current[place])
    versions = [
        version if version.id in ended else replace(version, superseded_on=None, removed_on=None)
        for version in catalogue.versions()
        if version.id in begun
    ]
    return contents_of(catalogue, versions)


def build(
    folder: Path,
    what: Contents,
    catalogue: Catalogue,
    opened: Callable[[], VectorStore],
    identity: EmbedderIdentity,
) -> None:
    """Write a snapshot of this content to a folder, with vectors from where they are kept.

    Raises ``IndexDamaged`` where a vector is gone, and what opening the store raises.
    """
    vectors = opened()
    try:
        snapshot_files.fill(folder, what, catalogue, lambda: vectors, None, identity)
    except KeyError as error:
        raise IndexDamaged(
            "A vector of this state of the guidance is no longer kept.",
            do="Ingest again to make vectors anew.",
        ) from error
    finally:
        vectors.close()
